/** sinc(5x) by the same network with two activations: small enough to write about at once. */
import { adam, cosine, experiment, grid, mlp, mse, regressionFunction, relu, tanh } from 'assay'
import { r2 } from 'assay/metrics'

const base = experiment({
  name: 'sinc',
  data: regressionFunction('sinc(5x)', { train: 100 }),
  model: mlp({ hidden: [32, 32], outputs: 1 }),
  loss: mse(),
  optimizer: adam({ lr: 1e-2 }),
  schedule: cosine(),
  batchSize: 20,
  epochs: 300,
  seeds: [0, 1, 2],
  metrics: [r2()],
  asserts: { loss: { atMost: 5e-3 } },
})

export default grid(
  {
    tanh: base.with({ model: mlp({ hidden: [32, 32], outputs: 1, activation: tanh }) }),
    relu: base.with({ model: mlp({ hidden: [32, 32], outputs: 1, activation: relu }) }),
  },
  {},
  { name: 'activations' },
)
