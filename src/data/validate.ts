import { UsageError } from '../errors.ts'
import { sizeOf } from '../tensor/shape.ts'
import { type Dataset, sampleCount } from './dataset.ts'
import { widthOf } from './table/encoding.ts'

/**
 * Looks at every value of a data set that is in memory, so that training does not fail later and less clearly.
 *
 * @param split - its name in messages (`train`, `test`; default the data set's name)
 * @param options.missing - whether inputs may be missing, NaN; default no
 * @throws UsageError naming split, sample and value: no samples, lengths that differ, NaN or infinity in inputs or targets,
 * a label that is not a whole number from 0 to classes − 1
 *
 * @example
 * const { train, test } = await mnist().load()
 * validateDataset(train, 'train')
 */
export function validateDataset(
  dataset: Dataset,
  split: string = dataset.name,
  { missing = false }: { readonly missing?: boolean } = {},
): void {
  const { inputs, targets } = dataset
  const length = sampleCount({ ...dataset, name: split })
  if (length !== dataset.length)
    throw new UsageError(
      `${split}: length is ${dataset.length} and the arrays hold ${length} samples; build it with createDataset`,
    )
  if (length === 0) throw new UsageError(`${split} holds no sample: give at least one`)
  if ('data' in inputs) {
    if (!missing) requirePresent(split, dataset)
    requireFinite(split, 'input', inputs.data, sizeOf(inputs.shape), missing)
  }
  if (targets.task === 'classification') requireLabels(split, targets.labels, targets.classes.length)
  else requireFinite(split, 'target', targets.values, sizeOf(targets.shape))
}

/** Refuses labels that are not whole numbers from 0 to classes − 1. */
export function requireLabels(split: string, labels: ArrayLike<number>, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] ?? Number.NaN
    if (!Number.isInteger(label) || label < 0 || label >= classes)
      throw new UsageError(
        `${split}: the label of sample ${i} is ${label} and there are ${classes} classes; labels are whole numbers from 0 to ${classes - 1}`,
      )
  }
}

function requireFinite(
  split: string,
  what: string,
  data: Uint8Array | Float32Array,
  width: number,
  missing = false,
): void {
  if (data instanceof Uint8Array) return
  const bad = data.findIndex((value) => !Number.isFinite(value) && !(missing && Number.isNaN(value)))
  if (bad >= 0)
    throw new UsageError(
      `${split}: value ${bad % width} of the ${what} of sample ${Math.floor(bad / width)} is ${data[bad]}; drop the sample or fill in a finite number`,
    )
}

/** Of samples that were rows of a table: says which columns are missing in which rows. */
function requirePresent(split: string, { inputs, encoding, rows }: Dataset): void {
  if (encoding === undefined || !('data' in inputs) || inputs.data instanceof Uint8Array) return
  const { data } = inputs
  const width = sizeOf(inputs.shape)
  let begin = 0
  const gaps: string[] = []
  const columns: string[] = []
  for (const feature of encoding.features) {
    const samples: number[] = []
    for (let i = begin; i < data.length; i += width) if (Number.isNaN(data[i])) samples.push((i - begin) / width)
    begin += widthOf(feature)
    if (samples.length === 0) continue
    columns.push(feature.column)
    const first = samples.slice(0, 3).map((sample) => (rows?.[sample] ?? sample + 1).toLocaleString('en'))
    const others = samples.length > 3 ? ` and ${(samples.length - 3).toLocaleString('en')} more` : ''
    gaps.push(`${feature.column} in row${samples.length === 1 ? '' : 's'} ${first.join(', ')}${others}`)
  }
  if (columns.length > 0)
    throw new UsageError(
      `${split}: missing are ${gaps.join('; ')}: fill them in by impute(), first in prepare, or leave the rows out by dropMissing: [${columns.map((name) => `'${name}'`).join(', ')}]`,
    )
}
