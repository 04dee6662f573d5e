import { type Dataset, gather } from '../../data/index.ts'
import { type GridImage, imageGridPng } from '../../figures/imageGrid.ts'
import type { JudgedSample } from '../../figures/sampleSheet.ts'
import type { ShownSample } from '../content.ts'
import { value } from '../format.ts'

/** Columns of a sample that are told; a table may have hundreds. */
const MOST_COLUMNS = 8

/** Judged samples with what they are: an image where the inputs are images, else the columns of their row. */
export const showSamples = (samples: readonly JudgedSample[], dataset: Dataset): Promise<ShownSample[]> =>
  Promise.all(
    samples.map(async (sample) => {
      const { inputs } = await gather(dataset, Uint32Array.of(sample.index))
      const image = imageOf(inputs, dataset.inputs.shape)
      if (image !== undefined) return { ...sample, image, png: await imageGridPng([image], { gap: 0 }) }
      const columns = columnsOf(dataset, inputs, sample.index)
      return columns.length === 0 ? sample : { ...sample, columns }
    }),
  )

function imageOf(data: Uint8Array | Float32Array, shape: readonly number[]): GridImage | undefined {
  const [channels, height, width] = shape
  if (shape.length !== 3 || (channels !== 1 && channels !== 3) || height === undefined || width === undefined)
    return undefined
  // A row of numbers is no picture.
  return height < 2 || width < 2 ? undefined : { data: data.slice(), shape: [channels, height, width] }
}

/** A table's row as it was before it became numbers, and what is kept beside it. */
function columnsOf(
  { encoding, columns = [] }: Dataset,
  inputs: Uint8Array | Float32Array,
  index: number,
): (readonly [string, string])[] {
  let at = 0
  const features = (encoding?.features ?? []).map((feature): readonly [string, string] => {
    const first = inputs[at] ?? Number.NaN
    if (feature.as === 'oneHot') {
      const width = feature.categories.length + Number(feature.other)
      const place = inputs.subarray(at, at + width).indexOf(1)
      at += width
      return [feature.column, feature.categories[place] ?? '(other)']
    }
    at += 1
    if (feature.as === 'ordinal') return [feature.column, feature.categories[first] ?? '(other)']
    if (feature.as === 'days')
      return [feature.column, new Date((first + feature.since) * 86_400_000).toISOString().slice(0, 10)]
    return [feature.column, Number.isNaN(first) ? 'missing' : value(first)]
  })
  const beside = columns.map((column): readonly [string, string] => [
    column.name,
    column.type === 'text'
      ? (column.categories[column.codes[index] ?? -1] ?? '')
      : value(column.values[index] ?? Number.NaN),
  ])
  return [...features, ...beside].slice(0, MOST_COLUMNS)
}
