import { UsageError } from '../errors.ts'

/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number]

/** A tile of an image grid: colour of each pixel, row by row. */
export interface Tile {
  readonly width: number
  readonly height: number
  /** RGB, [height, width, 3]. */
  readonly pixels: Uint8Array
}

/** Where tiles go: all cells are as large as the largest tile. */
export interface GridLayout {
  readonly columns: number
  /** Whole factor by which every pixel is enlarged (nearest neighbour: nothing is made up between pixels). */
  readonly scale: number
  /** Pixels between tiles and around them. */
  readonly gap: number
  readonly background: Rgb
  /** Room under each tile for a caption, in pixels. */
  readonly captionHeight: number
  /** Least width of a cell, in pixels: room for captions under small images. */
  readonly minCellWidth: number
}

/** A painted grid, and the top left corner and size of each cell. */
export interface Grid {
  readonly width: number
  readonly height: number
  readonly pixels: Uint8Array
  readonly cells: readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[]
}

/**
 * Paints tiles into one RGB image, row by row from the top left.
 *
 * @throws UsageError when there is no tile, or the scale or the number of columns is not a whole number of at least 1
 */
export function paintGrid(tiles: readonly Tile[], layout: GridLayout): Grid {
  const { columns, scale, gap, background, captionHeight, minCellWidth } = layout
  if (tiles.length === 0) throw new UsageError('an image grid needs at least one image: give some')
  for (const [name, value] of Object.entries({ columns, scale })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new UsageError(`${name} of the image grid is ${value}: give a whole number of at least 1`)
    }
  }
  const cellWidth = Math.max(minCellWidth, ...tiles.map((tile) => tile.width * scale))
  const cellHeight = Math.max(...tiles.map((tile) => tile.height * scale)) + captionHeight
  const used = Math.min(columns, tiles.length)
  const width = gap + used * (cellWidth + gap)
  const height = gap + Math.ceil(tiles.length / columns) * (cellHeight + gap)
  const pixels = new Uint8Array(width * height * 3)
  for (let i = 0; i < pixels.length; i += 3) pixels.set(background, i)
  const cells = tiles.map((_, i) => ({
    x: gap + (i % columns) * (cellWidth + gap),
    y: gap + Math.floor(i / columns) * (cellHeight + gap),
    width: cellWidth,
    height: cellHeight - captionHeight,
  }))
  for (const [i, tile] of tiles.entries()) {
    const cell = cells[i]
    if (cell === undefined) continue
    const left = cell.x + Math.floor((cellWidth - tile.width * scale) / 2)
    const row = new Uint8Array(tile.width * scale * 3)
    for (let y = 0; y < tile.height; y++) {
      for (let x = 0; x < tile.width * scale; x++) {
        const from = (y * tile.width + Math.floor(x / scale)) * 3
        row.set(tile.pixels.subarray(from, from + 3), x * 3)
      }
      for (let repeat = 0; repeat < scale; repeat++) {
        pixels.set(row, ((cell.y + y * scale + repeat) * width + left) * 3)
      }
    }
  }
  return { width, height, pixels, cells }
}

/** A painted image as PNG bytes, without loss. `overlay`: SVG drawn on top. */
export async function encodePng(
  image: Pick<Grid, 'width' | 'height' | 'pixels'>,
  overlay?: string,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp')
  const { width, height, pixels } = image
  const base = sharp(pixels, { raw: { width, height, channels: 3 } })
  const whole = overlay === undefined ? base : base.composite([{ input: Buffer.from(overlay), top: 0, left: 0 }])
  return new Uint8Array(await whole.png({ compressionLevel: 9 }).toBuffer())
}
