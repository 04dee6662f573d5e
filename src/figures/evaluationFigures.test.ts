import { describe, expect, it } from 'vitest'
import { precisionRecallCurve, reliabilityBins, rocCurve, softmax } from '../metrics/index.ts'
import { key, uniform } from '../random/index.ts'
import {
  confusionMatrixFigure,
  gridHeatMap,
  perClassFigure,
  precisionRecallFigure,
  predictionScatter,
  reliabilityFigure,
  rocFigure,
  sampleSheet,
  toSvg,
} from './index.ts'

const CLASSES = 10
const N = 10_000
/** Scores that say the true class often, but not always. */
function predictions(sharpness = 3) {
  const chance = uniform(key(1), N * CLASSES)
  const targets = Int32Array.from({ length: N }, (_, i) => (i * 7) % CLASSES)
  const scores = Float32Array.from(
    chance,
    (u, at) => 6 * u + (at % CLASSES === targets[Math.floor(at / CLASSES)] ? sharpness : 0),
  )
  return { targets, probabilities: softmax(scores, CLASSES) }
}
const { targets, probabilities } = predictions()
const names = Array.from({ length: CLASSES }, (_, c) => `class ${c}`)

/** Colour and dash of each entry of a legend. */
const styles = (svg: string): string[] =>
  Array.from(svg.matchAll(/legend-symbol.*?<path[^>]*>/gs), ([entry]) =>
    [/stroke="([^"]*)"/.exec(entry)?.[1], /stroke-dasharray="([^"]*)"/.exec(entry)?.[1]].join(' '),
  )

describe('rocFigure', () => {
  const series = [
    ...names.map((name, c) => ({ name, curve: rocCurve(targets, probabilities, CLASSES, c) })),
    ...(['macro', 'micro'] as const).map((name) => ({
      name,
      isAverage: true,
      curve: rocCurve(targets, probabilities, CLASSES, name),
    })),
  ]

  it('tells ten classes and two averages apart, with areas and intervals in the legend', async () => {
    const figure = rocFigure(series.map((one) => ({ ...one, interval: { low: 0.9, high: 0.95 } })))
    const svg = await toSvg(figure.spec)
    for (const { name, curve } of series) expect(svg).toContain(`>${name}: ${curve.auc.toFixed(3)} (0.900–0.950)<`)
    expect(new Set(styles(svg)).size).toBe(series.length)
    expect(figure.alt).toContain('12 series')
  })

  it('thins 10,000 points without moving the area', () => {
    const { rows } = rocFigure(series)
    const micro = rows.filter((row) => row.series === 'micro')
    expect(micro.length).toBeLessThan(200)
    let area = 0
    for (const [i, row] of micro.entries()) {
      const before = micro[i - 1]
      if (before === undefined) continue
      area +=
        ((Number(row.falsePositiveRate) - Number(before.falsePositiveRate)) *
          (Number(row.truePositiveRate) + Number(before.truePositiveRate))) /
        2
    }
    expect(area).toBeCloseTo(series.at(-1)?.curve.auc ?? 0, 2)
    expect(rows.every(({ threshold }) => threshold === null || Number.isFinite(threshold))).toBe(true)
  })

  it('names one curve in the title, without a legend', async () => {
    const [first] = series
    if (first === undefined) throw new Error('no series')
    const svg = await toSvg(rocFigure([first]).spec)
    expect(svg).toContain(`>ROC: class 0: ${first.curve.auc.toFixed(3)}<`)
    expect(styles(svg)).toEqual([])
  })

  it('leaves out a class without examples, and refuses when there is no other', () => {
    const empty = { name: 'empty', curve: rocCurve(new Int32Array(3), new Float32Array([1, 0, 1, 0, 1, 0]), 2, 1) }
    expect(rocFigure([...series.slice(0, 1), empty]).alt).not.toContain('empty')
    expect(() => rocFigure([empty])).toThrow('at least two classes')
    expect(() => rocFigure([...series, ...series])).toThrow('two ROC curves are named')
  })
})

