import { UsageError } from '../errors.ts'
import { encodePng, paintGrid, type Rgb, type Tile } from './raster.ts'

/** Weights of a convolution, as its layer keeps them. */
export interface FilterWeights {
  readonly data: Float32Array
  /** [outChannels, inChannels, kernelHeight, kernelWidth] */
  readonly shape: readonly [number, number, number, number]
}

/** A picture of filters. */
export interface FilterGrid {
  readonly png: Uint8Array
  /** Weights of the darkest blue and the darkest orange, [-m, m]: the same for every filter, and zero is white. Say it in the caption. */
  readonly range: readonly [number, number]
  /** Filters drawn, of the layer's `total`. */
  readonly shown: number
  readonly total: number
}

/** How filters are drawn. */
export interface FilterGridOptions {
  /** At most this many filters, from the first. Default 64. */
  readonly limit?: number
  /** Whole factor of enlargement. Default: a kernel becomes about 36 pixels high. */
  readonly scale?: number
}

/** From −1 over 0 to 1: ColorBrewer's PuOr, its purple exchanged for RdBu's blue. Safe for colour-blind readers. */
const DIVERGING: readonly [Rgb, Rgb, Rgb, Rgb, Rgb] = [
  [33, 102, 172],
  [146, 197, 222],
  [255, 255, 255],
  [253, 184, 99],
  [179, 88, 6],
]
const GAP_COLOR: Rgb = [120, 120, 120]

/**
 * The filters of a convolution, blue for negative, white for zero, orange for positive, on one scale for all filters.
 * With one input channel each tile is a filter; with more, each row is a filter and each column an input channel.
 *
 * @throws UsageError when the shape does not fit the data
 *
 * @example
 * const { png, range } = await filterGrid({ data: weights, shape: [16, 1, 3, 3] })
 */
export async function filterGrid(weights: FilterWeights, options: FilterGridOptions = {}): Promise<FilterGrid> {
  const { data, shape } = weights
  const [out, channels, height, width] = shape
  if (data.length !== out * channels * height * width || data.length === 0) {
    throw new UsageError(
      `filters of shape [${shape.join(', ')}] have ${data.length} weights: give [out, in, height, width] with their product of weights`,
    )
  }
  const { limit = 64, scale = Math.max(1, Math.round(36 / height)) } = options
  const shown = Math.min(limit, out)
  // The scale is that of the whole layer, drawn or not, so that the range does not depend on the limit.
  const largest = data.reduce((m, value) => Math.max(m, Math.abs(value)), 0)
  const tiles = Array.from({ length: shown * channels }, (_, i): Tile => {
    const pixels = new Uint8Array(height * width * 3)
    for (let p = 0; p < height * width; p++) {
      const value = data[i * height * width + p] ?? 0
      pixels.set(diverging(largest > 0 ? value / largest : 0), p * 3)
    }
    return { width, height, pixels }
  })
  const columns = channels === 1 ? Math.ceil(Math.sqrt(shown * 2)) : channels
  const layout = { columns, scale, gap: 2, background: GAP_COLOR, captionHeight: 0, minCellWidth: 0 }
  return { png: await encodePng(paintGrid(tiles, layout)), range: [-largest, largest], shown, total: out }
}

/** The colour of a value between −1 and 1; NaN is black, which no number gives. */
export function diverging(value: number): Rgb {
  if (Number.isNaN(value)) return [0, 0, 0]
  const at = (Math.min(1, Math.max(-1, value)) + 1) * 2
  const [low, high] = [DIVERGING[Math.floor(at)], DIVERGING[Math.ceil(at)]]
  if (low === undefined || high === undefined) return [0, 0, 0]
  const mix = (a: number, b: number) => Math.round(a + (b - a) * (at - Math.floor(at)))
  return [mix(low[0], high[0]), mix(low[1], high[1]), mix(low[2], high[2])]
}
