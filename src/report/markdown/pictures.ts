import type { Picture } from '../document.ts'

/** Pictures of a document on their way into files. */
export interface PictureFiles {
  readonly files: ReadonlyMap<string, Uint8Array>
  /** @returns the path of a file that has the picture: one that is shown twice is kept once */
  add(picture: Picture, name: string): string
}

/** Collects pictures under names that no two share. */
export function pictureFiles(): PictureFiles {
  const files = new Map<string, Uint8Array>()
  const paths = new Map<string | Uint8Array, string>()
  return {
    files,
    add(picture, name) {
      const content = 'svg' in picture ? picture.svg : picture.png
      const known = paths.get(content)
      if (known !== undefined) return known
      const safe = name.replace(/^(fig|tab):/, '').replace(/[^\p{Letter}\p{Number}._-]+/gu, '-')
      const type = 'svg' in picture ? 'svg' : 'png'
      let path = `figures/${safe}.${type}`
      for (let i = 2; files.has(path); i += 1) path = `figures/${safe}-${i}.${type}`
      files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content)
      paths.set(content, path)
      return path
    },
  }
}
