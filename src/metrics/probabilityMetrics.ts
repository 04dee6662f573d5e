import { averagePrecisionOf } from './averagePrecision.ts'
import { brierCosts } from './brier.ts'
import { type CalibrationOptions, calibrationErrorOf } from './calibration.ts'
import { averageChoice } from './classificationMetrics.ts'
import { crossEntropies } from './logLoss.ts'
import { classificationMetric, type Metric } from './metric.ts'
import type { AverageOptions } from './precisionRecallF1.ts'
import { requireScores } from './predictions.ts'
import { type Resampled, resampledMean } from './resampled.ts'
import { type RocAucOptions, rocAucOf } from './rocAuc.ts'
import { softmax } from './scores.ts'

/**
 * Metric: area under the ROC curve of the probabilities, averaged over classes (default `macro`), of one class, or one-versus-one;
 * see `rocAucScore`.
 *
 * @example
 * metrics: [rocAuc(), rocAuc({ of: 1 }), rocAuc({ multiClass: 'ovo' })] // logged as rocAucMacro, rocAucClass1, rocAucOvo
 */
export function rocAuc(options: RocAucOptions = {}): Metric {
  const { suffix, config } =
    options.multiClass === 'ovo'
      ? { suffix: 'Ovo', config: { multiClass: options.multiClass } }
      : averageChoice(options)
  return ofProbabilities({ kind: 'rocAuc', name: `rocAuc${suffix}`, goal: 'max', config }, (...predictions) =>
    rocAucOf(...predictions, options),
  )
}

/**
 * Metric: average precision of the probabilities, averaged over classes (default `macro`) or of one; see `averagePrecisionScore`.
 *
 * @example
 * metrics: [averagePrecision({ of: 1 })] // logged as averagePrecisionClass1
 */
export function averagePrecision(options?: AverageOptions): Metric {
  const { suffix, config } = averageChoice(options)
  return ofProbabilities(
    { kind: 'averagePrecision', name: `averagePrecision${suffix}`, goal: 'max', config },
    (...predictions) => averagePrecisionOf(...predictions, options),
  )
}

/**
 * Metric: mean cross-entropy of the scores as logits, in nats; see `crossEntropyScore`. Equals the loss of `crossEntropy()` without
 * label smoothing or class weights.
 *
 * @example
 * metrics: [accuracy(), logLoss()]
 */
export const logLoss = (): Metric =>
  classificationMetric({ kind: 'logLoss', name: 'logLoss', goal: 'min' }, ({ scores, classes, targets }) =>
    resampledMean(crossEntropies(targets, scores, classes)),
  )

/**
 * Metric: Brier score of the probabilities; see `brierScoreLoss`.
 *
 * @example
 * metrics: [logLoss(), brier()]
 */
export const brier = (): Metric =>
  ofProbabilities({ kind: 'brier', name: 'brier', goal: 'min' }, (...predictions) =>
    resampledMean(brierCosts(...predictions)),
  )

/**
 * Metric: expected calibration error of the predicted class; see `expectedCalibrationError`.
 *
 * @example
 * metrics: [accuracy(), ece()] // logged as ece15Bins
 */
export const ece = ({ bins = 15 }: CalibrationOptions = {}): Metric =>
  ofProbabilities({ kind: 'ece', name: `ece${bins}Bins`, goal: 'min', config: { bins } }, (...predictions) =>
    calibrationErrorOf(...predictions, { bins }),
  )

/** Softmax makes distributions, so that they need no check, but for NaN where a logit is infinite. */
const ofProbabilities = (
  choice: Parameters<typeof classificationMetric>[0],
  resampled: (targets: Int32Array, probabilities: Float32Array, classes: number) => Resampled,
): Metric =>
  classificationMetric(choice, ({ targets, scores, classes }) => {
    requireScores(scores, classes, targets)
    const probabilities = softmax(scores, classes)
    return probabilities.some(Number.isNaN) ? () => Number.NaN : resampled(targets, probabilities, classes)
  })
