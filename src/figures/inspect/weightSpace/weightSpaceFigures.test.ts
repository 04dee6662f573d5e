import { describe, expect, it } from 'vitest'
import type { InterpolationStudy, Landscape, LandscapeFacts, PointScores } from '../../../inspect/index.ts'
import { evenly, gridPlaces } from '../../../inspect/index.ts'
import { toSvg } from '../../render.ts'
import { contourLines } from './contourLines.ts'
import { interpolationCurves, landscapeContour, layerInterpolationMap, lossProfileFigure } from './index.ts'
import { logTicks } from './logTicks.ts'
import { wrapped } from './wrapped.ts'

const scoresAt = (loss: number): PointScores => ({
  train: { loss, accuracy: 1 / (1 + loss) },
  test: { loss: loss + 0.5, accuracy: 0.5 / (1 + loss) },
})
const splits = [
  { name: 'train', text: 'train (all 9 samples)' },
  { name: 'test', text: 'test (all 9 samples)' },
] as const

/** A barrier of `height` between losses of 1. */
const line = (height: number, layer?: string) => ({
  ...(layer !== undefined && { layer }),
  points: evenly(-1, 2, 7).map((alpha) => ({
    alpha,
    scores: scoresAt(1 + (alpha >= 0 && alpha <= 1 ? height * 4 * alpha * (1 - alpha) : 50 * Math.abs(alpha - 0.5))),
  })),
})
const study = (changes: Partial<InterpolationStudy> = {}): InterpolationStudy => ({
  ...{ a: 'small', b: 'large', statistics: 'renewed', isAligned: false, splits },
  pairs: [
    { name: 'seed 0', lines: [line(2)] },
    { name: 'seed 1', lines: [line(4)] },
  ],
  ...changes,
})

describe('curves along a line', () => {
  it('are means with bands, and gaps of test less train', async () => {
    const { rows, alt, spec } = interpolationCurves(study())
    const middle = rows.filter(({ alpha, split }) => alpha === 0.5 && split === 'train')
    expect(middle[0]).toEqual({ alpha: 0.5, metric: 'loss', split: 'train', count: 2, value: 4, low: 3, high: 5 })
    const gap = rows.find(({ alpha, metric }) => alpha === 0.5 && metric === 'gap of loss')
    expect(gap).toMatchObject({ value: 0.5, low: 0.5, high: 0.5 })
    expect(alt).toContain('on train 3 (95 % interval -9.71 to 15.7 over 2 pairs)')
    expect(alt).toContain('less the training loss is 0.5 at A and 0.5 at B.')
    const svg = await toSvg(spec)
    expect(svg).toContain('recomputed on training samples')
    expect(svg).not.toContain('NaN')
    expect(svg).not.toContain('CAUTION')
  })
  it('say everywhere that statistics were interpolated, and where there is no number', async () => {
    const broken = line(1)
    const pairs = [
      {
        name: 'seed 0',
        lines: [
          { points: broken.points.map((one) => (one.alpha < 0 ? { ...one, scores: scoresAt(Number.NaN) } : one)) },
        ],
      },
    ]
    const { alt, spec, rows } = interpolationCurves(study({ statistics: 'interpolated', pairs }))
    expect(alt).toContain('CAUTION: running statistics of batch norms were interpolated')
    expect(alt).toContain('no finite number at α = -1, -0.5.')
    expect(alt).toContain('on train 1 (at α = 0.5)')
    expect(await toSvg(spec)).toContain('CAUTION')
    expect(rows[0]).toMatchObject({ alpha: -1, value: null })
    const map = layerInterpolationMap(
      study({ statistics: 'interpolated', pairs: [{ name: 's', lines: [line(1), line(2, 'conv1')] }] }),
    )
    expect(await toSvg(map.spec)).toContain('CAUTION')
  })
  it('of layers alone are a map that names the worst and the mildest', async () => {
    const lines = [
      line(1),
      line(1, 'conv1'),
      { ...line(1, 'fc'), points: line(1).points.map((one) => ({ ...one, scores: scoresAt(9 * one.alpha ** 2 + 1) })) },
    ]
    const { alt, spec, rows } = layerInterpolationMap(study({ pairs: [{ name: 'seed 0', lines }] }))
    expect(alt).toBe(
      'With the weights of B in one layer of A, the test loss of 1.5 becomes 10.5 at worst (fc) and 1.5 at best (conv1).',
    )
    expect(rows).toHaveLength(14)
    expect(await toSvg(spec)).toContain('layer that moves')
    expect(() => layerInterpolationMap(study())).toThrow('no layer was moved alone')
  })
})

const facts: LandscapeFacts = { name: 'run', splits, statistics: 'kept', directions: 'filter-normalised' }

