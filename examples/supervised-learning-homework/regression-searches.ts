/** What the searches of the regression have in common: the space, and 4-fold cross-validation of the same folds. No search sees the test points. */
import { adam, kFold, mlp } from 'assay'
import { choice, logFloat, type Sampler, type Search, search } from 'assay/search'
import regression, { hidden } from './regression.ts'

export const regressionSearch = (name: string, sampler: Sampler, trials: number): Search =>
  search({
    name,
    space: { lr: logFloat(1e-4, 1e-1), weightDecay: logFloat(1e-6, 1e-2), dropout: choice([0, 0.1, 0.2, 0.4]) },
    experiment: ({ lr, weightDecay, dropout }) =>
      regression.with({
        name,
        model: mlp({ hidden, outputs: 1, dropout }),
        optimizer: adam({ lr, weightDecay }),
        batchSize: 75,
        // A trial is judged by its last epoch: what lies before need not be scored.
        evaluation: { everyEpochs: 200 },
        split: { validation: 0 },
        seeds: [0],
      }),
    objective: 'validation.loss',
    crossValidation: kFold({ folds: 4 }),
    sampler,
    trials,
  })