describe('precisionRecallFigure', () => {
  it('draws stairs whose area is the average precision, and the line of chance', async () => {
    const curve = precisionRecallCurve(targets, probabilities, CLASSES, 3)
    const figure = precisionRecallFigure([{ name: 'three', curve }])
    const points = figure.rows.filter((row) => row.series === 'three')
    expect(points.length).toBeLessThan(1000)
    let area = 0
    for (const [i, row] of points.entries())
      area +=
        ((Number(row.recall) - Number(points[i - 1]?.recall ?? 0)) *
          (Number(row.precision) + Number(points[i - 1]?.precision ?? row.precision))) /
        2
    expect(area).toBeCloseTo(curve.averagePrecision, 2)
    expect(figure.alt).toContain('Chance gets 0.100')
    expect(await toSvg(figure.spec)).toContain('stroke-dasharray="3,3"')
  })
})

describe('reliabilityFigure', () => {
  it('states the calibration error and how many examples each bin has', async () => {
    const bins = reliabilityBins(
      Int32Array.of(0, 1, 1, 1),
      Float32Array.of(0.8, 0.2, 0.7, 0.3, 0.1, 0.9, 0.05, 0.95),
      2,
    )
    const { spec, rows, alt } = reliabilityFigure(bins)
    expect(rows.reduce((sum, { count }) => sum + Number(count), 0)).toBe(4)
    const svg = await toSvg(spec)
    expect(svg).toContain('expected calibration error 0.2625 (15 bins)')
    expect(alt).toContain('more sure than right, by 8.7 points')
  })
})

describe('perClassFigure', () => {
  const scores = names.map((name, c) => ({ name, precision: 0.9, recall: 0.8, f1: 0.5 + c / 30, support: 1000 + c }))

  it('writes every score and how many examples there are', async () => {
    const { spec, alt, rows } = perClassFigure(scores)
    const svg = await toSvg(spec)
    for (const text of ['class 3 (1,003)', '0.900', '0.800', '0.600']) expect(svg).toContain(`>${text}<`)
    expect(rows).toHaveLength(CLASSES)
    expect(alt).toBe(
      'Precision, recall and F1 of 10 classes: F1 from 0.500 (class 0, 1000 examples) to 0.800 (class 9, 1009 examples).',
    )
  })

  it('draws the lowest of many classes, and keeps all numbers', async () => {
    const many = Array.from({ length: 100 }, (_, c) => ({
      name: `c${c}`,
      precision: 1,
      recall: 1,
      f1: c / 100,
      support: 1,
    }))
    const { spec, rows } = perClassFigure(many)
    const svg = await toSvg(spec)
    expect(rows).toHaveLength(100)
    expect(svg).toContain('>c39 (1)<')
    expect(svg).not.toContain('>c40 (1)<')
  })
})

describe('confusionMatrixFigure, normalised', () => {
  it('writes shares of the true class', async () => {
    const figure = confusionMatrixFigure(
      [
        [30, 10],
        [0, 1],
      ],
      ['cat', 'dog'],
      { isNormalized: true },
    )
    const svg = await toSvg(figure.spec)
    for (const text of ['75.0', '25.0', '100']) expect(svg).toContain(`>${text}<`)
    expect(figure.alt).toContain('in percent of each true class')
  })
})

describe('sampleSheet', () => {
  it('says what each image is and was taken for', async () => {
    const image = { data: new Uint8Array(4), shape: [1, 2, 2] as const }
    const judged = { index: 5, margin: 0.2, entropy: 0.7, image }
    const sheet = await sampleSheet(
      [
        { ...judged, label: 'cat', predicted: 'dog', confidence: 0.98 },
        { ...judged, label: 'cat', predicted: 'cat', confidence: 0.51 },
      ],
      'surest mistakes',
    )
    expect(sheet.svg).toContain('cat→dog 98%')
    expect(sheet.svg).toContain('>cat 51%<')
    expect(sheet.alt).toBe('2 images: surest mistakes. cat taken for dog; cat, rightly told.')
    expect(sheet.rows[0]).toEqual({
      index: 5,
      label: 'cat',
      predicted: 'dog',
      confidence: 0.98,
      margin: 0.2,
      entropy: 0.7,
    })
    await expect(sampleSheet([], 'surest mistakes')).rejects.toThrow('no surest mistakes')
  })
})

