/**
 * What drawings are written with: text, lines, numbers.
 *
 * @module
 */
import { INK } from '../figure.ts'

export const FONT = { name: 11.5, small: 10 }
/** Width of an average letter, in parts of the font size. */
const LETTER = 0.54
/** Pixels between two labels. */
export const GAP = 14
/** Pixels from one line of text to the next. */
export const LINE = 13

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

/** @param ink `line` is for what may be overlooked: it is dimmer */
export function text(
  x: number,
  y: number,
  what: string,
  ink: keyof typeof INK,
  size: number,
  anchor = 'middle',
): string {
  return `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${INK[ink]}" text-anchor="${anchor}">${escapeXml(what)}</text>`
}

export const widthOf = (what: string, size: number): number => what.length * size * LETTER

export type Point = readonly [x: number, y: number]

export const line = (points: readonly Point[], arrow = false): string =>
  `<polyline points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ')}" fill="none" stroke="${INK.line}" stroke-width="1.2"${arrow ? ' marker-end="url(#arrow)"' : ''}/>`

/** Coordinates with a tenth of a pixel. */
export const at = (value: number): string => String(Math.round(value * 10) / 10)
