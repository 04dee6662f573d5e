import { balancedAccuracyOf, hits, topKHits } from './accuracy.ts'
import { type KappaOptions, kappaOf, matthewsOf } from './agreement.ts'
import { ofConfusion } from './confusion.ts'
import { classificationMetric, type Metric } from './metric.ts'
import { type AverageOptions, precisionRecallF1Of } from './precisionRecallF1.ts'
import { resampledMean } from './resampled.ts'
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
    resampledMean(hits(targets, argmax(scores, classes))),
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
    ofConfusion(balancedAccuracyOf),
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
    ({ scores, classes, targets }) => resampledMean(topKHits(targets, scores, classes, k)),
  )

/**
 * Metric: precision, averaged over classes (default `macro`) or of one; see `precisionRecallF1`.
 *
 * @example
 * metrics: [precision({ average: 'weighted' })] // logged as precisionWeighted
 */
export const precision = (options?: AverageOptions): Metric => averaged('precision', options)

/**
 * Metric: recall, averaged over classes (default `macro`) or of one; see `precisionRecallF1`.
 *
 * @example
 * metrics: [recall(), recall({ of: 1 })] // logged as recallMacro and recallClass1
 */
export const recall = (options?: AverageOptions): Metric => averaged('recall', options)

/**
 * Metric: F1, averaged over classes (default `macro`) or of one; see `precisionRecallF1`.
 *
 * @example
 * metrics: [accuracy(), f1({ average: 'macro' })] // logged as f1Macro
 */
export const f1 = (options?: AverageOptions): Metric => averaged('f1', options)

/**
 * Metric: Cohen's κ; see `cohenKappaScore`.
 *
 * @example
 * metrics: [kappa({ weights: 'quadratic' })] // logged as kappaQuadratic
 */
export const kappa = (options: KappaOptions = {}): Metric =>
  classificationMetric(
    { kind: 'kappa', name: `kappa${capital(options.weights ?? '')}`, goal: 'max', config: { ...options } },
    ofConfusion((matrix) => kappaOf(matrix, options)),
  )

/**
 * Metric: Matthews's correlation coefficient; see `matthewsCorrcoef`.
 *
 * @example
 * metrics: [mcc()]
 */
export const mcc = (): Metric =>
  classificationMetric({ kind: 'mcc', name: 'mcc', goal: 'max' }, ofConfusion(matthewsOf))

/** What an average adds to a metric's name, and what the manifest says of it. */
export function averageChoice({ average = 'macro', of }: AverageOptions = {}) {
  return of === undefined ? { suffix: capital(average), config: { average } } : { suffix: `Class${of}`, config: { of } }
}

const capital = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`

function averaged(kind: 'precision' | 'recall' | 'f1', options?: AverageOptions): Metric {
  const { suffix, config } = averageChoice(options)
  return classificationMetric(
    { kind, name: `${kind}${suffix}`, goal: 'max', config },
    ofConfusion((matrix) => precisionRecallF1Of(matrix, options)[kind]),
  )
}
