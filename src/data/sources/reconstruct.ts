import { UsageError } from '../../errors.ts'
import { createDataset, type DataSource, type Dataset, type Inputs, inMemory } from '../dataset.ts'
import { column } from '../table/column.ts'

/**
 * Another source's samples, each with itself as its target: for autoencoders. Targets are float32 from 0 to 1 in the shape of the
 * inputs, so that both `bce()` and `mse()` take them: bytes are divided by 255, and floats must lie in that range already. The
 * inputs stay as they are stored, for the experiment to prepare. Classes stay beside the samples as the column `class`.
 *
 * Targets are kept in memory, four bytes a number: 60,000 images of 28 × 28 take 188 MB.
 *
 * An augmentation changes inputs alone. Noise makes a denoising autoencoder; a shift or a turn asks for what nobody can know.
 *
 * @throws UsageError at loading, when a float lies outside [0, 1], or the inputs are not in memory
 *
 * @example
 * const { train } = await reconstruct(mnist()).load()
 * train.targets.task // 'regression', of shape [1, 28, 28]
 */
export const reconstruct = (source: DataSource): DataSource => ({
  kind: 'reconstruct',
  config: { source: { kind: source.kind, ...source.config } },
  load: async (hooks) => {
    const splits = await source.load(hooks)
    return { ...splits, train: toItself(splits.train, 'train'), test: toItself(splits.test, 'test') }
  },
})

function toItself(dataset: Dataset, split: string): Dataset {
  const { name, inputs, targets, columns = [] } = inMemory(dataset)
  const classes = targets.task === 'classification' ? targets : undefined
  const isNew = classes !== undefined && columns.every((one) => one.name !== 'class')
  const named = isNew ? Array.from(classes.labels, (label) => classes.classes[label] ?? String(label)) : []
  const beside = isNew ? [...columns, column('class', named)] : columns
  return createDataset({
    name,
    inputs,
    targets: { task: 'regression', shape: inputs.shape, values: unitValues(`${name} (${split})`, inputs) },
    ...(beside.length > 0 && { columns: beside }),
  })
}

function unitValues(title: string, { data }: Inputs): Float32Array {
  if (data instanceof Uint8Array) {
    // Many times faster than Float32Array.from with a function.
    const values = new Float32Array(data)
    for (let i = 0; i < values.length; i++) values[i] = (values[i] ?? 0) / 255
    return values
  }
  const outside = data.find((value) => !(value >= 0 && value <= 1))
  if (outside !== undefined)
    throw new UsageError(
      `reconstruct: ${title} holds ${outside}, and targets lie between 0 and 1: give bytes, or floats in that range`,
    )
  return data
}
