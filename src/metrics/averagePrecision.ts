import type { AverageOptions } from './precisionRecallF1.ts'
import { requireClass, requireProbabilities } from './predictions.ts'
import { ranking, type Tally, tallying } from './ranking.ts'
import type { Counts, Resampled } from './resampled.ts'
import { meanOver } from './rocAuc.ts'

/**
 * Average precision: Σ (Rₖ − Rₖ₋₁)·Pₖ over the thresholds from the highest score down, with precision P and recall R; the area under
 * the precision-recall curve without interpolation. Chance, and constant scores, get the share of the class.
 *
 * A class without examples has no recall: `none` gives NaN for it and means leave it out, NaN where there is no other;
 * scikit-learn 1.2 counts it as 0. With two classes give `{ of: 1 }` for scikit-learn's binary case.
 *
 * Source: scikit-learn, `average_precision_score`; Davis and Goadrich, "The relationship between precision-recall and ROC curves",
 * ICML 2006, say why not to interpolate.
 *
 * @param targets - true classes, [n]
 * @param probabilities - after softmax, [n, classes] row-major
 * @throws UsageError when a row is no distribution (logits given?), a probability is NaN, there is no example, or no such class
 *
 * @example
 * const probabilities = Float32Array.of(0.9, 0.1, 0.6, 0.4, 0.65, 0.35, 0.2, 0.8)
 * averagePrecisionScore(Int32Array.of(0, 0, 1, 1), probabilities, 2, { of: 1 }) // 0.833…
 */
export function averagePrecisionScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options: { readonly average: 'none' },
): readonly number[]
export function averagePrecisionScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options?: AverageOptions,
): number
export function averagePrecisionScore(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  options: AverageOptions | { readonly average: 'none' } = {},
): number | readonly number[] {
  requireProbabilities(probabilities, classes, targets)
  return options.average === 'none'
    ? precisions(targets, probabilities, classes)().each
    : averagePrecisionOf(targets, probabilities, classes, options)()
}

/** {@link averagePrecisionScore}, the scores sorted once for many resamples. */
export function averagePrecisionOf(
  targets: Int32Array,
  probabilities: Float32Array,
  classes: number,
  { average = 'macro', of }: AverageOptions = {},
): Resampled {
  if (of !== undefined) requireClass(of, classes)
  const one = of ?? (average === 'micro' ? average : undefined)
  if (one !== undefined) {
    const tally = tallying(ranking(targets, probabilities, classes, one))
    return (counts) => averagePrecision(tally(counts)).value
  }
  const each = precisions(targets, probabilities, classes)
  const over = average === 'weighted' ? average : 'macro'
  return (counts) => meanOver(each(counts), over)
}

function precisions(targets: Int32Array, probabilities: Float32Array, classes: number) {
  const tallies = Array.from({ length: classes }, (_, c) => tallying(ranking(targets, probabilities, classes, c)))
  return (counts?: Counts) => {
    const found = tallies.map((tally) => averagePrecision(tally(counts)))
    return { each: found.map(({ value }) => value), support: found.map(({ hits }) => hits) }
  }
}

function averagePrecision({ hits, misses }: Tally) {
  let [sum, before] = [0, 0]
  for (let step = 0; step < hits.length; step++) {
    const here = hits[step] ?? 0
    if (here > before) sum += ((here - before) * here) / (here + (misses[step] ?? 0))
    before = here
  }
  return { value: sum / before, hits: before }
}
