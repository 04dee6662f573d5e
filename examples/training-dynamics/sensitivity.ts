/**
 * Item 9 of the homework: sensitivity to the input, sharpness, loss and accuracy against batch size, with three seeds each, and the batch size that balances them, with
 * the confidence that three seeds allow. All train for the same number of epochs, and so the larger the batch, the fewer steps:
 *
 *     assay sensitivity examples/training-dynamics/sensitivity.ts
 */
import { accuracy, adam, crossEntropy, experiment, grid, mlp, mnist, standardize } from 'assay'

const base = experiment({
  name: 'sensitivity',
  data: mnist(),
  split: { validation: 50_000 },
  prepare: [standardize()],
  model: mlp({ hidden: [128], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  epochs: 10,
  evaluation: { everyEpochs: 10 },
  monitor: 'train.loss',
  seeds: [0, 1, 2],
  metrics: [accuracy()],
})

export default grid(base, { batchSize: [16, 64, 256, 1024, 4096] }, { name: 'sensitivity' })
