import { UsageError } from '../../errors.ts'
import { escapeXml } from '../imageGrid.ts'
import { reduced } from '../imageSheet.ts'
import { encodePng, type Rgb, type Tile } from '../raster.ts'

/** A picture in a table, with short lines under it. */
export interface SheetCell {
  readonly tile: Tile
  readonly lines?: readonly string[]
  /** Colour of a frame that marks it; default a thin grey one. */
  readonly frame?: Rgb
}

/** Pictures that belong together, with words at their left. */
export interface SheetLine {
  readonly label: readonly string[]
  readonly cells: readonly (SheetCell | undefined)[]
}

/** What the colours mean. */
export interface SheetLegend {
  /** Values at both ends, as they are written. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[]
  /** @param at - from 0, the left end, to 1 */
  colour(at: number): Rgb
  readonly text: string
}

export interface TableSheet {
  readonly title: string
  /** Words above the columns. */
  readonly heads?: readonly string[]
  readonly rows: readonly SheetLine[]
  readonly legend?: SheetLegend
  /** Said below. */
  readonly notes?: readonly string[]
  /** Height of a picture, about: pictures are enlarged by whole factors, and large ones reduced. Default 128. */
  readonly height?: number
}

const [PAD, GAP, FONT, LETTER, SMALL] = [24, 12, 18, 0.56, 15]
const [LINE, SMALL_LINE] = [24, 19]
const [BAR, THICK] = [420, 24]
const GREY: Rgb = [150, 150, 150]

/**
 * A table of pictures as PNG: rows and columns with their names, lines under each picture, and the colour scale below. Pixels are enlarged by whole
 * factors (nearest neighbour).
 *
 * @throws UsageError where there is no picture
 */
