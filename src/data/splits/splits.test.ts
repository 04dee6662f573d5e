import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { key } from '../../random/key.ts'
import { createDataset, type Dataset } from '../dataset.ts'
import { type Cell, column } from '../table/column.ts'
import {
  type Division,
  expandingWindow,
  type FoldStrategy,
  groupedHoldOut,
  groupedKFold,
  type HoldOutStrategy,
  holdOut,
  kFold,
  nested,
  repeated,
  stratifiedKFold,
  timeOrdered,
} from './index.ts'

interface Made {
  readonly labels: readonly number[]
  readonly group?: readonly Cell[]
  readonly time?: readonly Cell[]
}

function made({ labels, group, time }: Made): Dataset {
  return createDataset({
    name: 'made',
    inputs: { data: Float32Array.from(labels, (_, i) => i), shape: [1] },
    targets: { task: 'classification', labels: Int32Array.from(labels), classes: ['a', 'b', 'c', 'd'] },
    columns: [...(group ? [column('group', group)] : []), ...(time ? [column('time', time)] : [])],
  })
}

const counted = (values: Iterable<number>, of: number): number[] => {
  const counts = new Array<number>(of).fill(0)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values)
const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
const divisionsOf = (strategy: HoldOutStrategy | FoldStrategy, data: Dataset): readonly Division[] => {
  const divided = strategy.divide(data)
  return 'train' in divided ? [divided] : divided
}

/** 30 to 120 samples: at least six of each of three classes, six groups and many times. */
const anyMade = fc
  .record({
    extra: fc.array(fc.nat(2), { minLength: 12, maxLength: 100 }),
    groups: fc.array(fc.nat(9), { minLength: 118, maxLength: 118 }),
    times: fc.array(fc.nat(1000), { minLength: 118, maxLength: 118 }),
  })
  .map(({ extra, groups, times }) => {
    const labels = [...numbers(18).map((i) => i % 3), ...extra]
    return {
      labels,
      group: labels.map((_, i) => (i < 6 ? `g${i}` : `g${groups[i]}`)),
      time: labels.map((_, i) => times[i] ?? 0),
    }
  })

const strategies: readonly (readonly [string, (seed: number) => HoldOutStrategy | FoldStrategy])[] = [
  ['holdOut', (seed) => holdOut({ validation: 0.3, seed })],
  ['groupedHoldOut', (seed) => groupedHoldOut({ by: 'group', validation: 0.3, seed })],
  ['timeOrdered', () => timeOrdered({ by: 'time', validation: 0.3 })],
  ['timeOrdered by place', () => timeOrdered({ validation: 7 })],
  ['kFold', (seed) => kFold({ folds: 4, seed })],
  ['stratifiedKFold', (seed) => stratifiedKFold({ folds: 4, seed })],
  ['groupedKFold', (seed) => groupedKFold({ folds: 3, by: 'group', seed })],
  ['expandingWindow by place', () => expandingWindow({ folds: 3 })],
  ['repeated', (seed) => repeated(stratifiedKFold({ folds: 3 }), { times: 2, seed })],
]

describe.each(strategies)('%s', (_, strategy) => {
  it('gives ascending sample numbers, none twice and no empty part, the same each time', () => {
    fc.assert(
      fc.property(anyMade, fc.nat(), (parts, seed) => {
        const data = made(parts)
        const divisions = divisionsOf(strategy(seed), data)
        for (const { train, validation } of divisions) {
          expect(train).toEqual(train.toSorted())
          expect(validation).toEqual(validation.toSorted())
          expect(Math.min(train.length, validation.length)).toBeGreaterThan(0)
          expect(new Set([...train, ...validation]).size).toBe(train.length + validation.length)
        }
        expect(divisionsOf(strategy(seed), data)).toEqual(divisions)
      }),
      { numRuns: 50 },
    )
  })
})

