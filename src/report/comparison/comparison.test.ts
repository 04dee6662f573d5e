import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Comparison } from '../../compare/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { comparisonFigures, comparisonTables, writeComparison } from '../index.ts'

const overSeeds = { over: 'seeds', method: 't', sd: 0.01, n: 7, level: 0.95 } as const
const value = (seed: number) => ({ seed, value: 0.9 })
const runs = (name: string) =>
  [0, 1].map((seed) => ({ id: `${name}-s${seed}`, seed, folder: `/runs/${name}-s${seed}` }))
const curves = (group: string) =>
  [0, 1].map((seed) => ({
    group,
    seed,
    records: [recordOf(1, 'train', 'loss', 0.5), recordOf(2, 'train', 'loss', 0.25)],
  }))
const machine = { platform: 'linux', arch: 'x64', cpu: 'test', cores: 2, memoryGB: 8 }

const comparison: Comparison = {
  level: 0.95,
  groups: [
    { id: 'a-1', name: 'dense', label: 'dense', runs: runs('dense') },
    { id: 'b-2', name: 'conv', label: 'conv', runs: runs('conv') },
    { id: 'c-3', name: 'other', label: 'other', runs: runs('other').slice(1) },
  ],
  leftOut: [{ run: 'conv-s9', reason: 'it was interrupted' }],
  settings: { differing: [{ path: 'epochs', values: [3, 4, undefined] }], same: 'The same in all: loss.' },
  metrics: [
    {
      metric: 'accuracy',
      goal: 'max',
      scores: [
        {
          group: 'a-1',
          kind: 'score',
          estimate: 0.9,
          values: [0, 1].map(value),
          missing: [
            { seed: 3, reason: 'diverged' },
            { seed: 4, reason: 'not finite' },
            { seed: 5, reason: 'diverged' },
          ],
          interval: { ...overSeeds, low: 0.89, high: 0.91 },
        },
        {
          group: 'b-2',
          kind: 'score',
          estimate: 0.87,
          values: [value(0)],
          missing: [],
          interval: { over: 'examples', method: 'Wilson', low: 0.8, high: 0.92, level: 0.95, n: 1200 },
        },
        { group: 'c-3', kind: 'missing', reason: 'no run logged accuracy on the test split' },
      ],
      tests: [
        {
          ...{
            a: 'a-1',
            b: 'b-2',
            kind: 'tested',
            test: 'paired permutation',
            p: 0.015625,
            corrected: 0.046875,
            differs: true,
          },
          difference: { estimate: 0.03, low: 0.01, high: 0.05, level: 0.95, over: 'seeds', method: 't', n: 7 },
        },
        {
          ...{ a: 'a-1', b: 'c-3', kind: 'none', reason: 'the groups were tested on other data' },
          without: [{ group: 'a-1', seed: 3, reason: 'diverged' }],
        },
      ],
    },
    {
      metric: 'loss',
      goal: 'min',
      scores: [],
      tests: [
        {
          ...{
            a: 'a-1',
            b: 'b-2',
            kind: 'interval',
            differs: false,
            caution: '0 is outside the interval, but not when it counts as one of 2',
          },
          difference: {
            estimate: 0.2,
            low: 0.1,
            high: 0.3,
            level: 0.95,
            over: 'examples',
            method: 'BCa bootstrap',
            n: 1200,
          },
        },
        {
          ...{ a: 'b-2', b: 'c-3', kind: 'silent', test: 'paired permutation', reason: 'too few seeds' },
          difference: { estimate: 0.2, low: -0.1, high: 0.3, level: 0.95, over: 'seeds', method: 't', n: 2 },
        },
      ],
    },
  ],
  pairing: 'all',
  costs: [
    {
      ...{ group: 'a-1', parameters: 1153, macs: 12_544, epochs: 3, training: { seconds: 62, sd: 1.5, n: 2 } },
      latency: { milliseconds: 0.0341, throughput: 123_456, batch: 64, repeats: [9, 9] },
    },
    {
      ...{ group: 'b-2', parameters: 900, macs: undefined, epochs: 3, training: { seconds: 5, sd: Number.NaN, n: 1 } },
      latency: { reason: 'there is no file model.onnx' },
    },
  ],
  machine,
  curves: [...curves('a-1'), ...curves('b-2')],
}

