/** What the searches of the classification have in common: the space, and 3-fold cross-validation on 6,000 images. No search sees the test images. */
import { adam, mlp, stratifiedKFold } from 'assay'
import { choice, logFloat, type Sampler, type Search, search } from 'assay/search'
import fashion from './fashion.ts'

export const fashionSearch = (name: string, sampler: Sampler, trials: number): Search =>
  search({
    name,
    space: {
      lr: logFloat(1e-4, 1e-1),
      hidden: choice([[128], [256, 128], [256, 128, 64]]),
      dropout: choice([0, 0.2, 0.4]),
    },
    experiment: ({ lr, hidden, dropout }) =>
      fashion.with({
        name,
        model: mlp({ hidden, outputs: 10, dropout }),
        optimizer: adam({ lr }),
        epochs: 8,
        evaluation: { everyEpochs: 8 },
        seeds: [0],
      }),
    objective: 'validation.accuracy',
    crossValidation: stratifiedKFold({ folds: 3 }),
    sampler,
    trials,
  })