describe('what the folds have in common', () => {
  it.each([
    ['kFold', (seed: number) => kFold({ folds: 5, seed })],
    ['stratifiedKFold', (seed: number) => stratifiedKFold({ folds: 5, seed })],
    ['groupedKFold', (seed: number) => groupedKFold({ folds: 5, by: 'group', seed })],
  ])('%s holds every sample out once, and trains on all others', (_, strategy) => {
    fc.assert(
      fc.property(anyMade, fc.nat(), (parts, seed) => {
        const divisions = strategy(seed).divide(made(parts))
        const held = divisions.flatMap(({ validation }) => [...validation])
        expect(held.sort((a, b) => a - b)).toEqual(numbers(parts.labels.length))
        for (const { train, validation } of divisions)
          expect(train.length + validation.length).toBe(parts.labels.length)
      }),
      { numRuns: 50 },
    )
  })

  it('sizes differ by one at most, and stratified each class’s share too', () => {
    fc.assert(
      fc.property(anyMade, fc.nat(), fc.integer({ min: 2, max: 6 }), (parts, seed, folds) => {
        const data = made(parts)
        expect(
          spread(
            kFold({ folds, seed })
              .divide(data)
              .map((d) => d.validation.length),
          ),
        ).toBeLessThanOrEqual(1)
        const stratified = stratifiedKFold({ folds, seed }).divide(data)
        expect(spread(stratified.map((d) => d.validation.length))).toBeLessThanOrEqual(1)
        for (const c of [0, 1, 2]) {
          const counts = stratified.map(({ validation }) => validation.filter((i) => parts.labels[i] === c).length)
          expect(spread(counts)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('a fold alone is one of the divisions, and can be chosen by --set', () => {
    const data = made({ labels: numbers(20).map((i) => i % 4) })
    const folds = stratifiedKFold({ folds: 5, seed: 3 })
    const one = folds.fold(2)
    expect(one.divide(data)).toEqual(folds.divide(data)[2])
    expect(one).toMatchObject({ kind: 'stratifiedKFold', config: { folds: 5, seed: 3, fold: 2 } })
    expect(one.with({ fold: 4 }).divide(data)).toEqual(folds.divide(data)[4])
    expect(() => folds.fold(5)).toThrow('stratifiedKFold: fold is 5: give a whole number from 0 to 4')
    expect(() => one.with({ folds: 3 })).toThrow('stratifiedKFold: folds cannot be changed here')
  })
})

describe('groups', () => {
  it('are whole, whatever the order of the samples', () => {
    fc.assert(
      fc.property(anyMade, fc.nat(), (parts, seed) => {
        const backwards = { labels: parts.labels.toReversed(), group: parts.group.toReversed() }
        for (const strategy of [
          groupedHoldOut({ by: 'group', validation: 0.3, seed }),
          groupedKFold({ folds: 4, by: 'group', seed }),
        ]) {
          const heldGroups = (of: Pick<Made, 'labels' | 'group'>) =>
            divisionsOf(strategy, made(of)).map(({ train, validation }) => {
              const names = (part: Uint32Array) => new Set([...part].map((i) => of.group?.[i]))
              const held = names(validation)
              for (const name of names(train)) expect(held.has(name)).toBe(false)
              return [...held].sort()
            })
          expect(heldGroups(backwards)).toEqual(heldGroups(parts))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are held out to within half of the group that would come next', () => {
    const group = numbers(100).map((i) => Math.floor(i / 10))
    for (let seed = 0; seed < 20; seed++)
      expect(
        groupedHoldOut({ by: 'group', validation: 0.3, seed }).divide(made({ labels: group.map(() => 0), group }))
          .validation,
      ).toHaveLength(30)
  })

  it('another seed holds others out', () => {
    const data = made({ labels: numbers(40).map(() => 0), group: numbers(40).map((i) => `p${i >> 2}`) })
    const held = (seed: number) => groupedHoldOut({ by: 'group', validation: 0.2, seed }).divide(data).validation
    expect(held(0)).not.toEqual(held(1))
    expect(new Set([0, 1, 2, 3, 4, 5].map((seed) => held(seed).join())).size).toBeGreaterThan(2)
  })

  it('that are all too large give up the smallest', () => {
    const group = [...numbers(60).map(() => 'large'), ...numbers(40).map(() => 'small')]
    const { validation } = groupedHoldOut({ by: 'group', validation: 0.01 }).divide(
      made({ labels: group.map(() => 0), group }),
    )
    expect(validation).toHaveLength(40)
  })
})

describe('time', () => {
  it('what is trained on comes before what is held out, equal times stay together, in any order of the samples', () => {
    fc.assert(
      fc.property(anyMade, (parts) => {
        const order = parts.time.toReversed()
        for (const strategy of [
          timeOrdered({ by: 'time', validation: 0.3 }),
          expandingWindow({ folds: 2, by: 'time' }),
        ]) {
          const times = (time: readonly number[]) =>
            divisionsOf(strategy, made({ labels: parts.labels, time })).map(({ train, validation }) => {
              const [past, future] = [train, validation].map((part) =>
                [...part].map((i) => time[i] ?? 0).sort((a, b) => a - b),
              )
              expect(Math.max(...(past ?? []))).toBeLessThan(Math.min(...(future ?? [])))
              return [past, future]
            })
          expect(times(order)).toEqual(times(parts.time))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('dates have an order', () => {
    const time = [3, 1, 2, 5, 4].map((day) => new Date(Date.UTC(2024, 0, day)))
    const { train, validation } = timeOrdered({ by: 'time', validation: 2 }).divide(
      made({ labels: [0, 0, 0, 0, 0], time }),
    )
    expect([[...train], [...validation]]).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
  })

  it('the window expands', () => {
    const folds = expandingWindow({ folds: 3 }).divide(made({ labels: numbers(13).map(() => 0) }))
    expect(folds.map(({ train, validation }) => [train.length, ...validation])).toEqual([
      [4, 4, 5, 6],
      [7, 7, 8, 9],
      [10, 10, 11, 12],
    ])
  })
})

it('repeated folds are complete each time, and other folds', () => {
  const data = made({ labels: numbers(40).map((i) => i % 4) })
  const divisions = repeated(kFold({ folds: 4 }), { times: 3 }).divide(data)
  expect(divisions).toHaveLength(12)
  const rounds = [0, 4, 8].map((begin) => divisions.slice(begin, begin + 4).map(({ validation }) => validation))
  for (const round of rounds) expect(round.flatMap((part) => [...part]).sort((a, b) => a - b)).toEqual(numbers(40))
  expect(rounds[0]).not.toEqual(rounds[1])
  expect(rounds[1]).not.toEqual(rounds[2])
})

describe('nested', () => {
  it('chooses on divisions that have not seen what is tested on', () => {
    fc.assert(
      fc.property(anyMade, fc.nat(), (parts, seed) => {
        const data = made(parts)
        const folds = nested(
          data,
          { outer: groupedKFold({ folds: 3, by: 'group' }), inner: groupedKFold({ folds: 2, by: 'group' }) },
          key(seed),
        )
        expect(folds.flatMap(({ test: held }) => [...held]).sort((a, b) => a - b)).toEqual(numbers(parts.labels.length))
        for (const { test: held, train, inner } of folds) {
          expect(inner).toHaveLength(2)
          for (const division of inner) {
            expect([...division.train, ...division.validation].sort((a, b) => a - b)).toEqual([...train])
            const tested = new Set([...held].map((i) => parts.group[i]))
            for (const i of train) expect(tested.has(parts.group[i])).toBe(false)
          }
        }
      }),
      { numRuns: 30 },
    )
  })

  it('keeps proportions inside, and takes a hold-out too', () => {
    const labels = numbers(60).map((i) => (i % 6 === 0 ? 1 : 0))
    for (const { inner } of nested(made({ labels }), {
      outer: stratifiedKFold({ folds: 5 }),
      inner: holdOut({ validation: 0.25 }),
    })) {
      const [{ validation } = { validation: new Uint32Array() }] = inner
      expect(
        counted(
          Array.from(validation, (i) => labels[i] ?? 9),
          2,
        ),
      ).toEqual([10, 2])
    }
  })
})

describe('scikit-learn’s folds have the same sizes', () => {
  const ints = z.array(z.number())
  const pairs = z.array(ints)
  const golden = z
    .strictObject({
      kFold: z.array(z.strictObject({ n: z.number(), folds: z.number(), sizes: pairs })),
      stratified: z.array(z.strictObject({ labels: ints, folds: z.number(), counts: pairs })),
      grouped: z.array(z.strictObject({ groups: ints, folds: z.number(), held: ints })),
      expanding: z.array(z.strictObject({ n: z.number(), folds: z.number(), sizes: pairs })),
    })
    .parse(JSON.parse(readFileSync(new URL('fixtures/folds.json', import.meta.url), 'utf8')))
  const sizes = (strategy: FoldStrategy, data: Dataset) =>
    strategy.divide(data).map(({ train, validation }) => [train.length, validation.length])

  test.each(golden.kFold)('KFold($folds) of $n', ({ n, folds, sizes: expected }) => {
    expect(sizes(kFold({ folds }), made({ labels: numbers(n).map(() => 0) }))).toEqual(expected)
  })
  test.each(golden.stratified)('StratifiedKFold($folds)', ({ labels, folds, counts }) => {
    const divisions = stratifiedKFold({ folds }).divide(made({ labels }))
    const classes = counts[0]?.length ?? 0
    const found = divisions.map(({ validation }) =>
      counted(
        Array.from(validation, (i) => labels[i] ?? 9),
        classes,
      ),
    )
    expect(found).toEqual(counts)
  })
  test.each(golden.grouped)('GroupKFold($folds)', ({ groups, folds, held }) => {
    const data = made({ labels: groups.map(() => 0), group: groups })
    const found = groupedKFold({ folds, by: 'group' })
      .divide(data)
      .map(({ validation }) => validation.length)
    expect(found.sort((a, b) => a - b)).toEqual(held)
  })
  test.each(golden.expanding)('TimeSeriesSplit($folds) of $n', ({ n, folds, sizes: expected }) => {
    expect(sizes(expandingWindow({ folds }), made({ labels: numbers(n).map(() => 0) }))).toEqual(expected)
  })
})

describe('refuses', () => {
  const ten = made({
    labels: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
    group: ['x', 'x', 'x', 'x', 'x', 'y', 'y', 'y', 'y', 'y'],
  })
  const none = made({ labels: [0, 1] })
  const grouped = (group: readonly Cell[]) => made({ labels: group.map(() => 0), group })
  const timed = (time: readonly Cell[]) => made({ labels: time.map(() => 0), time })
  test.each<[string, () => unknown, string]>([
    ['more folds than samples', () => kFold({ folds: 11 }).divide(ten), 'made has 10 samples, too few for 11 folds'],
    ['one fold', () => kFold({ folds: 1 }), 'kFold: folds is 1: '],
    [
      'a class that is too small',
      () => stratifiedKFold({ folds: 3 }).divide(ten),
      'made: class b has 2 samples, too few to be in each of 3 folds',
    ],
    [
      'fewer groups than folds',
      () => groupedKFold({ folds: 3, by: 'group' }).divide(ten),
      'made has 2 different group, too few for 3 folds',
    ],
    [
      'a misspelt column',
      () => groupedHoldOut({ by: 'groop', validation: 0.5 }).divide(ten),
      'made has no column beside its samples "groop"; did you mean "group"?',
    ],
    [
      'data without columns',
      () => groupedHoldOut({ by: 'patient', validation: 0.5 }).divide(none),
      "made has no columns beside its samples, so it cannot be split by patient: name it under columns where the data come from, as in csv(path, { columns: ['patient'] })",
    ],
    [
      'a sample without a group',
      () => groupedHoldOut({ by: 'group', validation: 0.5 }).divide(grouped(['x', null, 'y'])),
      'made: group of sample 1 is missing',
    ],
    [
      'one group',
      () => groupedHoldOut({ by: 'group', validation: 0.5 }).divide(grouped(['x', 'x'])),
      'made: all samples have one group, x',
    ],
    [
      'one time',
      () => timeOrdered({ by: 'time', validation: 1 }).divide(timed([3, 3, 3])),
      'made: all samples have one time',
    ],
    [
      'text as time',
      () => timeOrdered({ by: 'time', validation: 1 }).divide(timed(['mon', 'tue'])),
      'made: time is text (mon, tue), which has no order',
    ],
    [
      'a sample without a time',
      () => timeOrdered({ by: 'time', validation: 1 }).divide(timed([1, Number.NaN])),
      'made: time of sample 1 is missing',
    ],
    [
      'too few times',
      () => expandingWindow({ folds: 4, by: 'time' }).divide(timed([1, 1, 1, 1, 2, 2, 2, 2, 3, 3])),
      'made has too few different times for 4 folds',
    ],
    [
      'too few samples for the window',
      () => expandingWindow({ folds: 4 }).divide(none),
      'made has too few different times for 4 folds',
    ],
    [
      'an unknown option',
      () => Reflect.apply(groupedHoldOut, undefined, [{ by: 'x', validation: 0.5, stratify: true }]),
      'groupedHoldOut: no option "stratify"',
    ],
  ])('%s', (_, divide, message) => {
    expect(divide).toThrow(UsageError)
    expect(divide).toThrow(message)
  })
})