const named = (name: string, of: Comparison = comparison) => comparisonTables(of).find((table) => table.name === name)

describe('comparisonTables', () => {
  it('writes scores with what their intervals are over, and marks what is missing', () => {
    const { rows, notes, caption } = named('scores') ?? {}
    expect(rows).toEqual([
      [
        'accuracy',
        'dense',
        '90.00% (2 of 5 seeds, 2 diverged, 1 not finite)',
        '1.00 pp',
        '89.00% to 91.00%',
        '7 seeds, t',
      ],
      ['', 'conv', '87.00%', '', '80.00% to 92.00%', '1,200 examples, Wilson'],
      ['', 'other', '– [1]', '', '', ''],
    ])
    expect(notes).toEqual(['no run logged accuracy on the test split'])
    expect(caption).toContain('all trainings of this kind that come to a finite value')
    expect(caption).toContain('one trained model, and what it would reach on other test examples')
  })

  it('writes verdicts by the metric’s direction, and words where there is none', () => {
    const { rows, notes } = named('tests') ?? {}
    expect(rows?.map((row) => [row[1], row[2], row[3], row[6], row[7]])).toEqual([
      ['dense − conv', '+3.00 pp', '+1.00 pp to +5.00 pp', '0.0469', 'dense is better'],
      ['dense − other', '', '', '', 'not tested [1] [2]'],
      ['dense − conv', '+0.2000', '+0.1000 to +0.3000', '', 'no difference shown [3]'],
      ['conv − other', '+0.2000', '−0.1000 to +0.3000', '–', 'cannot tell [4]'],
    ])
    expect(notes).toHaveLength(4)
    expect(notes?.[1]).toBe('without seed 3 of dense (diverged)')
  })

  it('says against which group tests are, and how that was chosen', () => {
    const captionOf = (because: Exclude<Comparison['pairing'], 'all'>['because']) =>
      named('tests', { ...comparison, pairing: { baseline: 'b-2', because } })?.caption
    expect(captionOf('asked')).toMatch(/^Each group against conv\. /)
    expect(captionOf({ validation: 'f1' })).toMatch(
      'Each group against conv, the best by f1 on the validation split; choose another with --baseline.',
    )
    expect(captionOf('first')).toMatch('against conv, the first, as none has a validation score')
  })

  it('cuts an interval over seeds where the metric ends, and says so, and gives none where all seeds are the same', () => {
    const score = { group: 'a-1', kind: 'score', estimate: 0.9, values: [0, 1].map(value), missing: [] } as const
    const beyond = { ...score, interval: { ...overSeeds, low: -0.2, high: 1.2 } }
    const of = (metric: string) =>
      named('scores', { ...comparison, metrics: [{ metric, goal: 'max', scores: [beyond], tests: [] }] })
    expect(of('rocAucMacro')?.rows[0]?.[4]).toBe('0 to 1 [1]')
    expect(of('r2')?.rows[0]?.[4]).toBe('−0.2000 to 1 [1]')
    expect(of('loss')?.rows[0]?.[4]).toBe('−0.2000 to 1.200')
    expect(of('r2')?.notes).toEqual(['Student’s interval goes beyond what the metric can reach, and is cut there'])
    const difference = { ...overSeeds, estimate: 0.2, low: 0.2, high: 0.2 }
    const test = { a: 'a-1', b: 'b-2', kind: 'silent', test: 'paired permutation', reason: 'few', difference } as const
    const same = named('tests', { ...comparison, metrics: [{ metric: 'r2', goal: 'max', scores: [], tests: [test] }] })
    expect(same?.rows[0]?.slice(2, 4)).toEqual(['+0.2000', 'the same in all seeds'])
  })

  it('has no verdict where a correction is such that nothing could have passed it', () => {
    const difference = { estimate: 0.2, low: 0.1, high: 0.3, level: 0.95, over: 'seeds', method: 't', n: 6 } as const
    const found = { kind: 'tested', test: 'paired permutation', p: 0.03125, corrected: 0.09375, difference } as const
    const tests = [
      { ...found, a: 'a-1', b: 'b-2', differs: false, caution: 'it takes 7 seeds' },
      { ...found, a: 'a-1', b: 'c-3', differs: false },
    ]
    const rows = named('tests', { ...comparison, metrics: [{ metric: 'f1', goal: 'max', scores: [], tests }] })?.rows
    expect(rows?.map((row) => row[7])).toEqual(['cannot tell [1]', 'no difference shown'])
  })

  it('writes costs, and says where latency could not be measured', () => {
    const { rows, notes, columns, caption } = named('costs') ?? {}
    expect(caption).toContain('trainings that ran beside others, or with other numbers of threads, are not comparable')
    expect(rows).toEqual([
      ['dense', '1,153', '12,544', '3', '1 min 02 s ± 1.5 s', '0.0341 ms', '123,000/s'],
      ['conv', '900', '–', '3', '5.0 s', '–', '–'],
    ])
    expect(columns?.at(-1)?.title).toBe('batches of 64')
    expect(notes).toEqual(['no latency: there is no file model.onnx'])
  })

  it('takes groups as rows where there are many, and the terminal’s way to write shares', () => {
    expect(named('settings')?.rows).toEqual([['epochs', '3', '4', '–']])
    const groups = Array.from({ length: 5 }, (_, i) => ({ id: `g${i}`, name: 'g', label: `g${i}`, runs: [] }))
    const many = { ...comparison, groups, settings: { same: '', differing: [{ path: 'lr', values: [1, 2, 3, 4, 5] }] } }
    expect(named('settings', many)?.rows.at(-1)).toEqual(['g4', '5'])
    const [first] =
      comparisonTables(comparison, { percent: (share) => `${share} of 1` }).find(({ name }) => name === 'scores')
        ?.rows ?? []
    expect(first?.[2]).toBe('0.9 of 1 (2 of 5 seeds, 2 diverged, 1 not finite)')
  })
})

