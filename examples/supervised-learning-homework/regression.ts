/**
 * The regression task: sinc(5x) from 100 noisy points, none of them between -0.5 and -0.3. A network is tested on 500 points of the function
 * itself, the gap with them.
 */
import { adam, experiment, mlp, mse, regressionFunction } from 'assay'
import { r2 } from 'assay/metrics'

export const hidden = [288, 288]

export default experiment({
  name: 'regression',
  data: regressionFunction('sinc(5x)', { train: 100, noise: 0.1, gaps: [[-0.5, -0.3]] }),
  split: { validation: 20 },
  model: mlp({ hidden, outputs: 1 }),
  loss: mse(),
  optimizer: adam({ lr: 1e-3 }),
  batchSize: 20,
  epochs: 200,
  seeds: [0, 1, 2],
  metrics: [r2()],
})
