import type { Picture } from '../document.ts'
import { type Geometry, roomOf } from './geometry.ts'
import { pictureSize } from './pictureSize.ts'

/** In points: what is smaller cannot be read on paper. */
export const SMALLEST_WORD = 6.5
/** How much the words of a picture may be set larger than they were drawn, before they run into each other. */
const MOST_GROWTH = 1.2
/** How much a picture may be set larger than it was drawn. */
const MOST_SCALE = 1.15
/** Of the height of a page: the rest is for the caption. */
const MOST_HEIGHT = 0.8
/** Two with their captions on a page, where their words can be read. */
const USUAL_HEIGHT = 0.42
/** Pixels of a screen are 1/96 inch, and points 1/72. */
export const POINTS = 72 / 96

/** How a picture is set. */
export interface FittedPicture {
  /** In points. */
  readonly width: number
  readonly height: number
  /** Whether it goes over all columns. */
  readonly isWide: boolean
  /** By how much its words are set larger than they were drawn. */
  readonly growth: number
  /** The smallest words in it, in points; infinite where it has none. */
  readonly smallest: number
}

/**
 * How large a picture is set, so that its words can be read: in a column where they can, else over all columns, and no larger than it is
 * but for words that are small.
 *
 * @param share of the column that its author wants
 * @param isWide whether it must go over all columns
 */
export function fitPicture(
  picture: Picture,
  geometry: Geometry,
  { share, isWide = false }: { readonly share?: number | undefined; readonly isWide?: boolean } = {},
): FittedPicture {
  const size = pictureSize(picture)
  const [width, height] = [POINTS * size.width, POINTS * size.height]
  const words = 'svg' in picture ? POINTS * smallestWord(picture.svg) : Number.POSITIVE_INFINITY
  const room = roomOf(geometry)
  const fit = (most: number, isWide: boolean): FittedPicture => {
    const needed = (width * SMALLEST_WORD) / words
    const usual = Math.min(width, (USUAL_HEIGHT * room.height * width) / height)
    const wanted =
      share === undefined ? Math.min(width * MOST_SCALE, Math.max(usual, needed / MOST_GROWTH)) : share * most
    const set = Math.min(wanted, most, (MOST_HEIGHT * room.height * width) / height)
    const growth = Math.min(MOST_GROWTH, Math.max(1, needed / set))
    return { width: set, height: (set * height) / width, isWide, growth, smallest: ((words * set) / width) * growth }
  }
  const narrow = fit(room.column, false)
  return geometry.columns === 1 || (isReadable(narrow) && !isWide) ? narrow : fit(room.whole, true)
}

/** Whether all words are large enough; sums of floats are not exact. */
export const isReadable = ({ smallest }: FittedPicture): boolean => smallest >= SMALLEST_WORD - 0.01

/** The smallest size of words in an SVG, in its pixels; infinite where it has none. */
function smallestWord(svg: string): number {
  const sizes = Array.from(svg.matchAll(/font-size(?:="|:\s*)([\d.]+)(?:px)?[";\s]/g), ([, size]) => Number(size))
  return Math.min(Number.POSITIVE_INFINITY, ...sizes.filter((size) => size > 0))
}

/** An SVG with its words larger, and in a font that is there: Arimo has the metrics of Arial and Helvetica, by which they were measured. */
export const withWords = (svg: string, growth: number): string =>
  svg
    .replaceAll(/font-family="[^"]*(?:Helvetica|Arial|sans-serif)[^"]*"/g, 'font-family="Arimo"')
    .replaceAll(/(font-size(?:="|:\s*))([\d.]+)/g, (_, before: string, size: string) =>
      growth === 1 ? `${before}${size}` : `${before}${(Number(size) * growth).toFixed(2)}`,
    )
