/**
 * The same clothes as `fashion-mnist-dense.ts`, told apart by a convolutional network, which sees where pixels lie beside each other,
 * on images that are shifted and mirrored by chance.
 */
import {
  accuracy,
  adamW,
  augment,
  convNet,
  crossEntropy,
  experiment,
  f1,
  fashionMnist,
  oneCycle,
  standardize,
} from 'assay'

export default experiment({
  name: 'fashion-mnist-convnet',
  data: fashionMnist(),
  split: { validation: 5_000 },
  prepare: [augment({ shift: 1, flip: 'horizontal' }), standardize()],
  model: convNet({ channels: [16, 48, 96], hidden: 128, batchNorm: true, dropout: 0.2 }),
  loss: crossEntropy(),
  optimizer: adamW({ lr: 6e-3, weightDecay: 0.02 }),
  schedule: oneCycle(),
  batchSize: 128,
  epochs: 13,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
  asserts: { accuracy: { atLeast: 0.93 } },
})
