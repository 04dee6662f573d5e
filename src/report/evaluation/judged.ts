import type { JudgedSample } from '../../figures/index.ts'
import { type ClassificationPredictions, softmax } from '../../metrics/index.ts'

/** Samples in a report, of each sort. */
const MOST = 10

/** Samples that a reader should look at. */
export interface NotableSamples {
  /** Wrong predictions that the network was surest of, the surest first. */
  readonly mistakes: readonly JudgedSample[]
  /** The highest entropy of the predicted probabilities first, right or wrong. */
  readonly uncertain: readonly JudgedSample[]
}

/** The surest mistakes and the most uncertain predictions of a classifier; of equals the first in the split. */
export function notableSamples(
  { targets, scores, classes }: ClassificationPredictions,
  names: readonly string[],
): NotableSamples {
  const probabilities = softmax(scores, classes)
  const nameOf = (c: number): string => names[c] ?? String(c)
  const judged = Array.from(targets, (label, index) => {
    const own = probabilities.subarray(index * classes, (index + 1) * classes)
    let [best, second, predicted, entropy] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0]
    for (const [c, p] of own.entries()) {
      if (p > best) [best, second, predicted] = [p, best, c]
      else if (p > second) second = p
      if (p > 0) entropy -= p * Math.log(p)
    }
    const margin = classes === 1 ? best : best - second
    return { index, label, predicted, confidence: best, margin, entropy }
  })
  const named = (all: typeof judged): JudgedSample[] =>
    all
      .slice(0, MOST)
      .map((sample) => ({ ...sample, label: nameOf(sample.label), predicted: nameOf(sample.predicted) }))
  return {
    mistakes: named(
      judged.filter(({ label, predicted }) => label !== predicted).sort((a, b) => b.confidence - a.confidence),
    ),
    uncertain: named(judged.toSorted((a, b) => b.entropy - a.entropy)),
  }
}
