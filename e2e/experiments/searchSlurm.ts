import { adam, experiment, mlp, mse, regressionFunction } from 'assay'
import { float, search, tpe } from 'assay/search'

/** Forty trials of about a second each, one at a time, so that what is killed is at work. */
const base = experiment({
  name: 'forty',
  data: regressionFunction('sinc(5x)', { train: 60 }),
  split: { validation: 0.25 },
  model: mlp({ hidden: [4], outputs: 1 }),
  loss: mse(),
  optimizer: adam(),
  batchSize: 15,
  epochs: 10,
  callbacks: [{ onEpoch: () => new Promise<void>((done) => setTimeout(done, 60)) }],
})

export default search({
  name: 'forty',
  space: { 'optimizer.lr': float(0.001, 0.1) },
  experiment: base,
  sampler: tpe({ startupTrials: 10 }),
  trials: 40,
})
