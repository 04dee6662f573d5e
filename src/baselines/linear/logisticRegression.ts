import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { logSoftmax, mul, reduceSum, softplus, sub, type Tensor } from '../../tensor/index.ts'
import { type Baseline, scoresOfClasses, signsOf } from '../baseline.ts'
import { linearModel, minimise } from './linearModel.ts'

export interface LogisticRegressionOptions {
  /** Weight of the losses against half the squares of the weights: less keeps the weights smaller (default 1). */
  readonly c?: number
}

export const penaltySchema = z.strictObject({ c: z.number().positive('give a number above 0').optional() })

const multinomial = (outputs: Tensor, targets: Tensor): Tensor => mul(reduceSum(mul(logSoftmax(outputs), targets)), -1)
const binomial = (outputs: Tensor, targets: Tensor): Tensor => reduceSum(sub(softplus(outputs), mul(outputs, targets)))

/**
 * Logistic regression: C Σ cross-entropy + ½ |weights|², intercepts free, minimised by L-BFGS. Scores are logits. As
 * scikit-learn's LogisticRegression with its defaults: softmax over more than two classes, one logit for two. The features
 * should be on one scale.
 *
 * @example
 * const { test } = await baseline(experiment, logisticRegression())
 */
export function logisticRegression(options: LogisticRegressionOptions = {}): Baseline {
  const { c = 1 } = parseConfig('logisticRegression', penaltySchema, options)
  return {
    kind: 'logisticRegression',
    config: { c },
    tasks: ['classification'],
    fit: async (samples, answers) => {
      const { outputs, targets } = signsOf('logisticRegression', answers, 0)
      const loss = outputs === 1 ? binomial : multinomial
      const { weights, intercepts } = await minimise({
        ...{ samples, targets, outputs, loss, c },
        isInterceptPenalised: false,
      })
      return linearModel(weights, intercepts, (values) => scoresOfClasses(values, outputs))
    },
  }
}
