import { describe, expect, it } from 'vitest'
import '../index.ts'
import { cosine, sgd } from '../optim/index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import { configHash, grid, isGrid } from './index.ts'

describe('a grid', () => {
  const of = grid(
    { dense: classify, conv: convolve },
    { lr: [0.1, 0.01], schedule: { none: {}, cosine: { schedule: cosine() } } },
  )

  it('has every combination once, labelled along its axes', () => {
    expect(isGrid(of)).toBe(true)
    expect(of.axes).toEqual(['experiment', 'lr', 'schedule'])
    expect(of.cells.map(({ labels }) => Object.values(labels).join(' '))).toEqual([
      ...['dense 0.1 none', 'dense 0.1 cosine', 'dense 0.01 none', 'dense 0.01 cosine'],
      ...['conv 0.1 none', 'conv 0.1 cosine', 'conv 0.01 none', 'conv 0.01 cosine'],
    ])
    expect(new Set(of.cells.map(({ experiment }) => configHash(experiment, 0))).size).toBe(8)
    expect(of.cells[7]?.experiment.optimizer.lr).toBe(0.01)
    expect(of.cells[7]?.experiment.schedule.kind).toBe('cosine')
  })

  it('takes a setting for all', () => {
    expect(of.set('epochs', 9).cells.every(({ experiment }) => experiment.epochs === 9)).toBe(true)
    const changed = of.with({ epochs: 8, batchSize: 5 })
    expect(changed.cells.every(({ experiment }) => experiment.epochs === 8 && experiment.batchSize === 5)).toBe(true)
    expect(changed.cells.map(({ labels }) => labels)).toEqual(of.cells.map(({ labels }) => labels))
  })

  it('of one experiment has no axis for it', () => {
    expect(grid(classify, { batchSize: [8, 16] }).axes).toEqual(['batchSize'])
    expect(grid(classify).cells).toHaveLength(1)
    expect(grid(classify).name).toBe('clouds-grid')
  })

  it.each([
    [() => grid({}), /there are no experiments/],
    [() => grid(classify, { lr: [] }), /the axis lr has no values/],
    [() => grid(classify, { speed: [1] }), /has no "speed" to set/],
    // @ts-expect-error an experiment file need not have been through a type checker
    [() => grid({ a: sgd({ lr: 1 }) }), /"a" is no experiment/],
  ])('refuses what makes none: %s', (make, message) => {
    expect(make).toThrow(message)
  })
})