describe('gridHeatMap', () => {
  const cells = [
    { row: 'dense', column: '0.1', values: [], diverged: 3 },
    { row: 'dense', column: '0.01', values: [0.5, 0.7], diverged: 1 },
    { row: 'conv', column: '0.1', values: [0.2] },
    { row: 'conv', column: '0.01', values: [] },
    { row: 'conv', column: '1', values: [], withoutNumber: 2 },
    { row: 'dense', column: '1', values: [0.6], diverged: 1, withoutNumber: 1 },
  ]
  const options = { score: 'test loss', rows: 'model', columns: 'lr' } as const

  it('writes mean ± sd, marks what diverged and says what is best', async () => {
    const { spec, rows, alt } = gridHeatMap(cells, { ...options, goal: 'min' })
    const svg = await toSvg(spec)
    for (const text of [
      '0.6 ± 0.1414',
      '1 of 3 diverged',
      'no number',
      '1 of 3 diverged, 1 of 3 no number',
      'diverged',
      'not run',
      '0.2',
      'framed: the best (conv, 0.1)',
    ])
      expect(svg).toContain(`>${text}<`)
    expect(alt).toBe(
      'Heat map of test loss by model and lr: best 0.2 at conv, 0.1; from 0.2 to 0.6 over 3 cells; 1 cell diverged; 1 without a number.',
    )
    expect(rows[0]).toEqual({
      model: 'dense',
      lr: '0.1',
      mean: null,
      sd: null,
      seeds: 0,
      diverged: 3,
      withoutNumber: 0,
    })
  })

  it('makes the better cell the brighter one, whichever way that is', async () => {
    const fill = async (goal: 'max' | 'min', text: string) => {
      const svg = await toSvg(gridHeatMap(cells, { ...options, goal }).spec)
      return new RegExp(`fill="(\\w+)"[^>]*>${text}<`).exec(svg)?.[1]
    }
    expect([await fill('min', '0.2'), await fill('max', '0.2')]).toEqual(['black', 'white'])
  })

  it('refuses two cells in one place, and a grid of which nothing is there', () => {
    expect(() => gridHeatMap([...cells, ...cells], { ...options, goal: 'max' })).toThrow('dense, 0.1 is there twice')
    expect(() => gridHeatMap([], { ...options, goal: 'max' })).toThrow('at least one cell')
    expect(gridHeatMap(cells.slice(0, 1), { ...options, goal: 'max' }).alt).toContain('no run ended')
  })
})

describe('predictionScatter', () => {
  it('draws points on both axes, and says the largest error', async () => {
    const figure = predictionScatter(Float32Array.of(1, 2, 3), Float32Array.of(1, 2.5, 3), { against: 'residual' })
    expect(figure.rows[1]).toEqual({ index: 1, truth: 2, prediction: 2.5, residual: -0.5 })
    expect(figure.alt).toContain('largest -0.5 (example 1, true value 2)')
    expect((await toSvg(figure.spec)).match(/aria-roledescription="point"/g)).toHaveLength(3)
    expect(() => predictionScatter(new Float32Array(2), new Float32Array(1))).toThrow('1 predictions and 2 true values')
  })

  it('draws some of many points, the largest error always, and keeps all numbers', () => {
    const truth = new Float32Array(50_001)
    truth[12_345] = 9
    const { spec, rows } = predictionScatter(truth, new Float32Array(truth.length))
    expect(rows).toHaveLength(truth.length)
    const drawn = JSON.stringify(spec).match(/"index":\d+/g) ?? []
    expect(drawn.length).toBeLessThanOrEqual(2000)
    expect(drawn).toContain('"index":12345')
  })
})
