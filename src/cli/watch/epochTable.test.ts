import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { epochTable, tableRows } from './epochTable.ts'
import type { EventOf } from './watcher.ts'

const splits = ['train', 'trainEvaluated', 'validation']
const start: EventOf<'start'> = {
  type: 'start',
  ...{ id: 'a', folder: 'a', name: 'a', seed: 0, turn: 1, turns: 1, epochs: 12, stepsPerEpoch: 10, step: 0 },
  ...{ samples: 100, parameters: 10, leftOut: { count: 0, first: [] } },
  scores: [
    ...['loss', 'accuracy', 'r2'].flatMap((name) => splits.map((split) => ({ split, name }))),
    { split: 'weights', name: 'sparsity' },
  ],
  monitor: 'validation.accuracy',
}
const scores = { loss: 0.25, accuracy: 0.875, r2: -0.125 }
const event: EventOf<'epoch'> = {
  type: 'epoch',
  report: { epoch: 3, step: 30, train: scores, trainEvaluated: scores, validation: scores, weights: { sparsity: 0.5 } },
  ...{ isBest: true, seconds: 1.25, learningRate: 0.000123456 },
}
const words = (text: string): string[] => stripVTControlCharacters(text).trim().split(/ {2,}/)

describe('the table of epochs', () => {
  it('has all values in a wide terminal, under their heads', () => {
    const { header, row } = epochTable(start, 200)
    expect(words(header)).toEqual([
      ...['epoch', 'train loss', 'train eval loss', 'val loss'],
      ...['train accuracy', 'train eval accuracy', 'val accuracy', 'train r2', 'train eval r2', 'val r2'],
      ...['sparsity', 'lr', 'time', 'best'],
    ])
    expect(words(row(event))).toEqual([
      ...['3', '0.2500', '0.2500', '0.2500', '87.50 %', '87.50 %', '87.50 %', '-0.1250', '-0.1250', '-0.1250'],
      ...['50.00 %', '0.000123', '1.3 s', '★'],
    ])
    expect(row(event)).toHaveLength(stripVTControlCharacters(header).length)
  })

  it('gives up columns in a narrow one, what is monitored never', () => {
    const heads = (width: number) => words(epochTable(start, width).header)
    expect(heads(80)).toEqual(['epoch', 'train loss', 'train eval loss', 'val loss', 'val accuracy', 'val r2', 'best'])
    expect(heads(50)).toEqual(['epoch', 'train loss', 'val loss', 'val accuracy', 'best'])
    expect(heads(20)).toEqual(['epoch', 'val accuracy', 'best'])
    for (let width = 25; width < 200; width++) {
      const { header, row } = epochTable(start, width)
      expect(stripVTControlCharacters(header).length).toBeLessThanOrEqual(width)
      expect(row(event).length).toBeLessThanOrEqual(width)
    }
  })

  it('has rows for evaluations inside epochs, with fractions', () => {
    const { row } = epochTable({ ...start, everySteps: 3 }, 200)
    const within = row({ type: 'epoch', report: { epoch: 0.3, step: 3, validation: scores }, isBest: false })
    expect(words(within)).toEqual(['0.30', '0.2500', '87.50 %', '-0.1250'])
    expect(words(row(event))[0]).toBe('3.00')
  })

  it('of epochs that follow at once has the first and the last', () => {
    const printed: string[] = []
    const rows = tableRows(epochTable(start, 80), (text) => printed.push(text))
    for (const epoch of [1, 2, 3]) rows.add({ ...event, report: { epoch, step: 10 * epoch, train: scores } })
    rows.end()
    expect(printed.slice(1).map((text) => words(text)[0])).toEqual(['1', '3'])
  })
})
