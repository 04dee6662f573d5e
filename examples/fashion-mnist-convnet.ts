/**
 * The same clothes as `fashion-mnist-dense.ts`, told apart by a convolutional network, which sees where pixels lie beside
 * each other. Four epochs reach 90 % test accuracy and more.
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
  fashionMnist,
  flatten,
  linear,
  maxPool2d,
  relu,
  sequential,
  standardize,
} from 'assay'

export default experiment({
  name: 'fashion-mnist-convnet',
  data: fashionMnist(),
  split: { validation: 10_000 },
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
    dropout(0.3),
    linear(10),
  ),
  loss: crossEntropy(),
  optimizer: adam({ lr: 2e-3 }),
  schedule: cosine(),
  batchSize: 64,
  epochs: 4,
  metrics: [accuracy(), f1({ average: 'macro' })],
})
