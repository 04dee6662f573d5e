/**
 * LeNet-5 with the activations and the pooling of today: 99.0 % and more of MNIST's test split, as the mean over three seeds.
 */
import {
  accuracy,
  adamW,
  crossEntropy,
  experiment,
  f1,
  leNet5,
  maxPool2d,
  mnist,
  oneCycle,
  relu,
  standardize,
} from 'assay'

export default experiment({
  name: 'mnist-lenet5',
  data: mnist(),
  split: { validation: 5_000, stratify: true },
  prepare: [standardize()],
  model: leNet5({ activation: relu, pool: maxPool2d }),
  loss: crossEntropy(),
  optimizer: adamW({ lr: 4e-3, weightDecay: 0.01 }),
  schedule: oneCycle(),
  batchSize: 128,
  epochs: 8,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
  asserts: { accuracy: { atLeast: 0.99 } },
})
