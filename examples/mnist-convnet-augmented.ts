/**
 * The ConvNet of `npm start` with what makes it generalise: batch normalisation, images that are shifted and turned by chance, and
 * one cycle of the learning rate. 99.3 % and more of MNIST's test split, as the mean over three seeds.
 */
import { accuracy, adamW, augment, convNet, crossEntropy, experiment, f1, mnist, oneCycle, standardize } from 'assay'

export default experiment({
  name: 'mnist-convnet-augmented',
  data: mnist(),
  split: { validation: 5_000, stratify: true },
  prepare: [augment({ shift: 2, rotate: 10 }), standardize()],
  model: convNet({ channels: [16, 32], hidden: 128, batchNorm: true, dropout: 0.3 }),
  loss: crossEntropy(),
  optimizer: adamW({ lr: 6e-3, weightDecay: 0.01 }),
  schedule: oneCycle(),
  batchSize: 128,
  epochs: 8,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
  asserts: { accuracy: { atLeast: 0.993 } },
})
