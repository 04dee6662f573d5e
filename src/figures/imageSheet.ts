import { UsageError } from '../errors.ts'
import { INK } from './figure.ts'
import { escapeXml, extent, type GridImage, tileOf } from './imageGrid.ts'
import { encodePng, type Tile } from './raster.ts'

/** Images beside each other, with what they have in common. */
export interface SheetRow {
  /** Written at the left of the row. */
  readonly label?: string
  readonly images: readonly GridImage[]
}

export interface ImageSheetOptions {
  /** Height of an image in pixels of the sheet, about: images are enlarged and reduced by whole factors. Default 56. */
  readonly height?: number
}

const [GAP, CAPTION, FONT_SIZE, LETTER, LONGEST] = [3, 18, 12, 0.66, 24]

/**
 * Rows of images as SVG with nothing behind them, each row with its label and each image with its caption. The words take the ink of
 * figures, so that a page can show them in the dark.
 *
 * @throws UsageError when there is no image, or one has a shape that is not an image or does not fit its data
 *
 * @example
 * const svg = await imageSheet([{ label: 'cat', images: cats }, { label: 'dog', images: dogs }])
 */
export async function imageSheet(rows: readonly SheetRow[], { height = 56 }: ImageSheetOptions = {}): Promise<string> {
  const images = rows.flatMap((row) => row.images)
  if (images.length === 0) throw new UsageError('a sheet of images needs at least one image: give some')
  const range = extent(images.map(({ data }) => data))
  const tallest = Math.max(...images.map(({ shape }) => shape[1]))
  const [factor, scale] = [Math.max(1, Math.ceil(tallest / (2 * height))), Math.max(1, Math.round(height / tallest))]
  const drawn = await Promise.all(
    rows.map(({ images: own }) => Promise.all(own.map((image) => picture(reduced(tileOf(image, range), factor))))),
  )
  const lettered = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map(({ length }) => length)) * FONT_SIZE * LETTER
  const left = lettered(rows.map(({ label = '' }) => shortened(label)))
  const all = drawn.flat()
  const cell = Math.max(
    ...all.map(({ width }) => width * scale),
    lettered(images.map(({ caption = '' }) => shortened(caption))),
  )
  const tall = Math.max(...all.map((one) => one.height * scale))
  const under = images.some(({ caption }) => caption !== undefined) ? CAPTION : 0
  const start = left > 0 ? left + 3 * GAP : 0
  const parts = rows.flatMap(({ label, images: own }, r) => {
    const top = r * (tall + under + GAP)
    const text = (x: number, y: number, anchor: string, words: string): string =>
      `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${INK.text}">${escapeXml(shortened(words))}</text>`
    return [
      ...(label === undefined ? [] : [text(left, top + tall / 2 + FONT_SIZE / 3, 'end', label)]),
      ...own.flatMap(({ caption }, i) => {
        const one = drawn[r]?.[i]
        if (one === undefined) return []
        const [wide, middle] = [one.width * scale, start + i * (cell + GAP) + cell / 2]
        return [
          `<image x="${round(middle - wide / 2)}" y="${round(top)}" width="${wide}" height="${one.height * scale}" style="image-rendering:pixelated" href="${one.url}"/>`,
          ...(caption === undefined ? [] : [text(middle, top + tall + FONT_SIZE + 1, 'middle', caption)]),
        ]
      }),
    ]
  })
  const width = start + Math.max(...rows.map((row) => row.images.length)) * (cell + GAP) - GAP
  const full = rows.length * (tall + under + GAP) - GAP
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.ceil(width)}" height="${Math.ceil(full)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(full)}" font-family="Helvetica, Arial, sans-serif" font-size="${FONT_SIZE}">${parts.join('')}</svg>`
}

const round = (value: number): number => Number(value.toFixed(1))
const shortened = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text)

async function picture(tile: Tile): Promise<{ readonly url: string; readonly width: number; readonly height: number }> {
  const png = await encodePng(tile)
  return { url: `data:image/png;base64,${Buffer.from(png).toString('base64')}`, width: tile.width, height: tile.height }
}

/** The means of squares of pixels, `factor` on a side. */
export function reduced({ width, height, pixels }: Tile, factor: number): Tile {
  if (factor === 1) return { width, height, pixels }
  const [columns, rows] = [Math.max(1, Math.floor(width / factor)), Math.max(1, Math.floor(height / factor))]
  const out = new Uint8Array(3 * columns * rows)
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++)
      for (let c = 0; c < 3; c++) {
        let [sum, count] = [0, 0]
        for (let dy = 0; dy < factor && y * factor + dy < height; dy++)
          for (let dx = 0; dx < factor && x * factor + dx < width; dx++, count++)
            sum += pixels[((y * factor + dy) * width + x * factor + dx) * 3 + c] ?? 0
        out[(y * columns + x) * 3 + c] = Math.round(sum / count)
      }
  return { width: columns, height: rows, pixels: out }
}

/** One image on its own as a data URL, reduced by a whole factor to at most `side` pixels. */
export async function thumbnail(image: GridImage, side: number): Promise<string> {
  const [, height, width] = image.shape
  const factor = Math.max(1, Math.ceil(Math.max(height, width) / side))
  return (await picture(reduced(tileOf(image, extent([image.data])), factor))).url
}
