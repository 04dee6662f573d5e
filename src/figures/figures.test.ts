import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MetricRecord } from '../runs/index.ts'
import { confusionMatrixFigure, saveFigure, toCsv, toSvg, trainingCurves } from './index.ts'

const record = (epoch: number, split: string, name: string, value: number): MetricRecord => ({
  step: Math.round(epoch * 100),
  epoch,
  split,
  name,
  value,
  time: epoch,
})
const curves = [1, 2, 3].flatMap((epoch) => [
  record(epoch, 'train', 'accuracy', 0.8 + epoch / 20),
  record(epoch, 'train', 'loss', 1 / epoch),
  record(epoch, 'validation', 'loss', 1.2 / epoch),
])

describe('trainingCurves', () => {
  it('draws loss first, train solid and validation dashed', async () => {
    const { spec, alt } = trainingCurves([...curves, record(3, 'test', 'loss', 9)])
    const svg = await toSvg(spec)
    expect(svg.indexOf('>loss<')).toBeGreaterThan(0)
    expect(svg.indexOf('>loss<')).toBeLessThan(svg.indexOf('>accuracy<'))
    expect(svg).toContain('stroke-dasharray="5,3"')
    expect(alt).toBe(
      'Training curves over 3 epochs: train loss from 1 to 0.333; validation loss from 1.2 to 0.4; train accuracy from 0.85 to 0.95.',
    )
  })

  it('draws evaluations inside epochs where they were made, and a gap for NaN', () => {
    const { rows } = trainingCurves([
      record(0.5, 'train', 'loss', 3),
      record(1, 'train', 'loss', 1),
      record(2, 'train', 'loss', Number.NaN),
    ])
    expect(rows).toEqual([
      { metric: 'loss', split: 'train', epoch: 0.5, value: 3 },
      { metric: 'loss', split: 'train', epoch: 1, value: 1 },
      { metric: 'loss', split: 'train', epoch: 2, value: null },
    ])
  })

  it('refuses an empty log', () => {
    expect(() => trainingCurves([record(1, 'test', 'loss', 1)])).toThrow('train at least one epoch')
  })
})

describe('confusionMatrixFigure', () => {
  it('writes counts and recall, and says the worst mistakes', async () => {
    const { spec, rows, alt } = confusionMatrixFigure(
      [
        [50, 2],
        [0, 45],
      ],
      ['cat', 'dog'],
    )
    const svg = await toSvg(spec)
    for (const text of ['50', '45', '96.2%', '100.0%', 'true class', 'predicted class'])
      expect(svg).toContain(`>${text}<`)
    expect(svg).not.toContain('>0<')
    expect(rows[1]).toEqual({ label: 'cat', predicted: 'dog', count: 2, share: 2 / 52, hit: false })
    expect(alt).toBe(
      'Confusion matrix of 2 classes: 95 of 97 examples on the diagonal. Most frequent mistakes: cat taken for dog (2 times).',
    )
  })

  it('draws a perfect classifier, a class without examples and many classes', async () => {
    await toSvg(confusionMatrixFigure([[0]], ['only']).spec)
    const k = 30
    const many = Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => (i === j ? 5 : 0)))
    await toSvg(
      confusionMatrixFigure(
        many,
        many.map((_, i) => `c${i}`),
      ).spec,
    )
  })

  it('refuses a matrix that does not fit', () => {
    expect(() => confusionMatrixFigure([[1, 2]], ['a', 'b'])).toThrow('has 1 rows')
    expect(() => confusionMatrixFigure([[1], [1, 2]], ['a', 'b'])).toThrow('a row of 1')
    expect(() =>
      confusionMatrixFigure(
        [
          [1, 0],
          [0, 1],
        ],
        ['a', 'a'],
      ),
    ).toThrow('"a" is there twice')
  })
})

describe('saveFigure', () => {
  it('writes the specification, the picture and the numbers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'assay-figures-'))
    await saveFigure(folder, 'curves', trainingCurves(curves))
    expect(readdirSync(join(folder, 'figures')).sort()).toEqual(['curves.csv', 'curves.svg', 'curves.vl.json'])
    expect(readFileSync(join(folder, 'figures/curves.csv'), 'utf8').split('\n')[0]).toBe('metric,split,epoch,value')
    rmSync(folder, { recursive: true })
  })

  it('quotes CSV as RFC 4180 does', () => {
    expect(
      toCsv([
        { a: 'x,"y"', b: null },
        { a: 1, c: true },
      ]),
    ).toBe('a,b,c\n"x,""y""",,\n1,,true\n')
  })
})
