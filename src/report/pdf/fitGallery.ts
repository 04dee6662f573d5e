import type { Picture } from '../document.ts'
import { fitPicture, isReadable, POINTS } from './fitPicture.ts'
import { type Geometry, roomOf } from './geometry.ts'
import { pictureSize } from './pictureSize.ts'

/** In points: between the pictures of a gallery. */
export const TILE_GAP = 8
/** In points: a thumbnail is no larger. */
const THUMBNAIL = 62
/** In points, as it was drawn: what is larger is no thumbnail. */
const MOST_THUMBNAIL = 120
/** Charts beside each other. */
const MOST_ACROSS = 4

/** How the pictures of a gallery are set: in rows of so many, each with its size in points. */
export interface FittedGallery {
  readonly across: number
  readonly tiles: readonly { readonly width: number; readonly height: number; readonly growth: number }[]
}

/**
 * How large the pictures of a gallery are set: thumbnails small, and of charts as many beside each other as can be read.
 *
 * @param isWide whether it goes over all columns
 */
export function fitGallery(pictures: readonly Picture[], geometry: Geometry, isWide: boolean): FittedGallery {
  const sizes = pictures.map(pictureSize)
  const isNarrow = geometry.columns > 1 && !isWide
  if (sizes.every(({ width }) => POINTS * width <= MOST_THUMBNAIL)) {
    const tiles = sizes.map(({ width, height }) => {
      const set = Math.min(THUMBNAIL, POINTS * width)
      return { width: set, height: (set * height) / width, growth: 1 }
    })
    return { across: Math.min(isNarrow ? 3 : 6, pictures.length), tiles }
  }
  const room = roomOf(geometry)
  const whole = isNarrow ? room.column : room.whole
  const fitted = (across: number) => {
    const share = (whole - (across - 1) * TILE_GAP) / across / room.whole
    return pictures.map((picture) => fitPicture(picture, { ...geometry, columns: 1 }, { share }))
  }
  const counts = Array.from({ length: Math.min(MOST_ACROSS, pictures.length) }, (_, i) => i + 1).reverse()
  const across = counts.find((count) => fitted(count).every(isReadable)) ?? 1
  return { across, tiles: fitted(across) }
}
