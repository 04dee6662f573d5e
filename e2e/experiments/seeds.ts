import { adam, experiment, linear, mse, regressionFunction, sequential, tanh } from 'assay'

export default experiment({
  name: 'seeds',
  data: regressionFunction('sinc(5x)', { train: 200 }),
  model: sequential(linear(16), tanh(), linear(1)),
  loss: mse(),
  optimizer: adam({ lr: 1e-2 }),
  batchSize: 20,
  epochs: 40,
  seeds: [0, 1, 2, 3],
  metrics: [],
  asserts: { loss: { atMost: 10 } },
})
