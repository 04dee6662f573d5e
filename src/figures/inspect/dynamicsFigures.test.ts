import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { Measures, MinimalRatio } from '../../inspect/index.ts'
import { toSvg } from '../render.ts'
import {
  againstFigure,
  densityFigure,
  eigenvaluesFigure,
  type GeneralizationRun,
  generalizationFigure,
  type MeasuredRun,
  minimalRatioFigure,
  sensitivityFigure,
  sharpnessFigure,
} from './index.ts'

const x = { title: 'batch size', scale: 'log' } as const

describe('againstFigure', () => {
  it('joins means over seeds, with bars from the smallest to the largest, on two axes', async () => {
    const points = [16, 64].flatMap((at) => [1, 3].map((value, seed) => ({ x: at, value: value * at, seed })))
    const figure = againstFigure(
      [
        {
          title: 'both',
          left: { title: 'loss', series: [{ name: 'test', points }] },
          right: {
            title: 'norm',
            series: [
              {
                name: 'gradient',
                points: [
                  { x: 16, value: Number.NaN },
                  { x: 64, value: 2 },
                ],
              },
            ],
          },
        },
      ],
      { x },
    )
    expect(figure.rows).toEqual([
      { panel: 'both', axis: 'loss', series: 'test', x: 16, seeds: 2, value: 32, low: 16, high: 48 },
      { panel: 'both', axis: 'loss', series: 'test', x: 64, seeds: 2, value: 128, low: 64, high: 192 },
      { panel: 'both', axis: 'norm', series: 'gradient', x: 64, seeds: 1, value: 2, low: 2, high: 2 },
    ])
    expect(figure.alt).toContain('both: test from 32 at 16 to 128 at 64')
    const svg = await toSvg(figure.spec)
    for (const text of ['batch size', 'loss', 'norm', 'gradient', 'test']) expect(svg).toContain(text)
  })

  it('refuses nothing, and more lines than can be told apart', () => {
    expect(() => againstFigure([], { x })).toThrow(UsageError)
    const series = Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, points: [{ x: 1, value: 1 }] }))
    expect(() => againstFigure([{ title: 'many', left: { title: 'loss', series } }], { x })).toThrow(
      '5 series on its left',
    )
  })
})

const sharp = (percent: number, isResolved = true) => ({
  ...{ loss: 1, maximum: 1 + percent / 50, percent, resolution: 1e-4, isResolved, evaluations: 3 },
})

const measured = (batchSize: number, seed: number, changes: Partial<Measures> = {}): MeasuredRun => ({
  batchSize,
  seed,
  scores: { train: { loss: 0.1, accuracy: 0.99, samples: 10 }, test: { loss: 0.2, accuracy: 0.95, samples: 10 } },
  measures: {
    lossGradient: 0.1 * batchSize,
    jacobian: 3,
    epsilonSharpness: sharp(5),
    adaptiveSharpness: sharp(2),
    topEigenvalue: { value: 10, residual: 0.1 },
    trace: { trace: 50, standardError: 3, probes: 10 },
    samples: { train: 10, test: 10 },
    ...changes,
  },
})

describe('figures of batch sizes', () => {
  const runs = [measured(16, 0), measured(16, 1), measured(64, 0), measured(64, 1)]

  it('show sensitivity beside loss and accuracy', () => {
    const { rows } = sensitivityFigure(runs)
    expect(rows.filter(({ series }) => series === 'gradient norm').map(({ x: at, value }) => [at, value])).toEqual([
      [16, 1.6],
      [64, 6.4],
    ])
    expect(new Set(rows.map(({ panel }) => panel)).size).toBe(2)
    expect(rows.find(({ axis, series }) => axis === 'accuracy' && series === 'test')?.value).toBe(0.95)
  })

  it('leave out a sharpness that float32 cannot tell from zero, never drawing it as 0', () => {
    const hidden = runs.map((run) => ({
      ...run,
      measures: { ...run.measures, epsilonSharpness: sharp(0, false) },
    }))
    expect(sharpnessFigure(hidden).rows.some(({ series }) => series === 'ε-sharpness')).toBe(false)
    expect(sharpnessFigure(runs).rows.find(({ series }) => series === 'ε-sharpness')?.value).toBe(5)
  })
})

