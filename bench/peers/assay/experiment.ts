import { type ArraysOptions, arrays, crossEntropy, type Experiment, experiment, mse } from '../../../src/index.ts'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import { modelOf, optimizerOf } from './network.ts'
import { MEASURED } from './pace.ts'

/** The work as an experiment. Its data set is the batch over and over, so that an epoch has steps to measure. */
export function experimentOf(work: Work, batch: number, data: Batch): Experiment {
  const { name, sample, target, network } = work
  const times = MEASURED + 1
  const inputs = new Float32Array(data.inputs.length * times)
  for (let i = 0; i < times; i++) inputs.set(data.inputs, i * data.inputs.length)
  const repeated = Array.from({ length: times }, () => [...data.targets]).flat()
  const targets: ArraysOptions['targets'] =
    target.kind === 'classes'
      ? { task: 'classification', labels: repeated, classes: Array.from({ length: target.count }, (_, i) => String(i)) }
      : { task: 'regression', values: Float32Array.from(repeated), shape: [target.count] }
  return experiment({
    name: `bench-${name}`,
    data: arrays({ name: 'made', inputs: { data: inputs, shape: sample }, targets }),
    model: modelOf(network),
    loss: target.kind === 'classes' ? crossEntropy() : mse(),
    optimizer: optimizerOf(work),
    batchSize: batch,
    // More than anyone will wait for: the benchmark ends the process when it has what it wants.
    epochs: 1_000_000,
  })
}
