import { escapeXml } from './imageGrid.ts'
import { encodePng, type Grid, paintGrid, type Rgb, type Tile } from './raster.ts'

const [PAD, GAP, FONT, LETTER] = [24, 4, 20, 0.56]
const LINE = Math.round(FONT * 1.4)
/** Height that maps are enlarged to, about, and the widest that they may stand beside each other. */
const [TALL, WIDE] = [96, 1700]
/** Height of a strip, of the number beside a map, and of its letters. */
const [STRIP, NUMBER, SMALL] = [16, 20, 14]
const WHITE: Rgb = [255, 255, 255]
const GREY: Rgb = [150, 150, 150]

/** Values of one map as a tile. */
export function tileOfValues(
  values: Float32Array,
  height: number,
  width: number,
  colour: (value: number) => Rgb,
): Tile {
  const pixels = new Uint8Array(values.length * 3)
  for (const [i, value] of values.entries()) pixels.set(colour(value), i * 3)
  return { width, height, pixels }
}

/** A sequence as a strip: a pixel a value, or a mean of neighbours where there are too many. */
export function strip(values: Float32Array | Uint8Array, colour: (value: number) => Rgb): Tile {
  const factor = Math.ceil(values.length / WIDE)
  const width = Math.ceil(values.length / factor)
  const means = Float32Array.from({ length: width }, (_, i) => {
    const end = Math.min(values.length, (i + 1) * factor)
    let sum = 0
    for (let j = i * factor; j < end; j++) sum += values[j] ?? 0
    return sum / (end - i * factor)
  })
  return tileOfValues(means, 1, width, colour)
}

/** Pictures that belong together. */
export interface Block {
  /** At the left, over the caption. */
  readonly beside?: Grid
  /** At the right, one under the other. */
  readonly stack: readonly Grid[]
  readonly caption: readonly string[]
  /** Whether the maps' numbers stand beside them, as beside strips, and not under them. */
  readonly isSequence: boolean
}

/** Paints an input and its maps. */
export function block(input: Tile, maps: readonly Tile[], caption: readonly string[], isSequence: boolean): Block {
  const frame = { gap: GAP, background: GREY, minCellWidth: 0, captionHeight: 0 }
  if (isSequence) {
    const stretched = (tile: Tile): Tile => repeated(tile, Math.max(1, Math.floor(WIDE / tile.width)), STRIP)
    const painted = (tiles: readonly Tile[]): Grid =>
      paintGrid(tiles.map(stretched), { ...frame, columns: 1, scale: 1 })
    return { stack: [painted([input]), painted(maps)], caption, isSequence }
  }
  const [{ width = 1, height = 1 } = {}] = maps
  // A few maps may be as large as their input.
  const scale = Math.max(1, Math.round((maps.length <= 8 ? 1.5 * TALL : TALL) / height))
  const columns = Math.max(1, Math.min(16, Math.floor(WIDE / (width * scale + GAP))))
  return {
    beside: paintGrid([input], { ...frame, columns: 1, scale: Math.max(1, Math.round((1.5 * TALL) / input.height)) }),
    stack: [numbered(maps, columns, scale)],
    caption,
    isSequence,
  }
}

/** Maps in rows, with room for a number under each. */
export const numbered = (maps: readonly Tile[], columns: number, scale: number): Grid =>
  paintGrid(maps, { columns, scale, gap: GAP, background: WHITE, captionHeight: NUMBER, minCellWidth: 0 })

function repeated({ width, pixels }: Tile, wide: number, tall: number): Tile {
  const row = new Uint8Array(width * wide * 3)
  for (let x = 0; x < width * wide; x++) {
    const from = Math.floor(x / wide) * 3
    row.set(pixels.subarray(from, from + 3), x * 3)
  }
  const all = new Uint8Array(row.length * tall)
  for (let y = 0; y < tall; y++) all.set(row, y * row.length)
  return { width: width * wide, height: tall, pixels: all }
}

