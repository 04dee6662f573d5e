/**
 * sinc(5x) from 200 samples, by a small dense network whose learning rate falls: a mean squared error below 0.001 against the
 * function itself, as the mean over three seeds.
 */
import { adam, cosine, experiment, mlp, mse, regressionFunction, tanh } from 'assay'
import { r2 } from 'assay/metrics'

export default experiment({
  name: 'sinc',
  data: regressionFunction('sinc(5x)', { train: 200 }),
  model: mlp({ hidden: [32, 32], outputs: 1, activation: tanh }),
  loss: mse(),
  optimizer: adam({ lr: 1e-2 }),
  schedule: cosine(),
  batchSize: 20,
  epochs: 1000,
  seeds: [0, 1, 2],
  metrics: [r2()],
  asserts: { loss: { atMost: 1e-3 } },
})
