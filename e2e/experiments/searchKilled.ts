import { adam, experiment, mlp, mse, regressionFunction } from 'assay'
import { float, grid, search } from 'assay/search'

/** Trials of a few hundredths of a second, one after the other, so that a kill finds some under way. */
const base = experiment({
  name: 'killed',
  data: regressionFunction('sinc(5x)', { train: 60 }),
  split: { validation: 0.25 },
  model: mlp({ hidden: [4], outputs: 1 }),
  loss: mse(),
  optimizer: adam(),
  batchSize: 15,
  epochs: 3,
  callbacks: [{ onEpoch: () => new Promise<void>((done) => setTimeout(done, 10)) }],
})

export default search({
  name: 'killed',
  space: { 'optimizer.lr': float(0.001, 0.09, { step: 0.001 }) },
  experiment: base,
  sampler: grid(),
})
