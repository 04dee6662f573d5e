import { describe, expect, it } from 'vitest'
import { classBalanceFigure, colorHistogramFigure, correlationFigure, histogramsFigure, toSvg } from './index.ts'

describe('histogramsFigure', () => {
  it('draws a bar an interval, every panel with its own range', async () => {
    const figure = histogramsFigure([
      { name: 'age', low: 0, high: 30, counts: [5, 9, 1] },
      { name: 'income', low: 10_000, high: 20_000, counts: [2, 2] },
      { name: 'empty', low: 0, high: 1, counts: [] },
    ])
    const svg = await toSvg(figure.spec)
    for (const text of ['age', 'income', '20,000']) expect(svg).toContain(`>${text}<`)
    expect(svg).not.toContain('>empty<')
    expect(figure.rows).toContainEqual({ name: 'age', from: 10, to: 20, count: 9 })
    expect(figure.alt).toContain('age from 0 to 30, most (9) around 15')
    expect(() => histogramsFigure([])).toThrow('at least one value')
  })

  it('tells days as dates', async () => {
    const figure = histogramsFigure([{ name: 'joined', low: 18_262, high: 18_627, counts: [3, 5] }], { isDate: true })
    expect(await toSvg(figure.spec)).toMatch(/>2020</)
    expect(figure.rows[0]).toMatchObject({ from: '2020-01-01T00:00:00.000Z', count: 3 })
    expect(figure.alt).toContain('joined from 2020-01-01 to 2020-12-31, most (5) around 2020-09-30')
  })
})

describe('colorHistogramFigure', () => {
  it('draws a dashed line a channel, as shares', async () => {
    const channel = (name: string, counts: readonly number[]) => ({ name, low: -0.5, high: 1.5, counts })
    const figure = colorHistogramFigure([channel('red', [1, 3]), channel('blue', [2, 2])])
    expect(await toSvg(figure.spec)).toContain('stroke-dasharray="2,2"')
    expect(figure.rows[1]).toEqual({ channel: 'red', intensity: 1, share: 0.75, count: 3 })
    expect(figure.alt).toBe(
      'Colour histogram: red most often 1 (75.0 % of pixels); blue most often 0 (50.0 % of pixels).',
    )
    expect(() => colorHistogramFigure([channel('infrared', [1])])).toThrow('"infrared" is none of them')
  })
})

describe('classBalanceFigure', () => {
  it('draws shares and writes counts', async () => {
    const figure = classBalanceFigure(
      ['cat', 'dog'],
      [
        { split: 'train', counts: [1500, 500] },
        { split: 'test', counts: [10, 10] },
      ],
    )
    expect(await toSvg(figure.spec)).toContain('>1,500<')
    expect(figure.rows[1]).toEqual({ class: 'dog', split: 'train', count: 500, share: 0.25 })
    expect(figure.alt).toBe('Samples of 2 classes in train and test: from 500 (dog) to 1500 (cat) in train.')
    expect(() => classBalanceFigure(['cat'], [{ split: 'train', counts: [1, 2] }])).toThrow('train has 2')
  })
})

describe('correlationFigure', () => {
  it('writes r, leaves pairs without one grey, and says the strongest', async () => {
    const figure = correlationFigure(
      ['a', 'b', 'c'],
      [
        [1, -0.91, null],
        [-0.91, 1, null],
        [null, null, null],
      ],
    )
    const svg = await toSvg(figure.spec)
    expect(svg).toContain('>−0.91<')
    expect(svg.match(/fill="#bbbbbb"/g)).toHaveLength(5)
    expect(figure.alt).toBe('Correlation of 3 columns. Strongest: a and b (-0.91).')
    expect(() => correlationFigure(['a'], [[1, 2]])).toThrow('k × k')
  })
})
