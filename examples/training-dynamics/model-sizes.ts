/**
 * Item 7 of the homework: loss and accuracy against the number of parameters, for eleven sizes of one network on 5,000 images of MNIST, with two seeds each:
 *
 *     assay inspect generalization examples/training-dynamics/model-sizes.ts
 */
import { accuracy, adam, crossEntropy, experiment, grid, mlp, mnist, standardize } from 'assay'

const WIDTHS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

const small = experiment({
  name: 'model-sizes',
  data: mnist(),
  split: { validation: 55_000 },
  prepare: [standardize()],
  model: mlp({ hidden: [1], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  batchSize: 64,
  epochs: 15,
  evaluation: { everyEpochs: 15 },
  monitor: 'train.loss',
  seeds: [0, 1],
  metrics: [accuracy()],
})

export default grid(
  small,
  {
    width: Object.fromEntries(WIDTHS.map((width) => [String(width), { model: mlp({ hidden: [width], outputs: 10 }) }])),
  },
  { name: 'model-sizes' },
)
