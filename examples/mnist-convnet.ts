/**
 * The main job: a small ConvNet on the full MNIST, trained offline on two cores. `npm start` runs it.
 * Three epochs reach 98.8 % test accuracy and more.
 */
import {
  accuracy,
  adam,
  conv2d,
  cosine,
  crossEntropy,
  dropout,
  experiment,
  f1,
  flatten,
  linear,
  maxPool2d,
  mnist,
  relu,
  sequential,
  standardize,
} from 'assay'

export default experiment({
  name: 'mnist-convnet',
  data: mnist(),
  split: { validation: 10_000, stratify: true },
  prepare: [standardize()],
  model: sequential(
    conv2d(16, 3, { padding: 'same' }),
    relu(),
    maxPool2d(2),
    conv2d(32, 3, { padding: 'same' }),
    relu(),
    maxPool2d(2),
    flatten(),
    linear(128),
    relu(),
    dropout(0.25),
    linear(10),
  ),
  loss: crossEntropy(),
  optimizer: adam({ lr: 2e-3 }),
  schedule: cosine(),
  batchSize: 64,
  epochs: 3,
  metrics: [accuracy(), f1({ average: 'macro' })],
})
