import { UsageError } from '../errors.ts'
import { argmax, type ClassificationPredictions, normalQuantile, softmax } from '../metrics/index.ts'
import {
  bootstrapOf,
  delongTest,
  holm,
  type Interval,
  isBinaryAuc,
  mcnemarTest,
  meanOverSeeds,
  type PairedTest,
  pairedPermutationTest,
  replicatesOfDifference,
  resamplesFor,
  TOO_MANY_NUMBERS,
} from '../metrics/uncertainty/index.ts'
import { missingSeeds, type ScoreOptions, testValues } from './scores.ts'
import type { ComparedGroup, MissingSeed } from './sources.ts'

/** The first group's value minus the second's, and how sure that is. */
export interface Difference extends Interval {
  readonly estimate: number
  readonly level: number
  readonly over: 'seeds' | 'examples'
  readonly method: 't' | 'BCa bootstrap' | 'DeLong'
  /** Seeds, or test examples. */
  readonly n: number
}

/** What can be said of two groups in one metric. */
export type PairTest = {
  /** Ids of the groups. */
  readonly a: string
  readonly b: string
  /** Seeds of either that have no value, and are not in what is said. */
  readonly without?: readonly (MissingSeed & { readonly group: string })[]
} & (
  | {
      readonly kind: 'tested'
      readonly test: PairedTest['test']
      readonly p: number
      /** Corrected by Holm for the tests of this metric. */
      readonly corrected: number
      /** Whether the corrected p-value is at most 1 − level. */
      readonly differs: boolean
      readonly difference: Difference
      /** Where no data could have given a corrected p-value of 1 − level or less. */
      readonly caution?: string
    }
  /** No test is known for the metric: whether 0 lies within the interval is all there is. */
  | {
      readonly kind: 'interval'
      /** Whether 0 lies outside the interval as it is where its level is 1 − (1 − level) / pairs of this metric (Bonferroni). */
      readonly differs: boolean
      readonly difference: Difference
      /** Where the interval leaves 0 out, and would not with the others counted. */
      readonly caution?: string
    }
  /** The test could not have found anything, whatever the data. */
  | {
      readonly kind: 'silent'
      readonly test: PairedTest['test']
      readonly reason: string
      readonly difference: Difference
    }
  | { readonly kind: 'none'; readonly reason: string }
)

/** Every two groups, or each of the others against one. */
export type Pairing =
  | 'all'
  | {
      readonly baseline: string
      /** It was asked for; or is the best by the mean of this metric on the validation split; or where none has that, the first. */
      readonly because: 'asked' | 'first' | { readonly validation: string }
    }

/** Tests of every pair that logged a metric; Holm's correction is over them. */
export async function testPairs(
  groups: readonly ComparedGroup[],
  metric: string,
  pairing: Pairing,
  options: ScoreOptions,
): Promise<PairTest[]> {
  const found: Found[] = []
  const logged = groups.filter(({ runs }) => testValues(runs, metric).length > 0)
  for (const [a, b] of pairsOf(logged, pairing)) {
    const without = [a, b].flatMap((group) =>
      missingSeeds(group, metric).map((seed) => ({ ...seed, group: group.group.id })),
    )
    const pair = { a: a.group.id, b: b.group.id, ...(without.length > 0 && { without }) }
    const reason = whyNot(a, b, metric)
    found.push({
      ...pair,
      ...(reason === undefined ? await testPair(a, b, metric, options) : { kind: 'none', reason }),
    })
  }
  return corrected(found, 1 - options.level)
}

const pairsOf = (groups: readonly ComparedGroup[], pairing: Pairing) =>
  pairing === 'all'
    ? groups.flatMap((a, i) => groups.slice(i + 1).map((b) => [a, b] as const))
    : groups.flatMap((base) =>
        base.group.id === pairing.baseline
          ? groups.filter((other) => other !== base).map((other) => [other, base] as const)
          : [],
      )

/** Before correction: the smallest p-value that data of this size could have given is known. */
type Found =
  | Exclude<PairTest, { kind: 'tested' }>
  | (Omit<Extract<PairTest, { kind: 'tested' }>, 'corrected' | 'differs' | 'caution'> & { readonly smallest: number })
