import {
  accuracy,
  adam,
  arrays,
  augment,
  batchNorm2d,
  conv2d,
  cosine,
  crossEntropy,
  dropout,
  earlyStopping,
  experiment,
  flatten,
  key,
  linear,
  normal,
  relu,
  sequential,
  standardize,
} from 'assay'

/** Noisy stripes: enough chance and state in their training that a resumed run that forgets some of it is found out. */
const samples = 600
const labels = Int32Array.from({ length: samples }, (_, i) => i % 3)
const noise = normal(key(3), samples * 144)
const pixels = Uint8Array.from(noise, (value, i) => {
  const [sample, row, column] = [Math.floor(i / 144), Math.floor((i % 144) / 12), i % 12]
  const stripe = [row, column, row + column][labels[sample] ?? 0] ?? 0
  return Math.max(0, Math.min(255, 120 + 40 * Math.sin(stripe) + 60 * value))
})

export default experiment({
  name: 'long',
  data: arrays({
    name: 'noisy-stripes',
    inputs: { data: pixels.subarray(0, 500 * 144), shape: [1, 12, 12] },
    targets: { task: 'classification', labels: labels.subarray(0, 500), classes: ['rows', 'columns', 'diagonals'] },
    test: {
      inputs: { data: pixels.subarray(500 * 144), shape: [1, 12, 12] },
      targets: { task: 'classification', labels: labels.subarray(500), classes: ['rows', 'columns', 'diagonals'] },
    },
  }),
  split: { validation: 100 },
  prepare: [augment({ shift: 1 }), standardize()],
  model: sequential(conv2d(16, 3), batchNorm2d(), relu(), conv2d(16, 3), relu(), flatten(), dropout(0.3), linear(3)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 3e-3 }),
  schedule: cosine(),
  batchSize: 24,
  epochs: 120,
  monitor: 'validation.accuracy',
  earlyStopping: earlyStopping({ patience: 90 }),
  evaluation: { everySteps: 5 },
  metrics: [accuracy()],
})
