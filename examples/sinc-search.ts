/**
 * The best learning rate, width and batch size of a small network on 100 noisy samples of sinc(5x), by cross-validation. The test split is looked at
 * once, by the best: `assay search examples/sinc-search.ts --final` comes to a mean squared error below 0.005 against the function itself; the
 * search's best has 0.006 on noisy samples, whose noise alone has a variance of 0.0025.
 */
import { adam, cosine, experiment, kFold, mlp, mse, regressionFunction, tanh } from 'assay'
import { choice, int, logFloat, search, sobol } from 'assay/search'

export default search({
  name: 'sinc',
  space: {
    lr: logFloat(3e-4, 3e-2),
    hidden: choice([[16], [64], [16, 16], [64, 64]]),
    batchSize: int(15, 75, { step: 15 }),
  },
  experiment: ({ lr, hidden, batchSize }) =>
    experiment({
      name: 'sinc',
      data: regressionFunction('sinc(5x)', { train: 100, sampling: 'uniform', noise: 0.05 }),
      model: mlp({ hidden, outputs: 1, activation: tanh }),
      loss: mse(),
      optimizer: adam({ lr }),
      schedule: cosine(),
      batchSize,
      epochs: 200,
      asserts: { loss: { atMost: 5e-3 } },
    }),
  objective: 'validation.loss',
  crossValidation: kFold({ folds: 4 }),
  // Any number of workers makes the same trials.
  sampler: sobol(),
  trials: 32,
})
