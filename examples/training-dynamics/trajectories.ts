/**
 * Eight trainings of one dense network on MNIST from eight beginnings, its weights recorded every three epochs: their ways in the plane of two
 * principal components, for each layer and for the whole model, which weights matter, and how the weights are distributed along the way.
 *
 *     assay trajectories examples/training-dynamics/trajectories.ts
 *
 * A third of the training split is enough to see it. Test accuracy is 95 % and more.
 */
import { accuracy, adam, crossEntropy, experiment, mlp, mnist, standardize } from 'assay'

export default experiment({
  name: 'eight-runs',
  data: mnist(),
  split: { validation: 40_000, stratify: true },
  prepare: [standardize()],
  model: mlp({ hidden: [64, 32], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  batchSize: 128,
  epochs: 15,
  seeds: [0, 1, 2, 3, 4, 5, 6, 7],
  metrics: [accuracy()],
  evaluation: { everyEpochs: 3 },
  record: { weights: { everyEpochs: 3 } },
  asserts: { accuracy: { atLeast: 0.95 } },
})
