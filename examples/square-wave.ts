/**
 * sign(sin 5πx): five jumps between -1 and 1, which no smooth function fits and a dense network does: a mean squared error below 0.05
 * against the function itself, as the mean over three seeds.
 */
import { adam, cosine, experiment, mlp, mse, regressionFunction } from 'assay'
import { r2 } from 'assay/metrics'

export default experiment({
  name: 'square-wave',
  data: regressionFunction('sign(sin(5πx))', { train: 500 }),
  model: mlp({ hidden: [64, 64, 64], outputs: 1 }),
  loss: mse(),
  optimizer: adam({ lr: 3e-3 }),
  schedule: cosine(),
  batchSize: 50,
  epochs: 1500,
  seeds: [0, 1, 2],
  metrics: [r2()],
  asserts: { loss: { atMost: 0.05 } },
})
