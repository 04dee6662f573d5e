import { type ConfusionMatrix, confusionMatrix, margins, sum } from './confusion.ts'

export interface KappaOptions {
  /** What a mistake costs, for classes in order: |i − j| or (i − j)²; every mistake alike when left out. */
  readonly weights?: 'linear' | 'quadratic'
}

/**
 * Cohen's κ: how far predictions agree with the targets beyond what their frequencies alone would give, 1 − Σ w·O / Σ w·E with the
 * observed counts O, the counts E that independence expects, and the costs w. 1 is perfect, 0 is chance. NaN where targets and
 * predictions are all of one same class, because then chance is perfect too; scikit-learn gives the same.
 *
 * Source: Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960).
 *
 * @param targets - true classes, [n]
 * @param predicted - predicted classes, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number is not from 0 to classes − 1
 *
 * @example
 * cohenKappaScore(Int32Array.of(0, 0, 1, 1), Int32Array.of(0, 1, 1, 1), 2) // 0.5
 */
export const cohenKappaScore = (
  targets: Int32Array,
  predicted: Int32Array,
  classes: number,
  options?: KappaOptions,
): number => kappaOf(confusionMatrix(targets, predicted, classes), options)

/** {@link cohenKappaScore} of a confusion matrix. */
export function kappaOf({ counts }: ConfusionMatrix, { weights }: KappaOptions = {}): number {
  const { rows, columns, total } = margins(counts)
  const cost = weights === undefined ? unweighted : COSTS[weights]
  const mean = (cell: (i: number, j: number) => number) =>
    sum(counts.map((row, i) => sum(row.map((_, j) => cost(i, j) * cell(i, j)))))
  const expected = mean((i, j) => ((rows[i] ?? 0) * (columns[j] ?? 0)) / total)
  return 1 - mean((i, j) => counts[i]?.[j] ?? 0) / expected
}

const unweighted = (i: number, j: number): number => Number(i !== j)
const COSTS = {
  linear: (i: number, j: number): number => Math.abs(i - j),
  quadratic: (i: number, j: number): number => (i - j) ** 2,
}

/**
 * Matthews's correlation coefficient: the correlation of targets and predictions, in Gorodkin's form for any number of classes.
 * 1 is perfect, 0 is chance. 0 where the targets or the predictions are all of one class, as in scikit-learn.
 *
 * Source: Gorodkin, "Comparing two K-category assignments by a K-category correlation coefficient", Computational Biology and
 * Chemistry 28 (2004).
 *
 * @param targets - true classes, [n]
 * @param predicted - predicted classes, [n]
 * @throws UsageError when the lengths differ, there is no example, or a class number is not from 0 to classes − 1
 *
 * @example
 * matthewsCorrcoef(Int32Array.of(1, 1, 1, 0), Int32Array.of(1, 0, 1, 1), 2) // −0.333…
 */
export const matthewsCorrcoef = (targets: Int32Array, predicted: Int32Array, classes: number): number =>
  matthewsOf(confusionMatrix(targets, predicted, classes))

/** {@link matthewsCorrcoef} of a confusion matrix. */
export function matthewsOf({ counts }: ConfusionMatrix): number {
  const { rows, columns, total } = margins(counts)
  const dot = (a: readonly number[], b: readonly number[]) => sum(a.map((value, i) => value * (b[i] ?? 0)))
  const together = sum(counts.map((row, c) => row[c] ?? 0)) * total - dot(rows, columns)
  const spread = (total ** 2 - dot(rows, rows)) * (total ** 2 - dot(columns, columns))
  return spread === 0 ? 0 : together / Math.sqrt(spread)
}
