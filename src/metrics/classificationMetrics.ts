import { accuracyScore, balancedAccuracyScore, topKAccuracyScore } from './accuracy.ts'
import { crossEntropyScore } from './logLoss.ts'
import { classificationMetric, type Metric } from './metric.ts'
import { type AverageOptions, f1Score, precisionScore, recallScore } from './precisionRecallF1.ts'
import { argmax } from './scores.ts'

/**
 * Metric: share of examples whose class has the highest score. Say the majority class's share beside it: with unequal classes
 * use {@link balancedAccuracy}.
 *
 * @example
 * metrics: [accuracy(), f1({ average: 'macro' })]
 */
export const accuracy = (): Metric =>
  classificationMetric({ kind: 'accuracy', name: 'accuracy', goal: 'max' }, ({ scores, classes, targets }) =>
    accuracyScore(targets, argmax(scores, classes)),
  )

/**
 * Metric: mean recall over classes; see `balancedAccuracyScore`.
 *
 * @example
 * metrics: [balancedAccuracy()]
 */
export const balancedAccuracy = (): Metric =>
  classificationMetric(
    { kind: 'balancedAccuracy', name: 'balancedAccuracy', goal: 'max' },
    ({ scores, classes, targets }) => balancedAccuracyScore(targets, argmax(scores, classes), classes),
  )

/**
 * Metric: share of examples whose class is among the k highest scores (default 5); see `topKAccuracyScore`.
 *
 * @example
 * metrics: [topKAccuracy({ k: 3 })] // logged as top3Accuracy
 */
export const topKAccuracy = ({ k = 5 }: { readonly k?: number } = {}): Metric =>
  classificationMetric(
    { kind: 'topKAccuracy', name: `top${k}Accuracy`, goal: 'max', config: { k } },
    ({ scores, classes, targets }) => topKAccuracyScore(targets, scores, classes, { k }),
  )

/**
 * Metric: precision, averaged over classes (default `macro`); see `precisionRecallF1`.
 *
 * @example
 * metrics: [precision({ average: 'weighted' })] // logged as precisionWeighted
 */
export const precision = (options?: AverageOptions): Metric => averaged('precision', precisionScore, options)

/**
 * Metric: recall, averaged over classes (default `macro`); see `precisionRecallF1`.
 *
 * @example
 * metrics: [recall()] // logged as recallMacro
 */
export const recall = (options?: AverageOptions): Metric => averaged('recall', recallScore, options)

/**
 * Metric: F1, averaged over classes (default `macro`); see `precisionRecallF1`.
 *
 * @example
 * metrics: [accuracy(), f1({ average: 'macro' })] // logged as f1Macro
 */
export const f1 = (options?: AverageOptions): Metric => averaged('f1', f1Score, options)

/**
 * Metric: mean cross-entropy of the scores as logits, in nats; see `crossEntropyScore`. Equals the loss of `crossEntropy()` without
 * label smoothing or class weights.
 *
 * @example
 * metrics: [accuracy(), logLoss()]
 */
export const logLoss = (): Metric =>
  classificationMetric({ kind: 'logLoss', name: 'logLoss', goal: 'min' }, ({ scores, classes, targets }) =>
    crossEntropyScore(targets, scores, classes),
  )

function averaged(
  kind: 'precision' | 'recall' | 'f1',
  score: typeof f1Score,
  { average = 'macro' }: AverageOptions = {},
): Metric {
  const name = `${kind}${average.charAt(0).toUpperCase()}${average.slice(1)}`
  return classificationMetric({ kind, name, goal: 'max', config: { average } }, ({ scores, classes, targets }) =>
    score(targets, argmax(scores, classes), classes, { average }),
  )
}
