import {
  type ArraysOptions,
  arrays,
  crossEntropy,
  type Experiment,
  experiment,
  fit,
  mse,
  parameterCount,
  prepare,
} from '../../../src/index.ts'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import type { Measured } from '../protocol.ts'
import type { Contestant } from '../serve.ts'
import { modelOf, optimizerOf } from './network.ts'

/** Steps of an epoch that are measured. An epoch has one more: its first would count the end of the epoch before. */
const MEASURED = 10

/**
 * Training as users have it, with `fit`: a step gathers its batch from a shuffled data set, runs forward and backward,
 * looks at the loss, keeps the outputs for the epoch's metrics and updates the weights.
 */
export async function training(work: Work, batch: number, data: Batch): Promise<Contestant> {
  const described = experimentOf(work, batch, data)
  const prepared = await prepare(described)
  let measured: { times: number[]; losses: number[] } = { times: [], losses: [] }
  let epochs = 0
  let before: number | undefined
  let goOn = (): void => {}
  let reach = (): void => {}
  let fail = (_: unknown): void => {}
  const nextStop = (): Promise<void> =>
    new Promise((resolve, reject) => {
      reach = resolve
      fail = reject
    })
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      goOn = resolve
      reach()
    })

  const ready = nextStop()
  let parameters = 0
  fit(described, prepared, 0, {
    onStart: ({ state }) => {
      parameters = parameterCount(state.variables)
      return stop()
    },
    onStep: ({ loss }) => {
      const now = performance.now()
      if (before !== undefined) measured.times.push(now - before)
      before = now
      measured.losses.push(loss)
    },
    onEpoch: () => {
      before = undefined
      epochs -= 1
      return epochs > 0 ? undefined : stop()
    },
  }).catch((error: unknown) => fail(error))
  await ready

  return {
    parameters,
    run: async (steps): Promise<Measured> => {
      measured = { times: [], losses: [] }
      epochs = Math.ceil(steps / MEASURED)
      const done = nextStop()
      goOn()
      await done
      const { times, losses } = measured
      return { times, losses: [...losses.slice(0, 1), ...losses.slice(-1)] }
    },
  }
}

/** The data set is the batch over and over, so that an epoch has steps to measure. */
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