export function tableSheet({
  title,
  heads = [],
  rows,
  legend,
  notes = [],
  height: wanted = 128,
}: TableSheet): Promise<Uint8Array> {
  const cells = rows.flatMap((row) => row.cells).filter((cell) => cell !== undefined)
  if (cells.length === 0) throw new UsageError('a sheet of pictures needs at least one: give some')
  const texts: string[] = []
  const write = (
    x: number,
    y: number,
    words: string,
    { anchor = 'start', size = FONT, weight = 'normal' } = {},
  ): void => {
    texts.push(
      `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" font-weight="${weight}">${escapeXml(words)}</text>`,
    )
  }
  const lettered = (words: string, size = FONT): number => Math.ceil(words.length * size * LETTER)
  const tallest = Math.max(...cells.map(({ tile }) => tile.height))
  const factor = Math.max(1, Math.round(wanted / tallest))
  const shrink = Math.max(1, Math.ceil(tallest / (2 * wanted)))
  const painted = rows.map((row) =>
    row.cells.map((cell) => cell && { ...cell, tile: enlarged(reduced(cell.tile, shrink), factor) }),
  )
  const columns = Math.max(...rows.map((row) => row.cells.length))
  const column = (c: number): number =>
    Math.max(
      lettered(heads[c] ?? '', SMALL + 1),
      ...painted.flatMap((row) => {
        const cell = row[c]
        return cell === undefined ? [] : [cell.tile.width, ...(cell.lines ?? []).map((words) => lettered(words, SMALL))]
      }),
    )
  const widths = Array.from({ length: columns }, (_, c) => column(c))
  const labels = Math.max(0, ...rows.flatMap(({ label }) => label.map((words) => lettered(words))))
  const start = labels === 0 ? PAD : PAD + labels + PAD
  const body = widths.reduce((sum, one) => sum + one + GAP, -GAP)
  const width =
    Math.max(
      start + body,
      PAD + lettered(title),
      ...notes.map((words) => PAD + lettered(words, SMALL)),
      legend === undefined ? 0 : 2 * PAD + BAR + lettered(legend.text, SMALL),
    ) + PAD
  const tall = painted.map((row, r) =>
    Math.max(
      (rows[r]?.label.length ?? 0) * LINE,
      ...row.map((cell) => (cell === undefined ? 0 : cell.tile.height + (cell.lines?.length ?? 0) * SMALL_LINE + 4)),
    ),
  )
  const top = PAD + LINE + (heads.length > 0 ? LINE + 6 : PAD / 2)
  const bottom = top + tall.reduce((sum, one) => sum + one + GAP, 0)
  const height = bottom + (legend === undefined ? 0 : THICK + LINE + PAD) + notes.length * (SMALL_LINE + 2) + PAD / 2
  const pixels = new Uint8Array(width * height * 3).fill(255)
  const blit = ({ width: wide, height: high, pixels: from }: Tile, x: number, y: number): void => {
    for (let row = 0; row < high; row++)
      pixels.set(from.subarray(row * wide * 3, (row + 1) * wide * 3), ((y + row) * width + x) * 3)
  }
  write(PAD, PAD + FONT, title, { weight: 'bold' })
  const lefts = widths.map((_, c) => start + widths.slice(0, c).reduce((sum, one) => sum + one + GAP, 0))
  for (const [c, head] of heads.entries())
    write((lefts[c] ?? 0) + (widths[c] ?? 0) / 2, top - 10, head, { anchor: 'middle', size: SMALL + 1 })
  let y = top
  for (const [r, row] of painted.entries()) {
    for (const [l, words] of (rows[r]?.label ?? []).entries()) write(PAD, y + (l + 1) * LINE - 4, words)
    for (const [c, cell] of row.entries()) {
      if (cell === undefined) continue
      const { tile, lines = [], frame } = cell
      const x = Math.round((lefts[c] ?? 0) + ((widths[c] ?? 0) - tile.width) / 2)
      blit(tile, x, y)
      const [r0, g, b] = frame ?? GREY
      const thick = frame === undefined ? 1 : 4
      texts.push(
        `<rect x="${x - thick / 2}" y="${y - thick / 2}" width="${tile.width + thick}" height="${tile.height + thick}" fill="none" stroke="rgb(${r0},${g},${b})" stroke-width="${thick}"/>`,
      )
      for (const [l, words] of lines.entries())
        write(x + tile.width / 2, y + tile.height + (l + 1) * SMALL_LINE, words, { anchor: 'middle', size: SMALL })
    }
    y += (tall[r] ?? 0) + GAP
  }
  if (legend !== undefined) {
    for (let by = 0; by < THICK; by++)
      for (let bx = 0; bx < BAR; bx++) {
        const isFrame = bx === 0 || by === 0 || bx === BAR - 1 || by === THICK - 1
        pixels.set(isFrame ? GREY : legend.colour(bx / (BAR - 1)), ((y + by) * width + PAD + bx) * 3)
      }
    for (const { at, text } of legend.ticks) {
      texts.push(`<rect x="${PAD + at * BAR - 1}" y="${y + THICK}" width="2" height="6"/>`)
      write(PAD + at * BAR, y + THICK + LINE - 1, text, {
        anchor: at === 0 ? 'start' : at === 1 ? 'end' : 'middle',
        size: SMALL,
      })
    }
    write(PAD + BAR + PAD, y + THICK - 6, legend.text, { size: SMALL })
    y += THICK + LINE + PAD
  }
  for (const [i, words] of notes.entries()) write(PAD, y + (i + 1) * (SMALL_LINE + 2) - 6, words, { size: SMALL })
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" fill="#222">${texts.join('')}</svg>`
  return encodePng({ width, height, pixels }, svg)
}

function enlarged({ width, height, pixels }: Tile, factor: number): Tile {
  if (factor === 1) return { width, height, pixels }
  const out = new Uint8Array(width * height * factor * factor * 3)
  const wide = width * factor
  for (let y = 0; y < height * factor; y++)
    for (let x = 0; x < wide; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * 3
      const to = (y * wide + x) * 3
      out[to] = pixels[from] ?? 0
      out[to + 1] = pixels[from + 1] ?? 0
      out[to + 2] = pixels[from + 2] ?? 0
    }
  return { width: wide, height: height * factor, pixels: out }
}

/** A legend of a diverging scale, its middle 0. */
export const divergingLegend = (
  colour: (value: number) => Rgb,
  ends: readonly [string, string],
  text: string,
): SheetLegend => ({
  ticks: [
    { at: 0, text: ends[0] },
    { at: 0.5, text: '0' },
    { at: 1, text: ends[1] },
  ],
  colour: (at) => colour(2 * at - 1),
  text,
})
