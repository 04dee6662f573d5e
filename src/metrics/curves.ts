import { ResultKind } from '../display.ts'
import { averagePrecisionOf } from './averagePrecision.ts'
import { requireProbabilities } from './predictions.ts'
import { descend, type Ranking, ranking } from './ranking.ts'
import { rocAucOf } from './rocAuc.ts'

export interface RocPoint {
  /** Share of the other classes' examples that score at least `threshold`. */
  readonly falsePositiveRate: number
  /** Share of the class's examples that do: its recall. */
  readonly truePositiveRate: number
  /** Infinity at the first point, where nothing is found; NaN in a macro average, whose classes have different ones. */
  readonly threshold: number
}

export interface RocCurve {
  /** From (0, 0) to (1, 1), both rates never falling. */
  readonly points: readonly RocPoint[]
  /** See `rocAucScore`. */
  readonly auc: number
}

export const rocKind = new ResultKind<RocCurve>()

export interface PrecisionRecallPoint {
  /** Share of the class's examples that score at least `threshold`. */
  readonly recall: number
  /** Share of the examples that score at least `threshold` which are of the class; 1 at the first point, as in scikit-learn. */
  readonly precision: number
  /** Infinity at the first point, where nothing is found. */
  readonly threshold: number
}

export interface PrecisionRecallCurve {
  /** From recall 0 to recall 1. */
  readonly points: readonly PrecisionRecallPoint[]
  /** See `averagePrecisionScore`. */
  readonly averagePrecision: number
  /** Precision of chance: the share of the class. */
  readonly chance: number
}

export const precisionRecallKind = new ResultKind<PrecisionRecallCurve>()

/**
 * The ROC curve of one class against the rest, of all pairs (example, class) pooled (`micro`), or the mean of the classes' curves
 * (`macro`: their recalls averaged at every false positive rate that one of them has). Points on a straight line between their
 * neighbours are left out, so that a curve over 60,000 examples has some hundreds.
 *
 * A class that has no examples, or all of them, has no curve: its rates are NaN, and a macro average leaves it out.
 *
 * Source: scikit-learn, `roc_curve`; Fawcett, "An introduction to ROC analysis", Pattern Recognition Letters 27 (2006).
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @param of - a class number, `micro` or `macro`
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, there is no example, or no such class
 *
 * @example
 * const { points, auc } = rocCurve(Int32Array.of(0, 1), Float32Array.of(0.8, 0.2, 0.3, 0.7), 2, 1)
 * points // (0, 0) above ∞, (0, 1) from 0.7, (1, 1) from 0.2; auc is 1
 */
export function rocCurve(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  of: number | 'micro' | 'macro',
): RocCurve {
  requireProbabilities(probabilities, classes, targets)
  const options = of === 'micro' || of === 'macro' ? { average: of } : { of }
  const auc = rocAucOf(targets, probabilities, classes, options)()
  if (of !== 'macro') return rocKind.mark({ points: rocPoints(ranking(targets, probabilities, classes, of)), auc })
  const curves = Array.from({ length: classes }, (_, c) => rocPoints(ranking(targets, probabilities, classes, c)))
  return rocKind.mark({ points: meanCurve(curves.filter(isCurve)), auc })
}

/**
 * The precision-recall curve of one class against the rest, or of all pairs (example, class) pooled (`micro`). Thresholds between
 * two at which no further example of the class is found are left out: there only precision falls.
 *
 * A class without examples has no recall: its points hold NaN.
 *
 * Source: scikit-learn, `precision_recall_curve(drop_intermediate=True)`, whose points come from the lowest threshold to the highest.
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @param of - a class number, or `micro`
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, there is no example, or no such class
 *
 * @example
 * precisionRecallCurve(Int32Array.of(0, 1), Float32Array.of(0.8, 0.2, 0.3, 0.7), 2, 1).averagePrecision // 1
 */
