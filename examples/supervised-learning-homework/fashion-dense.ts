/**
 * Clothes told apart by a dense network, on all images: normalised hidden layers, images that are mirrored by chance, and one cycle of the
 * learning rate.
 */
import {
  accuracy,
  adamW,
  augment,
  batchNorm1d,
  crossEntropy,
  dropout,
  experiment,
  f1,
  fashionMnist,
  flatten,
  linear,
  oneCycle,
  relu,
  sequential,
  standardize,
} from 'assay'

const hidden = (units: number) => [linear(units), batchNorm1d(), relu(), dropout(0.25)]

export default experiment({
  name: 'fashion-dense',
  data: fashionMnist(),
  split: { validation: 5_000 },
  prepare: [augment({ flip: 'horizontal' }), standardize()],
  model: sequential(flatten(), ...hidden(512), ...hidden(256), linear(10)),
  loss: crossEntropy(),
  optimizer: adamW({ lr: 4e-3, weightDecay: 0.02 }),
  schedule: oneCycle(),
  batchSize: 256,
  epochs: 20,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
  asserts: { accuracy: { atLeast: 0.9 } },
})
