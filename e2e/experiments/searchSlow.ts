import { adam, experiment, mlp, mse, regressionFunction } from 'assay'
import { float, search, tpe } from 'assay/search'

/** Trials that take about a quarter of a second each, so that a kill finds some under way. */
const base = experiment({
  name: 'slow',
  data: regressionFunction('sinc(5x)', { train: 60 }),
  split: { validation: 0.25 },
  model: mlp({ hidden: [4], outputs: 1 }),
  loss: mse(),
  optimizer: adam(),
  batchSize: 15,
  epochs: 5,
  callbacks: [{ onEpoch: () => new Promise<void>((done) => setTimeout(done, 50)) }],
})

export default search({
  name: 'slow',
  space: { 'optimizer.lr': float(0.001, 0.1) },
  experiment: base,
  sampler: tpe({ startupTrials: 5 }),
  trials: 16,
})
