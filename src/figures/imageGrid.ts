import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { encodePng, type Grid, paintGrid, type Rgb, type Tile } from './raster.ts'

/** An image as the network sees it, channels first. */
export interface GridImage {
  /** Bytes 0 to 255, or floats of any range; [channels, height, width] row-major. */
  readonly data: Uint8Array | Float32Array
  /** [channels, height, width] with 1 (grey) or 3 (red, green, blue) channels. */
  readonly shape: readonly [number, number, number]
  /** A short line under the image. */
  readonly caption?: string
}

/** How a grid looks. */
export interface ImageGridOptions {
  /** Images in a row. Default: as near to a square as can be. */
  readonly columns?: number
  /** Whole factor of enlargement. Default: images become about 84 pixels high, at least 1. */
  readonly scale?: number
  /** Pixels between images. Default 2. */
  readonly gap?: number
  /** Default white. */
  readonly background?: Rgb
  /**
   * Values of black and white for floats: the range over all images (`shared`, the default: brightness can be compared),
   * of each image (`each`), or a given one. Bytes always go from 0 to 255.
   */
  readonly range?: 'shared' | 'each' | readonly [number, number]
}

export const imageGridKind = new ResultKind<Uint8Array>()

const FONT_SIZE = 12
const CAPTION_HEIGHT = 18
/** Width of an average letter, in parts of the font size. */
const LETTER = 0.58

/**
 * Images in a grid, as PNG bytes: enlarged by whole pixels (nearest neighbour), with thin gaps.
 *
 * @throws UsageError when there is no image, or one has a shape that is not an image or does not fit its data
 *
 * @example
 * const png = await imageGridPng(digits.map((data) => ({ data, shape: [1, 28, 28] })), { columns: 10 })
 */
export async function imageGridPng(images: readonly GridImage[], options: ImageGridOptions = {}): Promise<Uint8Array> {
  const { gap = 2, background = [255, 255, 255], range = 'shared' } = options
  const tallest = Math.max(1, ...images.map((image) => image.shape[1]))
  const captioned = images.some((image) => image.caption !== undefined)
  const letters = Math.max(0, ...images.map((image) => image.caption?.length ?? 0))
  const shared = range === 'shared' ? extent(images.map((image) => image.data)) : undefined
  const grid = paintGrid(
    images.map((image) => tileOf(image, typeof range === 'string' ? (shared ?? extent([image.data])) : range)),
    {
      columns: options.columns ?? Math.max(1, Math.ceil(Math.sqrt(images.length))),
      scale: options.scale ?? Math.max(1, Math.round(84 / tallest)),
      gap,
      background,
      captionHeight: captioned ? CAPTION_HEIGHT : 0,
      minCellWidth: Math.ceil(letters * FONT_SIZE * LETTER),
    },
  )
  return imageGridKind.mark(await encodePng(grid, captioned ? captionSvg(grid, images, background) : undefined))
}

/** The smallest and the largest of floats; bytes have a range of their own. */
export function extent(arrays: readonly (Uint8Array | Float32Array)[]): [number, number] {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const data of arrays) {
    if (data instanceof Uint8Array) continue
    for (const value of data) {
      if (value < low) low = value
      if (value > high) high = value
    }
  }
  return [low, high]
}

/** An image in red, green and blue, `low` black and `high` white where it is of floats. */
export function tileOf({ data, shape }: GridImage, [low, high]: readonly [number, number]): Tile {
  const [channels, height, width] = shape
  if ((channels !== 1 && channels !== 3) || data.length !== channels * height * width) {
    throw new UsageError(
      `an image of shape [${shape.join(', ')}] with ${data.length} values cannot be drawn: give [1, height, width] or [3, height, width] and as many values`,
    )
  }
  const toByte =
    data instanceof Uint8Array
      ? (value: number) => value
      : // A flat image has no range: it is drawn in mid grey rather than divided by zero.
        (value: number) =>
          high > low ? Math.min(255, Math.max(0, Math.round(((value - low) / (high - low)) * 255))) : 128
  const plane = height * width
  const pixels = new Uint8Array(plane * 3)
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) pixels[i * 3 + c] = toByte(data[(channels === 1 ? 0 : c) * plane + i] ?? 0)
  }
  return { width, height, pixels }
}

function captionSvg(grid: Grid, images: readonly GridImage[], [r, g, b]: Rgb): string {
  const color = 0.299 * r + 0.587 * g + 0.114 * b > 128 ? '#222' : '#eee'
  const texts = grid.cells.map(
    ({ x, y, width, height }, i) =>
      `<text x="${x + width / 2}" y="${y + height + FONT_SIZE + 1}" text-anchor="middle">${escapeXml(images[i]?.caption ?? '')}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${grid.width}" height="${grid.height}" font-family="Helvetica, Arial, sans-serif" font-size="${FONT_SIZE}" fill="${color}">${texts.join('')}</svg>`
}

export const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
