import { describe, expect, it, test } from 'vitest'
import type { Direction, TrialRecord } from '../trial.ts'
import { medianPruner, neverPrune, type Pruner, successiveHalving, wilcoxonPruner } from './index.ts'

type State = 'running' | 'complete' | 'pruned'

/** A trial that reported values at steps 1, 2, … (or the given ones); complete with its last. */
function trial(
  number: number,
  values: readonly number[],
  state: State = 'running',
  steps?: readonly number[],
): TrialRecord {
  const reports = values.map((value, i) => ({ step: steps?.[i] ?? i + 1, value }))
  const base = { number, attempt: 0, config: {}, point: [], reports }
  if (state === 'running') return base
  return { ...base, outcome: state === 'pruned' ? { state } : { state, value: values.at(-1) ?? 0 } }
}

const prunes = (pruner: Pruner, one: TrialRecord, others: readonly TrialRecord[], direction: Direction = 'minimize') =>
  pruner.shouldPrune(one, [...others, one], direction)

/** The same with all values turned: a pruner must not care. */
const turned = (one: TrialRecord): TrialRecord => ({
  ...one,
  reports: one.reports.map(({ step, value }) => ({ step, value: -value })),
  ...(one.outcome?.state === 'complete' && { outcome: { state: 'complete', value: -one.outcome.value } }),
})
function expectBoth(pruner: Pruner, one: TrialRecord, others: readonly TrialRecord[], expected: boolean): void {
  expect(prunes(pruner, one, others)).toBe(expected)
  expect(prunes(pruner, turned(one), others.map(turned), 'maximize')).toBe(expected)
}

test('without a rule all go on', () => {
  expect(prunes(neverPrune(), trial(1, [Number.NaN]), [trial(0, [0], 'complete')])).toBe(false)
})

describe('median', () => {
  // At step 1 complete trials have 1, 2, 3, 4, 5 (median 3), at step 2 half of that (median 1.5).
  const others = [1, 2, 3, 4, 5].map((v, i) => trial(i, [v, v / 2], 'complete'))
  it.each<[number[], boolean]>([
    [[3], false],
    [[3.1], true],
    [[9, 1.5], false],
    [[9, 1.6], true],
    // The best so far counts, not the last.
    [[1.4, 7], false],
    [[Number.NaN], true],
    [[Number.NaN, 1], false],
    // No complete trial came so far.
    [[9, 9, 9], false],
    [[], false],
  ])('judges %j: %j', (values, expected) => expectBoth(medianPruner(), trial(9, values), others, expected))

  it('takes the middle of two, and only complete trials', () => {
    const even = [...others, trial(5, [4, 9], 'complete')]
    expectBoth(medianPruner(), trial(9, [3.5]), even, false)
    expectBoth(medianPruner(), trial(9, [3.6]), even, true)
    const pruned = [trial(6, [0], 'pruned'), trial(7, [0]), trial(8, [0])]
    expectBoth(medianPruner(), trial(9, [3]), [...others, ...pruned], false)
  })

  it('waits for trials and steps, and judges once an interval', () => {
    expectBoth(medianPruner({ startupTrials: 6 }), trial(9, [99]), others, false)
    expectBoth(medianPruner({ warmupSteps: 1 }), trial(9, [99]), others, false)
    expectBoth(medianPruner({ warmupSteps: 1 }), trial(9, [99, 99]), others, true)
    const long = others.map(({ number }) => trial(number, [0, 0, 0, 0, 0, 0], 'complete'))
    const judged = [1, 2, 3, 4, 5, 6].filter((n) =>
      prunes(medianPruner({ warmupSteps: 1, interval: 3 }), trial(9, new Array(n).fill(1)), long),
    )
    expect(judged).toEqual([2, 5])
  })
})

