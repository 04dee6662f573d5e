/**
 * Gradient norm and loss of every iteration of a small network that learns sinc(5x), with the cosine between successive gradients and how much of
 * its weights each step changes.
 *
 *     assay trajectories examples/training-dynamics/gradient-norm.ts
 *
 * The mean squared error against the function itself ends below 0.001.
 */
import { adam, experiment, mlp, mse, regressionFunction, tanh } from 'assay'

export default experiment({
  name: 'gradient-norm',
  data: regressionFunction('sinc(5x)', { train: 200 }),
  model: mlp({ hidden: [32, 32], outputs: 1, activation: tanh }),
  loss: mse(),
  optimizer: adam({ lr: 5e-3 }),
  batchSize: 20,
  epochs: 400,
  seeds: [0, 1, 2],
  record: { weights: { everyEpochs: 20 }, steps: { every: 1 } },
  asserts: { loss: { atMost: 1e-3 } },
})
