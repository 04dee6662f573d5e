import { adam, experiment, mlp, mse, regressionFunction } from 'assay'
import { choice, float, random, search } from 'assay/search'

/** A search of seconds: 12 combinations. */
export default search({
  name: 'tiny',
  space: { lr: float(0.002, 0.02, { step: 0.006 }), hidden: choice([[4], [8, 8], [16]]) },
  experiment: ({ lr, hidden }) =>
    experiment({
      name: 'tiny',
      data: regressionFunction('sinc(5x)', { train: 60 }),
      split: { validation: 0.25 },
      model: mlp({ hidden, outputs: 1 }),
      loss: mse(),
      optimizer: adam({ lr }),
      batchSize: 15,
      epochs: 6,
    }),
  sampler: random(),
  trials: 8,
})
