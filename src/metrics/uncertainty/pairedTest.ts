import { UsageError } from '../../errors.ts'

/** What a test of two models says. */
export interface PairedTest {
  readonly test: 'McNemar' | 'paired permutation' | 'Wilcoxon signed-rank' | 'DeLong'
  /** How the p-value was made: of all possibilities, of a draw from them, or of the normal distribution. */
  readonly method: 'exact' | 'drawn' | 'normal'
  /** Two-sided: how often a difference at least as large would come about if the models were alike. */
  readonly pValue: number
  /** What the test looks at; see the function. */
  readonly statistic: number
  /** Pairs that it rests on. */
  readonly n: number
}

/** Differences a − b of paired values. */
export function differencesOf(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length)
    throw new UsageError(`there are ${a.length} values of one model and ${b.length} of the other: give them in pairs`)
  if (a.length === 0) throw new UsageError('there is no pair of values: give one for each seed or fold')
  return a.map((value, i) => {
    const difference = value - (b[i] ?? Number.NaN)
    if (!Number.isFinite(difference))
      throw new UsageError(`pair ${i} is ${value} and ${b[i]}: give finite values; a run that diverged has none`)
    return difference
  })
}