type FoundOf<F> = F extends Found ? Omit<F, 'a' | 'b' | 'without'> : never

const isTested = (found: Found): found is Extract<Found, { kind: 'tested' }> => found.kind === 'tested'

function corrected(found: readonly Found[], alpha: number): PairTest[] {
  const tested = found.filter(isTested)
  const ps = holm(tested.map(({ p }) => p))
  const smallest = holm(tested.map((one) => one.smallest))
  const intervals = found.filter(({ kind }) => kind === 'interval').length
  return found.map((one) => {
    if (one.kind === 'interval' && intervals > 1 && one.differs && !excludesZero(one.difference, alpha, intervals))
      return {
        ...one,
        differs: false,
        caution: `0 is outside the interval, but not when it counts as one of ${intervals}`,
      }
    if (!isTested(one)) return one
    const i = tested.indexOf(one)
    const { smallest: _, ...test } = one
    const [p = 1, least = 1] = [ps[i], smallest[i]]
    return {
      ...test,
      corrected: p,
      differs: p <= alpha,
      ...(least > alpha && {
        caution: `no data could give less than ${short(least)} after correction for ${tested.length} tests: ${
          one.difference.over === 'seeds'
            ? `it takes ${seedsFor(alpha / tested.length)} seeds, or fewer groups`
            : 'it takes more test examples, or fewer groups'
        }`,
      }),
    }
  })
}

/**
 * Whether 0 stays outside when an interval is one of many: its sides are stretched as those of a normal distribution from the level
 * 1 − α to 1 − α / many, for which a bootstrap of its own would need many times the resamples. Of five equal models (ten pairs) one or more
 * are then told apart in 5.4 % of 500 simulated test sets of 200 examples, and in 37 % by the intervals as they are.
 */
function excludesZero({ estimate, low, high }: Difference, alpha: number, many: number): boolean {
  const stretch = normalQuantile(1 - alpha / many / 2) / normalQuantile(1 - alpha / 2)
  return estimate - (estimate - low) * stretch > 0 || estimate + (high - estimate) * stretch < 0
}

/** Why two groups cannot be tested against each other. */
function whyNot(a: ComparedGroup, b: ComparedGroup, metric: string): string | undefined {
  const [tests, losses] = [new Set<string>(), new Set<string>()]
  for (const { run } of [...a.runs, ...b.runs]) {
    tests.add(run.manifest.data.fingerprint.test)
    const { experiment } = run.manifest
    const has = typeof experiment === 'object' && experiment !== null && !Array.isArray(experiment)
    losses.add(JSON.stringify(has ? experiment.loss : undefined))
  }
  if (tests.size > 1) return 'the groups were tested on other data, by the fingerprints: test both on the same'
  if (metric === 'loss' && losses.size > 1)
    return 'their losses are other functions, so that their values say nothing of each other'
  for (const { group, runs } of [a, b])
    if (!testValues(runs, metric).some(({ value }) => Number.isFinite(value)))
      return `${group.label} has no finite ${metric} on the test split`
  return undefined
}

async function testPair(
  a: ComparedGroup,
  b: ComparedGroup,
  metric: string,
  options: ScoreOptions,
): Promise<FoundOf<Found>> {
  const ofB = new Map(testValues(b.runs, metric).map(({ seed, value }) => [seed, value]))
  const pairs = testValues(a.runs, metric).flatMap(({ seed, value }) => {
    const other = ofB.get(seed)
    return other !== undefined && Number.isFinite(value) && Number.isFinite(other) ? [{ value, other }] : []
  })
  if (pairs.length > 1) return overSeeds(pairs, options)
  if (a.runs.length === 1 && b.runs.length === 1) return overExamples(a, b, metric, options)
  const shared = pairs.length === 1 ? 'one seed' : 'no seed'
  return { kind: 'none', reason: `the groups have ${shared} in common: train both with the same seeds, at least 2` }
}

