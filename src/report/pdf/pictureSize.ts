import { UsageError } from '../../errors.ts'
import type { Picture } from '../document.ts'

/** Where a PNG keeps its width and height (PNG specification, section 11.2.2: IHDR is the first chunk). */
const [WIDTH, HEIGHT] = [16, 20]

/**
 * Width and height of a picture, in pixels of a screen.
 *
 * @throws UsageError for an SVG that does not say its size
 */
export function pictureSize(picture: Picture): { readonly width: number; readonly height: number } {
  if ('png' in picture) {
    const { png } = picture
    const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
    const [width, height] = [view.getUint32(WIDTH), view.getUint32(HEIGHT)]
    return picture.width === undefined
      ? { width, height }
      : { width: picture.width, height: (height * picture.width) / width }
  }
  const [head = ''] = /<svg[^>]*>/.exec(picture.svg) ?? []
  const [width, height] = ['width', 'height'].map((name) =>
    Number(new RegExp(` ${name}="([\\d.]+)(?:px)?"`).exec(head)?.[1]),
  )
  if (!width || !height)
    throw new UsageError(
      `the picture "${picture.alt.slice(0, 60)}" does not say how large it is: give its <svg> a width and a height`,
    )
  return { width, height }
}
