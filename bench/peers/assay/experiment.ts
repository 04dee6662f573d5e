import { type ArraysOptions, arrays, crossEntropy, type Experiment, experiment, mse } from '../../../src/index.ts'
import type { Batch } from '../../work/batch.ts'
import { flopsOf, type Work } from '../../work/work.ts'
import { modelOf, optimizerOf } from './network.ts'

/** Steps of an epoch: few where a step is long, so that a turn is not. */
export const stepsOf = (work: Work, batch: number): number =>
  Math.max(4, Math.min(11, Math.floor(1e11 / flopsOf(work, batch))))

/** The work as an experiment. Its data set is the batch over and over, so that an epoch has several steps. */
export function experimentOf(work: Work, batch: number, data: Batch): Experiment {
  const { name, sample, target, network } = work
  const times = stepsOf(work, batch)
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
