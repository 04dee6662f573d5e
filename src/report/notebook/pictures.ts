import { toPng } from '../../figures/index.ts'
import type { Picture } from '../document.ts'
import { pictureSize } from '../pdf/pictureSize.ts'

/** Pixels for each of a picture's: sharp words first, and less where a notebook becomes too large for it. */
const SCALES = [2, 1.5, 1] as const
/** Bytes of all pictures in base64: front ends and GitHub are slow with more than 10 MB. */
const MOST_BYTES = 8_000_000

/** A picture as a notebook keeps it: GitHub shows PNG reliably, SVG not. */
export interface Drawn {
  readonly png: string
  readonly width: number
  readonly height: number
}

/** Pictures of a notebook, and whether they are fewer bytes than front ends bear. */
export interface DrawnPictures {
  of(picture: Picture): Drawn
  readonly isTooLarge: boolean
}

/** Draws all pictures as PNG, as sharp as there is room for. */
export async function drawPictures(pictures: readonly Picture[]): Promise<DrawnPictures> {
  const once = [...new Set(pictures)]
  for (const scale of SCALES) {
    const drawn = new Map<Picture, Drawn>()
    for (const picture of once) drawn.set(picture, await draw(picture, scale))
    const bytes = [...drawn.values()].reduce((sum, { png }) => sum + png.length, 0)
    if (bytes > MOST_BYTES && scale !== SCALES[SCALES.length - 1]) continue
    return {
      isTooLarge: bytes > MOST_BYTES,
      of: (picture) => {
        const found = drawn.get(picture)
        if (found === undefined) throw new Error('this picture was not among those that were drawn')
        return found
      },
    }
  }
  throw new Error('there is no scale')
}

async function draw(picture: Picture, scale: number): Promise<Drawn> {
  const { width, height } = pictureSize(picture)
  const bytes = 'png' in picture ? picture.png : await toPng(picture.svg, scale)
  return {
    png: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    width: Math.round(width),
    height: Math.round(height),
  }
}
