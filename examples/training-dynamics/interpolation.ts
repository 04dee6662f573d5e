/**
 * Item 8 of the homework: loss and accuracy of the training and the test split along the line from networks that were trained with batches of 64 (α = 0) to
 * networks trained with batches of 1024 (α = 1), three pairs with a beginning in common each, for α from −1 to 2, on 10,000 images of MNIST. The learning rate of the
 * large batches is larger by √16. Both lie in one valley with a low wall between them, and the loss rises steeply beyond the small batches’ end:
 *
 *     assay interpolate examples/training-dynamics/interpolation.ts
 */
import { accuracy, adam, crossEntropy, experiment, grid, mlp, mnist, standardize } from 'assay'

const base = experiment({
  name: 'interpolation',
  data: mnist(),
  split: { validation: 50_000 },
  prepare: [standardize()],
  model: mlp({ hidden: [128, 64], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  epochs: 10,
  evaluation: { everyEpochs: 10 },
  monitor: 'train.loss',
  seeds: [0, 1, 2],
  metrics: [accuracy()],
})

export default grid(
  base,
  { batch: { 64: { batchSize: 64 }, 1024: { batchSize: 1024, optimizer: adam({ lr: 4e-3 }) } } },
  { name: 'interpolation' },
)