describe('a surface', () => {
  const [x, y] = [evenly(-2, 2, 9), evenly(-1, 3, 9)]
  const bowl = ([a, b]: readonly [number, number]): number => 0.1 + a ** 2 + (b - 1) ** 2
  const landscape: Landscape = {
    span: { origin: { parameters: {}, buffers: {} }, directions: [] },
    x: { title: 'principal component 1 (60.0 % of the variance)', values: x },
    y: { title: 'principal component 2 (20.0 % of the variance)', values: y },
    marks: [{ name: 'epoch 6', at: [0, 1] }],
    path: [
      { name: 'epoch 0', at: [-1.5, 2] },
      { name: 'epoch 6', at: [0, 1] },
    ],
    points: gridPlaces(x, y).map((at) => ({ at, scores: scoresAt(bowl(at)) })),
  }
  it('has its numbers, its optimum, the variance at its axes and the caution', async () => {
    const { rows, alt, spec } = landscapeContour(landscape, facts, { split: 'train' })
    expect(rows).toHaveLength(81)
    expect(rows[0]).toMatchObject({ x: -2, y: -1, 'train loss': 8.1, 'test loss': 8.6 })
    expect(alt).toBe('The train loss over 81 places goes from 0.1 (at 0, 1) to 8.1; it is 0.1 nearest to epoch 6.')
    const svg = await toSvg(spec)
    expect(svg).toContain('principal component 1 (60.0 % of the variance)')
    expect(svg).toContain('CAUTION')
    expect(svg).toContain('epoch 6')
    expect(svg).not.toContain('NaN')
  })
  it('leaves out cells without a number, and refuses to draw none at all', async () => {
    const points = landscape.points.map((point, i) => (i === 3 ? { ...point, scores: scoresAt(Number.NaN) } : point))
    const { rows, alt, spec } = landscapeContour({ ...landscape, points }, facts, { split: 'test', metric: 'loss' })
    expect(rows[3]).toMatchObject({ 'test loss': null })
    expect(alt).toContain('At 1 place it is no finite number.')
    expect(await toSvg(spec)).not.toContain('NaN')
    const none = points.map((point) => ({ ...point, scores: {} }))
    expect(() => landscapeContour({ ...landscape, points: none }, facts, { split: 'train' })).toThrow('no train loss')
  })
  it('may be flat', async () => {
    const flat = landscape.points.map((point) => ({ ...point, scores: scoresAt(2) }))
    const { spec } = landscapeContour({ ...landscape, points: flat }, facts, {
      split: 'train',
      metric: 'accuracy',
      goal: 'max',
    })
    expect(await toSvg(spec)).not.toContain('NaN')
  })
  it('has lines of equal value where the value is equal, in the axes’ own numbers', () => {
    const [across, up] = [evenly(-2, 2, 41), evenly(-1, 3, 41)]
    const lines = contourLines({ x: across, y: up, values: gridPlaces(across, up).map(bowl) }, [1.1, 2.35, 6])
    expect(new Set(lines.map(({ level }) => level))).toEqual(new Set([1.1, 2.35, 6]))
    for (const { level, points } of lines)
      for (const { x: a, y: b } of points) {
        expect(Math.abs(bowl([a, b]) - level)).toBeLessThan(0.02)
        expect(Math.max(Math.abs(a), Math.abs(b - 1))).toBeLessThanOrEqual(2)
      }
    // The first two are whole circles, the third is cut by the border into four.
    expect(lines.filter(({ level }) => level < 5)).toHaveLength(2)
    expect(lines.filter(({ level }) => level === 6)).toHaveLength(4)
  })
})

it('a profile has a line for each direction', async () => {
  const values = evenly(-1, 1, 5)
  const lines = [1, 3].map((steep) => values.map((step) => ({ at: [step], scores: scoresAt(1 + steep * step ** 2) })))
  const { alt, rows, spec } = lossProfileFigure({ values, lines }, facts)
  expect(alt).toContain(
    'Along 2 random directions the train loss rises from 1 at 0 to between 2 and 4 at -1 and 1; along none of them',
  )
  expect(
    rows
      .filter(({ direction, metric, split }) => direction === 1 && metric === 'loss' && split === 'train')
      .map(({ value }) => value),
  ).toEqual([4, 1.75, 1, 1.75, 4])
  expect(await toSvg(spec)).not.toContain('NaN')
})

it('ticks of logarithms are round, and long lines are broken', () => {
  expect(logTicks(0.08, 3)).toEqual([0.1, 0.2, 0.5, 1, 2])
  expect(logTicks(1e-3, 1e5)).toEqual([1e-3, 1e-2, 0.1, 1, 10, 100, 1000, 1e4, 1e5])
  const [first = '', ...others] = wrapped([`${'word '.repeat(30)}end`])
  expect(first.length).toBeLessThanOrEqual(76)
  expect([first, ...others].join(' ')).toBe(`${'word '.repeat(30)}end`)
})
