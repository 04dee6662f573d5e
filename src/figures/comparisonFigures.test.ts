import { describe, expect, it, vi } from 'vitest'
import type { MetricComparison } from '../compare/index.ts'
import { recordOf } from '../testing/manifest.ts'
import { comparisonCurves, type GroupCurves, scoreIntervals, toSvg } from './index.ts'

const curve = (seed: number, ...losses: readonly number[]) => ({
  seed,
  records: losses.flatMap((loss, i) => [
    recordOf(i + 1, 'train', 'loss', loss),
    recordOf(i + 1, 'validation', 'accuracy', 1 - loss),
  ]),
})
const groups: GroupCurves[] = [
  { label: 'dense', runs: [curve(0, 0.4, 0.2, 0.1), curve(1, 0.6, 0.4)] },
  { label: 'conv', runs: [curve(0, 0.3, Number.NaN)] },
]

describe('comparisonCurves', () => {
  it('draws the mean and the range over seeds as far as all of them go, and a gap for NaN', async () => {
    const warned = vi.spyOn(console, 'warn')
    const { rows, alt, spec } = comparisonCurves(groups)
    const loss = rows.filter(({ metric }) => metric === 'loss')
    expect(loss).toMatchObject([
      { group: 'dense', epoch: 1, value: 0.5, low: 0.4, high: 0.6, seeds: 2 },
      { group: 'dense', epoch: 2, value: expect.closeTo(0.3, 10), low: 0.2, high: 0.4, seeds: 2 },
      { group: 'conv', epoch: 1, value: 0.3, low: 0.3, high: 0.3, seeds: 1 },
      { group: 'conv', epoch: 2, value: null, low: null, high: null, seeds: 1 },
    ])
    expect(alt).toContain('lines are means over the seeds, bands from the smallest to the largest')
    expect(alt).toContain('train loss ends for dense at 0.3, conv at no number; validation accuracy')
    const svg = await toSvg(spec)
    for (const text of ['training loss', 'validation accuracy', 'dense', 'conv']) expect(svg).toContain(`>${text}<`)
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  it('draws every seed on request, and chosen metrics alone', () => {
    const { rows, alt } = comparisonCurves(groups, { traces: true, metrics: ['loss'] })
    expect(rows).toHaveLength(7)
    expect(rows.filter(({ seed, group }) => group === 'dense' && seed === 0)).toHaveLength(3)
    expect(alt).toBe(
      'Curves of 2 groups over the epochs, one line a seed: train loss ends for dense at 0.1, 0.4, conv at no number.',
    )
  })

  it('takes a logarithmic scale where values are a thousandfold apart', () => {
    const text = (values: readonly number[]) =>
      JSON.stringify(comparisonCurves([{ label: 'a', runs: [curve(0, ...values)] }], { metrics: ['loss'] }).spec)
    expect(text([2, 0.001])).toContain('"type":"log"')
    expect(text([2, 0.1])).not.toContain('"type":"log"')
  })

  it('refuses what cannot be read, and nothing', () => {
    const many = Array.from({ length: 15 }, (_, i) => ({ label: `g${i}`, runs: [curve(0, 1)] }))
    expect(() => comparisonCurves(many)).toThrow('15 groups: draw at most 7')
    expect(() => comparisonCurves([...groups, ...groups])).toThrow('two groups are called "dense"')
    expect(() => comparisonCurves(groups, { metrics: ['f1'] })).toThrow('no train or validation value of f1')
  })

  it('shows what training ends with where it began far from it', () => {
    const text = (values: readonly number[]) =>
      JSON.stringify(comparisonCurves([{ label: 'a', runs: [curve(0, ...values)] }], { metrics: ['accuracy'] }).spec)
    // Accuracies of −99, 0.5, 0.6 and 0.7: the axis goes a range of the later ones beyond them.
    expect(text([100, 0.5, 0.4, 0.3])).toContain('"domain":[0.3')
    expect(text([0.9, 0.5, 0.4, 0.3])).not.toContain('"domain":[0')
  })
})

describe('scoreIntervals', () => {
  const overSeeds = { over: 'seeds', method: 't', low: 0.8, high: 0.9, sd: 0.02, n: 2, level: 0.95 } as const
  const overExamples = { over: 'examples', method: 'Wilson', low: 0.7, high: 0.8, n: 60, level: 0.95 } as const
  const values = [
    { seed: 0, value: 0.84 },
    { seed: 1, value: 0.86 },
  ]
  const metrics: MetricComparison[] = [
    {
      metric: 'accuracy',
      goal: 'max',
      tests: [],
      scores: [
        { group: 'a', kind: 'score', estimate: 0.85, values, missing: [], interval: overSeeds },
        { group: 'b', kind: 'score', estimate: 0.75, values: values.slice(1), missing: [], interval: overExamples },
        { group: 'c', kind: 'missing', reason: 'no run' },
      ],
    },
  ]
  const labels = new Map([
    ['a', 'dense'],
    ['b', 'conv'],
    ['c', 'other'],
  ])

  it('draws both kinds of interval apart, and the seeds', async () => {
    const { spec, rows, alt } = scoreIntervals(metrics, labels)
    expect(rows.map(({ group, part, value }) => [group, part, value])).toEqual([
      ['dense', 'score', 0.85],
      ['dense', 'seed', 0.84],
      ['dense', 'seed', 0.86],
      ['conv', 'score', 0.75],
    ])
    expect(alt).toBe(
      'Scores on the test split with their intervals: dense has accuracy 0.85 (0.8 to 0.9); conv has accuracy 0.75 (0.7 to 0.8).',
    )
    const svg = await toSvg(spec)
    expect(svg).toContain('stroke-dasharray="5,3"')
    for (const text of ['interval over seeds', 'interval over test examples', 'higher is better', 'dense'])
      expect(svg).toContain(`>${text}<`)
  })

  it('draws any number of groups, which have their names beside them', async () => {
    const many = Array.from({ length: 9 }, (_, i) => `g${i}`)
    const scores = many.map((group) => ({
      ...{
        group,
        kind: 'score' as const,
        estimate: 0.5,
        values: values.slice(1),
        missing: [],
        interval: overExamples,
      },
    }))
    const svg = await toSvg(
      scoreIntervals([{ metric: 'f1', goal: 'max', tests: [], scores }], new Map(many.map((id) => [id, id]))).spec,
    )
    for (const label of many) expect(svg).toContain(`>${label}<`)
  })

  it('refuses a comparison without scores', () => {
    expect(() => scoreIntervals([], labels)).toThrow('no score on the test split')
  })
})
