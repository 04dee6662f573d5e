import { accuracy, adam, arrays, crossEntropy, experiment, key, linear, normal, sequential, tanh } from 'assay'

/** Two clouds in the plane that a small network tells apart, with a test split. */
const cloud = (samples: number, seed: number) => ({
  inputs: {
    data: normal(key(seed), 2 * samples).map((value, i) => value + (Math.floor(i / 2) % 2 === 0 ? 1 : -1)),
    shape: [2],
  },
  targets: {
    task: 'classification' as const,
    labels: Int32Array.from({ length: samples }, (_, i) => i % 2),
    classes: ['right', 'left'],
  },
})

export default experiment({
  name: 'curved',
  data: arrays({ name: 'clouds', ...cloud(80, 1), test: cloud(40, 2) }),
  model: sequential(linear(4), tanh(), linear(2)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.02 }),
  batchSize: 16,
  epochs: 8,
  metrics: [accuracy()],
})