/** Blocks one under the other, with a title above and the colour scale below. */
export function sheet(
  title: string,
  blocks: readonly Block[],
  [low, high]: readonly [number, number],
  colour: (value: number) => Rgb,
  what: 'maps' | 'filters',
): Promise<Uint8Array> {
  const texts: string[] = []
  const write = (x: number, y: number, words: string, anchor = 'start', weight = 'normal'): void => {
    texts.push(`<text x="${x}" y="${y}" text-anchor="${anchor}" font-weight="${weight}">${escapeXml(words)}</text>`)
  }
  const number = (x: number, y: number, value: number, anchor: string): void => {
    texts.push(`<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${SMALL}" fill="#666">${value}</text>`)
  }
  const lettered = (words: string): number => Math.ceil(words.length * FONT * LETTER)
  const captions = Math.max(0, ...blocks.flatMap(({ caption }) => caption.map(lettered)))
  const left = Math.max(captions, ...blocks.map(({ beside }) => beside?.width ?? 0))
  const right = Math.max(
    ...blocks.flatMap(({ stack, isSequence }) => stack.map(({ width }) => width + (isSequence ? 2 * PAD : 0))),
  )
  const start = left === 0 ? PAD : PAD + left + PAD
  const said = `one scale for all ${what} here; white is 0`
  const [bar, thick] = [480, 28]
  const width = Math.max(start + right, PAD + lettered(title), 2 * PAD + bar + lettered(said)) + PAD
  const under = ({ beside }: Block): number => (beside === undefined ? 0 : beside.height + GAP)
  const heights = blocks.map((one) =>
    Math.max(
      under(one) + one.caption.length * LINE,
      one.stack.reduce((sum, { height }) => sum + height + GAP, -GAP),
    ),
  )
  const body = heights.reduce((sum, one) => sum + one + PAD, 0)
  const height = PAD + LINE + PAD / 2 + body + thick + 2 * LINE
  const pixels = new Uint8Array(width * height * 3).fill(255)
  const blit = (
    { width: wide, height: tall, pixels: from }: Pick<Grid, 'width' | 'height' | 'pixels'>,
    x: number,
    y: number,
  ): void => {
    for (let row = 0; row < tall; row++)
      pixels.set(from.subarray(row * wide * 3, (row + 1) * wide * 3), ((y + row) * width + x) * 3)
  }
  write(PAD, PAD + FONT, title, 'start', 'bold')
  let top = PAD + LINE + PAD / 2
  for (const [i, one] of blocks.entries()) {
    if (one.beside !== undefined) blit(one.beside, PAD, top)
    let below = top
    for (const [g, grid] of one.stack.entries()) {
      blit(grid, start, below)
      const isMaps = g === one.stack.length - 1
      for (const [c, { x, y, width: wide, height: tall }] of isMaps ? grid.cells.entries() : []) {
        if (one.isSequence) number(start + x + wide + 2 * GAP, below + y + tall - 2, c, 'start')
        else {
          texts.push(
            `<rect x="${start + x - 0.5}" y="${below + y - 0.5}" width="${wide + 1}" height="${tall + 1}" fill="none" stroke="#969696"/>`,
          )
          number(start + x + wide / 2, below + y + tall + NUMBER - 4, c, 'middle')
        }
      }
      below += grid.height + GAP
    }
    for (const [l, words] of one.caption.entries()) write(PAD, top + under(one) + l * LINE + FONT, words)
    top += (heights[i] ?? 0) + PAD
  }
  blit({ width: bar, height: thick, pixels: scaleBar(bar, thick, low, high, colour) }, PAD, top)
  const at = (value: number): number => PAD + (high > low ? ((value - low) / (high - low)) * bar : 0)
  const ticks = high > low ? [...new Set([low, 0, high])] : [0]
  for (const value of ticks) {
    texts.push(`<rect x="${at(value) - 1}" y="${top + thick}" width="2" height="6"/>`)
    write(at(value), top + thick + LINE, short(value), value === low ? 'start' : value === high ? 'end' : 'middle')
  }
  write(PAD + bar + PAD, top + FONT, said)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Helvetica, Arial, sans-serif" font-size="${FONT}" fill="#222">${texts.join('')}</svg>`
  return encodePng({ width, height, pixels }, svg)
}

function scaleBar(
  width: number,
  height: number,
  low: number,
  high: number,
  colour: (value: number) => Rgb,
): Uint8Array {
  const pixels = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const isFrame = x === 0 || y === 0 || x === width - 1 || y === height - 1
      pixels.set(isFrame ? GREY : colour(low + (x / (width - 1)) * (high - low)), (y * width + x) * 3)
    }
  return pixels
}

/** A number as it is read beside a picture: three digits. */
export const short = (value: number): string => String(Number(value.toPrecision(3))).replace('-', '−')