describe('successive halving', () => {
  const asha = successiveHalving({ minResource: 1, reductionFactor: 3 })
  // The first rung holds 0.1 to 0.8: with the one in question nine, of which three go on.
  const rung = [1, 2, 3, 4, 5, 6, 7, 8].map((v, i) => trial(i, [v / 10]))

  it.each<[number, boolean]>([
    [0.05, false],
    [0.25, false],
    // Equal to the third of them: two are better.
    [0.3, false],
    [0.35, true],
    [0.9, true],
    [Number.NaN, true],
  ])('lets one in three through: %d', (value, expected) => expectBoth(asha, trial(9, [value]), rung, expected))

  it('lets the best through while fewer than the reduction factor are there, and the first at once', () => {
    expectBoth(asha, trial(9, [7]), [], false)
    expectBoth(asha, trial(9, [7]), [trial(0, [6])], true)
    expectBoth(asha, trial(9, [5]), [trial(0, [6])], false)
    // Four with it: still one.
    expectBoth(
      asha,
      trial(9, [5]),
      [4, 6, 7].map((v, i) => trial(i, [v])),
      true,
    )
    // Six with it: two.
    expectBoth(
      asha,
      trial(9, [5]),
      [4, 6, 7, 8, 9].map((v, i) => trial(i, [v])),
      false,
    )
  })

  it('judges at the rungs 1, 3 and 9 alone, by what each trial had when it came there', () => {
    const strong = [1, 2, 3].map((i) => trial(i, [5, 4, 0.1, 9, 9, 9, 9, 9, 0.2], 'pruned'))
    const weak = (n: number) => trial(9, new Array(n).fill(6))
    expect([1, 2, 3, 4, 5, 8, 9, 10].filter((n) => prunes(asha, weak(n), strong))).toEqual([1, 3, 9])
    // At step 3 the others had 0.1, whatever they have now.
    expect(prunes(asha, trial(9, [6, 6, 0.05]), strong)).toBe(false)
  })

  it('takes the first report at or after a rung where steps are left out', () => {
    const sparse = trial(9, [5, 5], 'running', [2, 4])
    expect(prunes(asha, sparse, [trial(0, [1, 1], 'complete', [2, 5])])).toBe(true)
    // 2 and 2: no rung between, so the second report is not judged.
    expect(prunes(asha, trial(9, [0, 5], 'running', [1, 2]), [trial(0, [1, 1], 'complete', [1, 2])])).toBe(false)
  })

  it('begins where it is told to', () => {
    const late = successiveHalving({ minResource: 2, reductionFactor: 2, minEarlyStoppingRate: 1 })
    const others = [trial(0, new Array(16).fill(0), 'complete')]
    const judged = Array.from({ length: 16 }, (_, i) => i + 1).filter((n) =>
      prunes(late, trial(9, new Array(n).fill(1)), others),
    )
    expect(judged).toEqual([4, 8, 16])
  })
})

describe('Wilcoxon', () => {
  const best = trial(0, [0.5, 0.6, 0.4, 0.7, 0.55], 'complete')
  const worseBy = (...by: readonly number[]) =>
    trial(
      9,
      by.map((d, i) => (best.reports[i]?.value ?? 0) + d),
    )

  it('stops who is worse on four folds of four: p is 1/16', () => {
    expectBoth(wilcoxonPruner(), worseBy(0.01, 0.02, 0.03), [best], false)
    expectBoth(wilcoxonPruner(), worseBy(0.01, 0.02, 0.03, 0.04), [best], true)
    expectBoth(wilcoxonPruner({ threshold: 0.06 }), worseBy(0.01, 0.02, 0.03, 0.04), [best], false)
    expectBoth(wilcoxonPruner({ threshold: 0.06 }), worseBy(0.01, 0.02, 0.03, 0.04, 0.05), [best], true)
    // One better fold of five, the smallest difference: 2/32; not the smallest: 3/32 and more.
    expectBoth(wilcoxonPruner({ threshold: 0.065 }), worseBy(-0.01, 0.02, 0.03, 0.04, 0.05), [best], true)
    expectBoth(wilcoxonPruner({ threshold: 0.065 }), worseBy(0.01, -0.02, 0.03, 0.04, 0.05), [best], false)
  })

  it('lets the better ones go on, also by their mean alone', () => {
    expectBoth(wilcoxonPruner(), worseBy(-0.01, -0.02, -0.03, -0.04, -0.05), [best], false)
    expectBoth(wilcoxonPruner({ threshold: 0.9 }), worseBy(0.01, 0.02, 0.03, 0.04, -0.2), [best], false)
  })

  it('compares with the best complete trial, fold by fold in any order', () => {
    const steps = [5, 4, 3, 2, 1]
    const backwards = trial(
      9,
      steps.map((step) => (best.reports[step - 1]?.value ?? 0) + 0.01 * step),
      'running',
      steps,
    )
    const bad = trial(1, [9, 9, 9, 9, 9], 'complete')
    expectBoth(wilcoxonPruner(), backwards, [bad, best], true)
    expectBoth(wilcoxonPruner(), backwards, [bad], false)
    expectBoth(wilcoxonPruner(), backwards, [trial(2, [0, 0, 0, 0, 0])], false)
    const other = trial(9, [9, 9, 9, 9, 9], 'running', [11, 12, 13, 14, 15])
    expectBoth(wilcoxonPruner(), other, [best], false)
  })
})

test.each<[() => unknown, string]>([
  [() => medianPruner({ interval: 0 }), 'interval is 0'],
  [() => successiveHalving({ reductionFactor: 1 }), 'reductionFactor is 1'],
  [() => wilcoxonPruner({ threshold: 1 }), 'threshold is 1'],
])('refuses %s', (make, message) => {
  expect(make).toThrow(message)
})
