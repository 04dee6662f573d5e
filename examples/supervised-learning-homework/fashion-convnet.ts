/** The same clothes, told apart by blocks of two convolutions, with batch normalisation and images that are moved and mirrored by chance. */
import {
  accuracy,
  adamW,
  augment,
  batchNorm2d,
  conv2d,
  crossEntropy,
  dropout,
  experiment,
  f1,
  fashionMnist,
  flatten,
  linear,
  maxPool2d,
  oneCycle,
  relu,
  sequential,
  standardize,
} from 'assay'

const convolution = (channels: number) => [conv2d(channels, 3, { padding: 'same', bias: false }), batchNorm2d(), relu()]
const block = (channels: number) => [...convolution(channels), ...convolution(channels), maxPool2d(2)]

export default experiment({
  name: 'fashion-convnet',
  data: fashionMnist(),
  split: { validation: 5_000 },
  prepare: [augment({ shift: 1, flip: 'horizontal' }), standardize()],
  model: sequential(
    ...block(16),
    ...block(32),
    ...block(64),
    ...[flatten(), dropout(0.3), linear(128), relu(), dropout(0.3), linear(10)],
  ),
  loss: crossEntropy(),
  optimizer: adamW({ lr: 5e-3, weightDecay: 0.02 }),
  schedule: oneCycle(),
  batchSize: 128,
  epochs: 13,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
  asserts: { accuracy: { atLeast: 0.93 } },
})
