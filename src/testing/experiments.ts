/** Experiments on made data, small enough to train in a test. @module */
import { standardize } from '../data/index.ts'
import { accuracy, f1 } from '../metrics/index.ts'
import {
  batchNorm2d,
  conv2d,
  crossEntropy,
  dropout,
  flatten,
  linear,
  maxPool2d,
  relu,
  sequential,
  stateDict,
} from '../nn/index.ts'
import { adam, sgd } from '../optim/index.ts'
import { type Experiment, experiment, type FitOptions, prepare, fit as train } from '../train/index.ts'
import { clouds, stripes } from './made.ts'

/** A dense network with dropout. */
export const classify = experiment({
  name: 'clouds',
  data: clouds({ samples: 90, test: 30 }),
  split: { validation: 0.2 },
  prepare: [standardize()],
  model: sequential(linear(16), relu(), dropout(0.2), linear(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.02 }),
  batchSize: 16,
  epochs: 3,
  metrics: [accuracy(), f1()],
})

/** A convolutional network with batch norm; its last batch is smaller. */
export const convolve = experiment({
  name: 'stripes',
  data: stripes(44),
  prepare: [standardize()],
  model: sequential(conv2d(4, 3), batchNorm2d(), relu(), maxPool2d(2), flatten(), linear(2)),
  loss: crossEntropy(),
  optimizer: sgd({ lr: 0.05, momentum: 0.9 }),
  batchSize: 16,
  epochs: 2,
  metrics: [accuracy()],
})

/** Losses of all steps, and weights and running statistics at the end. */
export async function trained(of: Experiment, seed: number, hooks: FitOptions = {}) {
  const losses: number[] = []
  const prepared = await prepare(of)
  const result = await train(of, prepared, seed, { ...hooks, onStep: ({ loss }) => losses.push(loss) })
  return { ...result, prepared, losses, weights: stateDict(result.state.variables) }
}