export function precisionRecallCurve(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  of: number | 'micro',
): PrecisionRecallCurve {
  requireProbabilities(probabilities, classes, targets)
  const steps = stepsOf(ranking(targets, probabilities, classes, of))
  const all = steps.at(-1) ?? START
  const kept = steps.filter((step, k) => {
    const [before, after] = [steps[k - 1], steps[k + 1]]
    return !before || !after || before.hits !== step.hits || after.hits !== step.hits
  })
  const points = kept.map(({ hits, misses, threshold }) => ({
    recall: hits / all.hits,
    precision: hits / (hits + misses),
    threshold,
  }))
  const options = of === 'micro' ? { average: of } : { of }
  return precisionRecallKind.mark({
    points: [{ recall: 0, precision: 1, threshold: Number.POSITIVE_INFINITY }, ...points],
    averagePrecision: averagePrecisionOf(targets, probabilities, classes, options)(),
    chance: all.hits / (all.hits + all.misses),
  })
}

interface Step {
  readonly hits: number
  readonly misses: number
  readonly threshold: number
}
const START: Step = { hits: 0, misses: 0, threshold: Number.POSITIVE_INFINITY }

/** What is found at each different score, from the highest down. */
function stepsOf(place: Ranking): Step[] {
  const steps: Step[] = []
  descend(place, undefined, (hits, misses, _, __, end) => {
    steps.push({ hits, misses, threshold: place.scores[end - 1] ?? Number.NaN })
  })
  return steps
}

function rocPoints(place: Ranking): RocPoint[] {
  const steps = stepsOf(place)
  const all = steps.at(-1) ?? START
  const corners = steps.filter((step, k) => {
    const [before, after] = [steps[k - 1], steps[k + 1]]
    if (!before || !after) return true
    return (
      step.hits - before.hits !== after.hits - step.hits || step.misses - before.misses !== after.misses - step.misses
    )
  })
  return [START, ...corners].map(({ hits, misses, threshold }) => ({
    falsePositiveRate: misses / all.misses,
    truePositiveRate: hits / all.hits,
    threshold,
  }))
}

const isCurve = (points: readonly RocPoint[]): boolean =>
  points.every(({ falsePositiveRate, truePositiveRate }) => !Number.isNaN(falsePositiveRate + truePositiveRate))

/** Both ends of every vertical rise are kept, so that the area under the mean is the mean of the areas. */
function meanCurve(curves: readonly (readonly RocPoint[])[]): RocPoint[] {
  const rates = Float64Array.from(new Set(curves.flatMap((points) => points.map((point) => point.falsePositiveRate))))
  rates.sort()
  const [bottoms, tops] = [new Float64Array(rates.length), new Float64Array(rates.length)]
  for (const points of curves) {
    let k = 0
    for (const [i, rate] of rates.entries()) {
      while ((points[k]?.falsePositiveRate ?? rate) < rate) k++
      bottoms[i] = (bottoms[i] ?? 0) + recallAt(rate, points[k - 1], points[k])
      while (points[k + 1]?.falsePositiveRate === rate) k++
      tops[i] = (tops[i] ?? 0) + recallAt(rate, points[k - 1], points[k])
    }
  }
  return Array.from(rates).flatMap((falsePositiveRate, i) =>
    [...new Set([bottoms[i] ?? 0, tops[i] ?? 0])].map((total) => ({
      falsePositiveRate,
      truePositiveRate: total / curves.length,
      threshold: Number.NaN,
    })),
  )
}

/** Recall on the line between two points, of which the second is at the rate or beyond it. */
function recallAt(rate: number, from: RocPoint | undefined, to: RocPoint | undefined): number {
  if (to === undefined) return Number.NaN
  if (from === undefined || to.falsePositiveRate === rate) return to.truePositiveRate
  const along = (rate - from.falsePositiveRate) / (to.falsePositiveRate - from.falsePositiveRate)
  return from.truePositiveRate + along * (to.truePositiveRate - from.truePositiveRate)
}
