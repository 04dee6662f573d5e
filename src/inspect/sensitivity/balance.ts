import { foldIn, type Key, key, randomBits } from '../../random/index.ts'

/** What is known of one run of one choice; of all, less is better. */
export interface Weighed {
  readonly choice: number
  readonly seed: number
  /** By criterion. */
  readonly values: Readonly<Record<string, number>>
}

export interface Balance {
  /** The choice whose mean rank over the criteria is lowest, each by its mean over the seeds. */
  readonly choice: number
  /** Of each choice, by criterion and as the mean of these; 1 is best. */
  readonly ranks: readonly {
    readonly choice: number
    readonly byCriterion: Readonly<Record<string, number>>
    readonly mean: number
  }[]
  /**
   * How often each choice comes out when each choice's seeds are drawn anew, with replacement. Absent where a choice has one seed alone: how another would have come
   * out, nothing tells.
   */
  readonly confidence?: readonly { readonly choice: number; readonly share: number }[]
  readonly resamples: number
}

/**
 * Which choice (a batch size, for instance) balances several criteria best: ranks choices by each criterion's mean over the seeds and takes the lowest mean rank. Ranks, as
 * criteria have no unit in common; so each counts as much as any other. Equal ranks are shared.
 *
 * @param options.resamples - default 2000
 *
 * @example
 * balance(runs.map(({ batchSize, seed, loss, jacobian }) => ({ choice: batchSize, seed, values: { loss, jacobian } })))
 * // { choice: 64, confidence: [{ choice: 64, share: 0.82 }, …], … }
 */
export function balance(
  runs: readonly Weighed[],
  { resamples = 2000, key: from = key(0) }: { readonly resamples?: number; readonly key?: Key } = {},
): Balance {
  const choices = [...new Set(runs.map(({ choice }) => choice))].sort((a, b) => a - b)
  const criteria = Object.keys(runs[0]?.values ?? {})
  const byChoice = choices.map((choice) => runs.filter((run) => run.choice === choice))
  const ranks = ranked(
    byChoice.map((own) => criteria.map((criterion) => mean(own.map(({ values }) => values[criterion] ?? Number.NaN)))),
  )
  const best = choices[lowest(ranks.map(mean))[0] ?? 0] ?? Number.NaN
  const told = ranks.map((own, c) => ({
    choice: choices[c] ?? Number.NaN,
    byCriterion: Object.fromEntries(criteria.map((criterion, k) => [criterion, own[k] ?? Number.NaN])),
    mean: mean(own),
  }))
  if (byChoice.some(({ length }) => length < 2)) return { choice: best, ranks: told, resamples: 0 }
  const counts = choices.map(() => 0)
  const most = Math.max(...byChoice.map(({ length }) => length))
  for (let r = 0; r < resamples; r++) {
    const words = randomBits(foldIn(from, r), new Uint32Array(choices.length * most))
    const means = byChoice.map((own, c) => {
      const draw = own.map((_, i) => own[Math.floor(((words[c * most + i] ?? 0) / 2 ** 32) * own.length)] ?? own[0])
      return criteria.map((criterion) => mean(draw.map((run) => run?.values[criterion] ?? Number.NaN)))
    })
    const winners = lowest(ranked(means).map(mean))
    for (const c of winners) counts[c] = (counts[c] ?? 0) + 1 / winners.length
  }
  return {
    ...{ choice: best, ranks: told, resamples },
    confidence: choices.map((choice, c) => ({ choice, share: (counts[c] ?? 0) / resamples })),
  }
}

/** `[choices][criteria]` values as ranks from 1; equal values share the mean of their ranks, and what is no number is as bad as can be. */
function ranked(values: readonly (readonly number[])[]): number[][] {
  const known = values.map((own) => own.map((value) => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value)))
  return known.map((own) =>
    own.map((value, k) => {
      const column = known.map((other) => other[k] ?? Number.POSITIVE_INFINITY)
      const below = column.filter((other) => other < value).length
      const equal = column.filter((other) => other === value).length
      return below + (equal + 1) / 2
    }),
  )
}

/** Places of the smallest numbers. */
function lowest(values: readonly number[]): number[] {
  const least = Math.min(...values)
  return values.flatMap((value, i) => (value === least ? [i] : []))
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