const run = (label: string, parameters: number, randomLabels: number, loss: number, seed = 0): GeneralizationRun => ({
  ...{ label, seed, parameters, randomLabels },
  scores: { train: { loss, accuracy: 0.9, samples: 5 }, test: { loss: 2 * loss, accuracy: 0.8, samples: 5 } },
})

describe('generalizationFigure', () => {
  it('goes by parameters where they differ, from few to many', () => {
    const { rows } = generalizationFigure([run('b', 1000, 0, 0.1), run('a', 100, 0, 0.4), run('a', 100, 0, 0.6, 1)])
    const test = rows.filter(({ panel, series }) => panel === 'loss' && series === 'test')
    expect(test.map(({ x: at, value }) => [at, value])).toEqual([
      [100, 1],
      [1000, 0.2],
    ])
    expect(rows.find(({ panel, x: at }) => panel === 'generalisation gap of the loss' && at === 100)?.value).toBe(0.5)
  })

  it('goes by the share of random labels where that alone differs, and by names elsewhere', () => {
    const shares = generalizationFigure([run('r', 100, 1, 2), run('t', 100, 0, 0.1)])
    expect([...new Set(shares.rows.map(({ x: at }) => at))]).toEqual(['100 % random', 'true labels'])
    const names = generalizationFigure([run('one', 100, 0, 1), run('other', 100, 0, 2)])
    expect([...new Set(names.rows.map(({ x: at }) => at))]).toEqual(['one', 'other'])
  })

  it('tells sizes with true and with random labels apart', () => {
    const { rows } = generalizationFigure([
      run('a', 10, 0, 1),
      run('b', 20, 0, 1),
      run('c', 10, 1, 2),
      run('d', 20, 1, 2),
    ])
    expect(new Set(rows.filter(({ panel }) => panel === 'loss').map(({ series }) => series))).toEqual(
      new Set(['training, true labels', 'training, 100 % random', 'test, true labels', 'test, 100 % random']),
    )
  })
})

describe('figures of curvature', () => {
  const ratio = (seed: number, loss: number, isCritical: boolean): MinimalRatio => ({
    ...{ seed, loss, isCritical, parameters: 10, trained: { loss: 1, gradientNorm: 1 }, gradientNorm: 1e-4 },
    ...{ minimalRatio: 0.5, positive: 5, zero: 2, negative: 3, tolerance: 1e-5 },
  })

  it('show every training, and which are near a zero gradient', async () => {
    const { rows, spec, alt } = minimalRatioFigure([ratio(0, 0.1, true), ratio(1, 0.2, false)])
    expect(rows.map(({ seed, isCritical }) => [seed, isCritical])).toEqual([
      [0, true],
      [1, false],
    ])
    expect(alt).toContain('1 gradients are near zero')
    expect(await toSvg(spec)).toContain('gradient not near zero')
    expect(() => minimalRatioFigure([])).toThrow(UsageError)
  })

  it('show all eigenvalues with what counts as zero, and the density with its width', async () => {
    const values = Float64Array.of(3, 1e-9, -0.5)
    const found = { eigenvalues: values, tolerance: 1e-6, positive: 1, zero: 1, negative: 1, minimalRatio: 1 / 3 }
    const { rows, alt, spec } = eigenvaluesFigure(found)
    expect(rows.map(({ sign }) => sign)).toEqual(['positive', 'zero', 'negative'])
    expect(alt).toContain('1 no farther from zero than 0.000001')
    await toSvg(spec)
    const density = densityFigure({
      ...{ eigenvalues: Float64Array.of(-1, 0, 1), density: Float64Array.of(0, 2, 1), width: 0.5 },
      ...{ probes: 2, steps: 3, range: [0, 1] as const, negative: 0, positive: 0.5 },
    })
    expect(density.rows).toHaveLength(3)
    expect(await toSvg(density.spec)).toContain('Gaussians of width 0.5')
  })
})
