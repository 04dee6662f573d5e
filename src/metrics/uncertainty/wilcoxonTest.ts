import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { differencesOf, type PairedTest } from './pairedTest.ts'

/** Up to so many pairs the p-value is exact. */
const EXACT_PAIRS = 50

export interface WilcoxonOptions {
  /**
   * What is asked: whether the values differ (default), or whether those of `a` are the smaller (`less`) or the larger ones (`greater`), a
   * question that must have been there before the values.
   */
  readonly alternative?: 'two-sided' | 'less' | 'greater'
}

/**
 * Wilcoxon's signed-rank test whether two models' values over the same folds differ: differences are ranked by size, and the ranks of
 * the positive and of the negative ones added. Equal differences share the mean of their ranks, and differences of 0 are left out
 * (SciPy's `zero_method='wilcox'`). Exact for up to 50 differences, ties included (SciPy 1.10 takes the normal
 * distribution for ties); the normal distribution with its variance corrected for ties beyond. 1 where no difference is left.
 *
 * Folds share training data, so that p-values over them are too small (Dietterich, Neural Computation 10, 1998): over seeds it is sound.
 *
 * The statistic is the smaller of the two sums of ranks. With n differences no p-value is below 2 / 2^n, one-sided 1 / 2^n.
 *
 * Source: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).
 *
 * @param a - values of the first model, one a fold
 * @param b - values of the second model in the same folds
 * @throws UsageError when there are not as many, none, or one is not finite
 *
 * @example
 * wilcoxonTest([0.91, 0.92, 0.93], [0.9, 0.9, 0.9]).pValue // 0.25
 */
export function wilcoxonTest(
  a: readonly number[],
  b: readonly number[],
  { alternative = 'two-sided' }: WilcoxonOptions = {},
): PairedTest {
  const differences = differencesOf(a, b).filter((d) => d !== 0)
  const n = differences.length
  const { doubled, tied } = doubledRanks(differences.map(Math.abs))
  const positive = doubled.reduce((sum, rank, i) => sum + ((differences[i] ?? 0) > 0 ? rank : 0), 0)
  const all = n * (n + 1)
  const statistic = Math.min(positive, all - positive) / 2
  const found = { test: 'Wilcoxon signed-rank', statistic, n } as const
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - tied / 48
  /** How likely a sum of ranks of at most so much is. */
  const below = (sum: number): number =>
    n <= EXACT_PAIRS ? exact(doubled, 2 * sum) : normalCdf((sum - all / 4) / Math.sqrt(variance), 0, 1)
  const pValue =
    alternative === 'two-sided'
      ? Math.min(1, 2 * below(statistic))
      : below((alternative === 'less' ? positive : all - positive) / 2)
  return { ...found, method: n <= EXACT_PAIRS ? 'exact' : 'normal', pValue }
}

/** Twice the rank of each value, so that shared ranks are whole, and Σ t³ − t over groups of t equal values. */
function doubledRanks(values: readonly number[]) {
  const order = values.map((_, i) => i).sort((i, j) => (values[i] ?? 0) - (values[j] ?? 0))
  const doubled = new Array<number>(values.length).fill(0)
  let tied = 0
  for (let begin = 0, end = 0; begin < order.length; begin = end) {
    const value = values[order[begin] ?? 0]
    while (end < order.length && values[order[end] ?? 0] === value) end++
    for (const i of order.slice(begin, end)) doubled[i] = begin + 1 + end
    tied += (end - begin) ** 3 - (end - begin)
  }
  return { doubled, tied }
}

/** The share of all choices of signs whose positive ranks add up to `bound` at most. */
function exact(doubled: readonly number[], bound: number): number {
  const total = doubled.reduce((sum, rank) => sum + rank, 0)
  // shares[s]: how likely the positive ranks are to add up to s.
  const shares = new Float64Array(total + 1)
  shares[0] = 1
  for (const rank of doubled)
    for (let s = total; s >= 0; s--) shares[s] = ((shares[s] ?? 0) + (s >= rank ? (shares[s - rank] ?? 0) : 0)) / 2
  return Math.min(
    1,
    shares.subarray(0, bound + 1).reduce((sum, share) => sum + share, 0),
  )
}