/** Runs with the same seed are pairs: they share the order of the batches, and where they can the first weights. */
function overSeeds(
  pairs: readonly { readonly value: number; readonly other: number }[],
  { level, key }: ScoreOptions,
): FoundOf<Found> {
  const n = pairs.length
  const {
    mean: estimate,
    low,
    high,
  } = meanOverSeeds(
    pairs.map(({ value, other }) => value - other),
    { level },
  )
  const difference: Difference = { estimate, low, high, level, over: 'seeds', method: 't', n }
  const { test, pValue } = pairedPermutationTest(
    pairs.map(({ value }) => value),
    pairs.map(({ other }) => other),
    { key },
  )
  const smallest = 2 ** (1 - n)
  if (smallest > 1 - level) {
    const reason = `${n} seeds cannot give a p-value below ${short(smallest)}, whatever the data: it takes ${seedsFor(1 - level)}`
    return { kind: 'silent', test, reason, difference }
  }
  return { kind: 'tested', test, p: pValue, difference, smallest }
}

/** One model of each: the test examples are what is paired. */
async function overExamples(
  a: ComparedGroup,
  b: ComparedGroup,
  name: string,
  { level, remeasured }: ScoreOptions,
): Promise<FoundOf<Found>> {
  const [runA, runB] = [a.runs[0], b.runs[0]]
  if (runA === undefined || runB === undefined) return { kind: 'none', reason: 'one of them has no run' }
  const [first, second] = [await remeasured(runA, name), await remeasured(runB, name)]
  for (const found of [first, second])
    if ('reason' in found) return { kind: 'none', reason: `one run each, and ${found.reason}` }
  if ('reason' in first || 'reason' in second) return { kind: 'none', reason: '' }
  const { metric, predictions: ofA } = first
  const { predictions: ofB } = second
  if (ofA.targets.length !== ofB.targets.length || ofA.targets.some((target, i) => target !== ofB.targets[i]))
    return { kind: 'none', reason: 'their predictions are not of the same examples in the same order' }
  if (ofA.task === 'classification' && ofB.task === 'classification' && isBinaryAuc(metric, ofA.classes))
    return overAreas(ofA, ofB, level)
  if (resamplesFor(metric, ofA) === 0 || resamplesFor(metric, ofB) === 0)
    return { kind: 'none', reason: `one run each, and ${TOO_MANY_NUMBERS}` }
  const replicates = replicatesOfDifference(first.replicates(), second.replicates())
  const { estimate, low, high, n } = bootstrapOf(replicates, { level })
  // Where the models differ on no example, or on all alike, drawing among them shows no spread, and that is not certainty.
  if (!(low < high)) return { kind: 'none', reason: `all resamples give the same difference of ${name}` }
  const difference: Difference = { estimate, low, high, level, over: 'examples', method: 'BCa bootstrap', n }
  if (metric.kind !== 'accuracy' || ofA.task !== 'classification' || ofB.task !== 'classification')
    return { kind: 'interval', differs: low > 0 || high < 0, difference }
  const test = mcnemarTest(ofA.targets, argmax(ofA.scores, ofA.classes), argmax(ofB.scores, ofB.classes))
  const smallest = Math.min(1, 2 ** (1 - test.n))
  if (smallest > 1 - level) {
    const reason = `the models differ in being right on ${test.n} of ${n} examples, too few to tell`
    return { kind: 'silent', test: test.test, reason, difference }
  }
  return { kind: 'tested', test: test.test, p: test.pValue, difference, smallest }
}

function overAreas(a: ClassificationPredictions, b: ClassificationPredictions, level: number): FoundOf<Found> {
  try {
    const [ofA, ofB] = [softmax(a.scores, 2), softmax(b.scores, 2)]
    const { test, pValue, aucA, aucB, difference, n } = delongTest(a.targets, ofA, ofB, 2, { level })
    const found: Difference = { ...difference, estimate: aucA - aucB, level, over: 'examples', method: 'DeLong', n }
    return { kind: 'tested', test, p: pValue, difference: found, smallest: 0 }
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'none', reason: `one run each, and ${error.message}` }
    throw error
  }
}

/** Seeds that a paired permutation test needs to reach a p-value. */
const seedsFor = (p: number): number => Math.ceil(1 - Math.log2(p) - 1e-9)

const short = (p: number): string => String(Number(p.toPrecision(2)))
