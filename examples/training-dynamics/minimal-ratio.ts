/**
 * Item 5 of the homework: minimal ratio (the share of positive eigenvalues of the Hessian) against loss, for 100 short trainings of a network of 25 parameters, each of which is
 * moved to where its gradient vanishes after it was trained. The lower the loss, the larger the ratio
 * (rank correlation -0.71 over the 88 whose gradient came near zero):
 *
 *     assay inspect minimal-ratio examples/training-dynamics/minimal-ratio.ts
 */
import { adam, experiment, mlp, mse, regressionFunction, tanh } from 'assay'

export default experiment({
  name: 'short-trainings',
  data: regressionFunction('sinc(5x)', { train: 128 }),
  model: mlp({ hidden: [8], outputs: 1, activation: tanh }),
  loss: mse(),
  optimizer: adam({ lr: 1e-2 }),
  batchSize: 32,
  epochs: 60,
  seeds: Array.from({ length: 100 }, (_, seed) => seed),
})
