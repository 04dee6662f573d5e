import { UsageError } from '../errors.ts'
import type { Weights } from '../nn/index.ts'
import { formatShape } from '../tensor/index.ts'
import type { FeatureMaps } from './featureMaps.ts'
import { numbered, sheet, short, tileOfValues } from './featureSheet.ts'
import { diverging } from './filterGrid.ts'
import { extent } from './imageGrid.ts'

/** Height that kernels are enlarged to, about. */
const TALL = 72
const MOST = 16

/**
 * The filters of a convolution with their colour scale: with one input channel each tile is a filter; with more, each row is a filter and
 * each column an input channel. Zero is white.
 *
 * @param path of the layer
 * @param weights `[out, in, height, width]`
 * @throws UsageError for weights of another shape
 *
 * @example
 * const { png, sentence } = await filterSheet('conv1', stateDict(variables)['conv1.weight'])
 */
export async function filterSheet(
  path: string,
  { shape, data }: Weights,
  { limit = 64 }: { readonly limit?: number } = {},
): Promise<FeatureMaps> {
  const [out = 0, channels = 0, height = 0, width = 0, ...rest] = shape
  if (shape.length !== 4 || rest.length > 0 || data.length === 0)
    throw new UsageError(`the weights of ${path} are ${formatShape(shape)}, and filters are [out, in, height, width]`)
  const size = height * width
  const [low, high] = extent([data])
  const largest = Math.max(Math.abs(low), Math.abs(high))
  const kernel = (i: number): Float32Array => data.subarray(i * size, (i + 1) * size)
  const colour = (value: number) => diverging(largest > 0 ? value / largest : 0)
  const columns = Math.min(channels, MOST)
  const rows = Math.min(out, limit)
  const tiles = Array.from({ length: rows * columns }, (_, i) =>
    tileOfValues(kernel(Math.floor(i / columns) * channels + (i % columns)), height, width, colour),
  )
  const maps = numbered(tiles, channels === 1 ? Math.min(MOST, rows) : columns, Math.max(1, Math.round(TALL / height)))
  const cut = rows < out || columns < channels ? `, the first ${rows} of ${columns} shown` : ''
  const title = `${path}: ${out} filters of ${height} × ${width}${channels === 1 ? '' : `, a row each, for ${channels} channels`}${cut}`
  const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0))
  const norms = Array.from({ length: out }, (_, f) =>
    norm(data.subarray(f * channels * size, (f + 1) * channels * size)),
  )
  const [most, least] = [norms.indexOf(Math.max(...norms)), norms.indexOf(Math.min(...norms))]
  return {
    png: await sheet(
      title,
      [{ stack: [maps], caption: [], isSequence: false }],
      [-largest, largest],
      colour,
      'filters',
    ),
    rows: Array.from({ length: out * channels }, (_, i) => {
      const values = kernel(i)
      return {
        layer: path,
        filter: Math.floor(i / channels),
        channel: i % channels,
        mean: values.reduce((sum, value) => sum + value, 0) / size,
        norm: norm(values),
        min: Math.min(...values),
        max: Math.max(...values),
      }
    }),
    sentence: `${path} has ${out} filters of ${height} × ${width} for ${channels} channel${channels === 1 ? '' : 's'}, with weights from ${short(low)} to ${short(high)}; filter ${most} is the largest (norm ${short(norms[most] ?? 0)}) and filter ${least} the smallest (${short(norms[least] ?? 0)}).`,
    range: [-largest, largest],
  }
}
