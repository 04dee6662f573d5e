import { UsageError } from '../../errors.ts'
import { foldIn, type Key, key as keyOf, randomBits } from '../../random/index.ts'
import { differencesOf, type PairedTest } from './pairedTest.ts'

export interface PermutationOptions {
  /** Chance of the draws (default `key(0)`); not needed where all assignments are looked at. */
  readonly key?: Key
  /** Assignments drawn where there are too many to look at all (default 100,000). */
  readonly permutations?: number
}

/** Up to so many pairs all 2^n assignments are looked at: half a million, since each has a mirror image. */
const EXACT_PAIRS = 20

/** Sums in other orders differ by rounding; what is as far out as the data counts as such. */
const ROUNDING = 1e-12

/**
 * Paired permutation (sign-flip) test whether two models' values over the same seeds have the same distribution: if they did, each pair
 * might as well be the other way round. The statistic is the mean of a − b. All assignments are looked at up to 20 pairs; beyond,
 * assignments are drawn and the p-value is (1 + those as far out) / (1 + drawn). With n pairs no p-value is below 2 / 2^n:
 * 5 seeds cannot reach 0.05, 6 can.
 *
 * Source: Fisher, "The design of experiments" (1935), section 21; the added 1: Phipson and Smyth, "Permutation p-values should never be
 * zero", Statistical Applications in Genetics and Molecular Biology 9 (2010).
 *
 * @param a - values of the first model, one a seed
 * @param b - values of the second model for the same seeds
 * @throws UsageError when there are not as many, none, one is not finite, or permutations is no count
 *
 * @example
 * pairedPermutationTest([0.91, 0.92, 0.93], [0.9, 0.9, 0.9]).pValue // 0.25
 */
export function pairedPermutationTest(
  a: readonly number[],
  b: readonly number[],
  { key = keyOf(0), permutations = 100_000 }: PermutationOptions = {},
): PairedTest {
  if (!Number.isInteger(permutations) || permutations < 1)
    throw new UsageError(`permutations is ${permutations}: give a whole number of at least 1`)
  const differences = differencesOf(a, b)
  const n = differences.length
  const total = differences.reduce((sum, d) => sum + d, 0)
  const scale = differences.reduce((sum, d) => sum + Math.abs(d), 0)
  const bound = Math.abs(total) - ROUNDING * scale
  const found = { test: 'paired permutation', statistic: total / n, n } as const
  if (n <= EXACT_PAIRS) return { ...found, method: 'exact', pValue: shareOfAll(differences, bound) }

  const signs = new Uint32Array(Math.ceil(n / 32))
  let asFar = 1
  for (let p = 0; p < permutations; p++) {
    randomBits(foldIn(foldIn(key, 'permutation test'), p), signs)
    let sum = 0
    for (let i = 0; i < n; i++) {
      const d = differences[i] ?? 0
      sum += ((signs[i >>> 5] ?? 0) >>> (i & 31)) & 1 ? d : -d
    }
    asFar += Number(Math.abs(sum) >= bound)
  }
  return { ...found, method: 'drawn', pValue: asFar / (permutations + 1) }
}

/** The first sign stays: flipping all signs mirrors the sum. */
function shareOfAll([first = 0, ...others]: readonly number[], bound: number): number {
  const sums = new Float64Array(2 ** others.length).fill(first)
  for (const [i, d] of others.entries())
    for (let s = 0; s < sums.length; s++) sums[s] = (sums[s] ?? 0) + ((s >>> i) & 1 ? d : -d)
  return sums.reduce((count, sum) => count + Number(Math.abs(sum) >= bound), 0) / sums.length
}
