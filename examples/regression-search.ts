/**
 * The search of a regression homework: 600 configurations of a 1–288–288–1 network on 100 noisy points with a gap, each judged by
 * 4-fold cross-validation: 2,400 trainings of 200 epochs. The test points are looked at once, by the winner:
 *
 *     assay search examples/regression-search.ts --final
 */
import { adam, experiment, kFold, mlp, mse, regressionFunction } from 'assay'
import { choice, logFloat, random, search } from 'assay/search'

const base = experiment({
  name: 'regression',
  data: regressionFunction('sinc(5x)', { train: 100, noise: 0.1, gaps: [[-0.5, -0.3]] }),
  split: { validation: 0 },
  model: mlp({ hidden: [288, 288], outputs: 1 }),
  loss: mse(),
  optimizer: adam(),
  batchSize: 75,
  epochs: 200,
  // A trial is judged by its last epoch: what lies before need not be scored.
  evaluation: { everyEpochs: 200 },
})

export default search({
  name: 'regression-search',
  space: { lr: logFloat(1e-4, 1e-1), weightDecay: logFloat(1e-6, 1e-2), dropout: choice([0, 0.1, 0.2, 0.4]) },
  experiment: ({ lr, weightDecay, dropout }) =>
    base.with({ optimizer: adam({ lr, weightDecay }), model: mlp({ hidden: [288, 288], outputs: 1, dropout }) }),
  objective: 'validation.loss',
  crossValidation: kFold({ folds: 4 }),
  sampler: random(),
  trials: 600,
})
