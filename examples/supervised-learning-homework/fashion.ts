/** The classification task on 6,000 images, with a network that trains in seconds: what methods are compared on, and searches search on. */
import { accuracy, adam, crossEntropy, experiment, f1, fashionMnist, mlp, standardize, subset } from 'assay'

export const hidden = [256, 128]

export default experiment({
  name: 'fashion-6000',
  data: subset(fashionMnist(), { train: 6_000 }),
  split: { validation: 1_000 },
  prepare: [standardize()],
  model: mlp({ hidden, outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  batchSize: 64,
  epochs: 15,
  seeds: [0, 1, 2],
  metrics: [accuracy(), f1({ average: 'macro' })],
})
