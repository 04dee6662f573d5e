/**
 * Clothes told apart by a dense network: Fashion-MNIST from Debian's package `dataset-fashion-mnist`, a folder, or the
 * network. Six epochs reach 88 % test accuracy and more.
 */
import {
  accuracy,
  adam,
  cosine,
  crossEntropy,
  dropout,
  experiment,
  f1,
  fashionMnist,
  flatten,
  linear,
  relu,
  sequential,
  standardize,
} from 'assay'

export default experiment({
  name: 'fashion-mnist-dense',
  data: fashionMnist(),
  split: { validation: 10_000 },
  prepare: [standardize()],
  model: sequential(flatten(), linear(256), relu(), dropout(0.2), linear(128), relu(), dropout(0.2), linear(10)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3, weightDecay: 1e-5 }),
  schedule: cosine(),
  batchSize: 64,
  epochs: 6,
  metrics: [accuracy(), f1({ average: 'macro' })],
})