describe('comparisonFigures', () => {
  it('draws curves of the best where there are too many groups', () => {
    const groups = Array.from({ length: 9 }, (_, i) => ({ id: `g${i}`, name: 'g', label: `g${i}`, runs: [] }))
    const scores = groups.map(({ id }, i) => ({
      ...{ group: id, kind: 'score' as const, estimate: i, values: [value(0)], missing: [] },
      interval: { over: 'nothing' as const, reason: 'no predictions' },
    }))
    const metrics = [{ metric: 'accuracy', goal: 'max' as const, scores, tests: [] }]
    const drawn = comparisonFigures({ ...comparison, groups, metrics, curves: groups.flatMap(({ id }) => curves(id)) })
    const [intervals, lines] = drawn.map(({ figure }) => [...new Set(figure.rows.map(({ group }) => group))])
    expect(intervals).toHaveLength(9)
    expect(lines).toEqual(groups.slice(2).map(({ label }) => label))
    expect(drawn[1]?.caption).toContain('The best 7 of 9 groups by accuracy are drawn')
  })
})

it('writes a page, figures and tables into a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-comparison-'))
  try {
    const page = readFileSync(await writeComparison(folder, comparison), 'utf8')
    for (const text of [
      '<h1>Comparison of dense, conv, other</h1>',
      'Left out: conv-s9: it was interrupted',
      'dense is better',
      '[1] the groups were tested on other data.',
      'The same in all: loss.',
      'dense-s0, dense-s1',
      'bands go from the smallest to the largest value',
    ])
      expect(page).toContain(text)
    expect(readdirSync(join(folder, 'figures')).sort()).toEqual(
      ['curves', 'scores'].flatMap((name) => [`${name}.csv`, `${name}.svg`, `${name}.vl.json`]),
    )
    expect(readdirSync(join(folder, 'tables')).sort()).toEqual(['costs.csv', 'scores.csv', 'settings.csv', 'tests.csv'])
    expect(readFileSync(join(folder, 'tables', 'tests.csv'), 'utf8')).toContain(
      'accuracy,dense,conv,tested,0.03,0.01,0.05,seeds,7,t,paired permutation,0.015625,0.046875,\n',
    )
    // Another comparison leaves nothing of this one.
    await writeComparison(folder, { ...comparison, curves: [], settings: { differing: [], same: '' } })
    expect(readdirSync(join(folder, 'figures')).sort()).toEqual(['scores.csv', 'scores.svg', 'scores.vl.json'])
    expect(readdirSync(join(folder, 'tables')).sort()).toEqual(['costs.csv', 'scores.csv', 'tests.csv'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
