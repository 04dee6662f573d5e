import { parseConfig } from '../../nn/index.ts'
import { mul, reduceSum, relu, square, sub, type Tensor } from '../../tensor/index.ts'
import { type Baseline, scoresOfClasses, signsOf } from '../baseline.ts'
import { linearModel, minimise } from './linearModel.ts'
import { penaltySchema } from './logisticRegression.ts'

export interface LinearSvmOptions {
  /** Weight of the losses against half the squares of the weights: less keeps the weights smaller (default 1). */
  readonly c?: number
}

const squaredHinge = (outputs: Tensor, signs: Tensor): Tensor => reduceSum(square(relu(sub(1, mul(outputs, signs)))))

/**
 * Linear support vector machine, one class against the rest: C Σ max(0, 1 − y f(x))² + ½ (|weights|² + intercept²),
 * minimised by L-BFGS. Scores are margins, no logarithms of probabilities. As scikit-learn's LinearSVC with its defaults,
 * which keeps the intercept small too. The features should be on one scale.
 *
 * @example
 * const { test } = await baseline(experiment, linearSvm({ c: 0.1 }))
 */
export function linearSvm(options: LinearSvmOptions = {}): Baseline {
  const { c = 1 } = parseConfig('linearSvm', penaltySchema, options)
  return {
    kind: 'linearSvm',
    config: { c },
    tasks: ['classification'],
    fit: async (samples, answers) => {
      const { outputs, targets } = signsOf('linearSvm', answers, -1)
      const { weights, intercepts } = await minimise({
        ...{ samples, targets, outputs, loss: squaredHinge, c },
        isInterceptPenalised: true,
      })
      return linearModel(weights, intercepts, (values) => scoresOfClasses(values, outputs))
    },
  }
}
