import { describe, expect, it } from 'vitest'
import { classify, convolve } from '../../testing/experiments.ts'
import { configHash, grid } from '../../train/index.ts'
import { settledCells } from './cells.ts'

const settings = [['epochs', 9] as const]

describe('settledCells', () => {
  it('leaves an experiment one cell, with the settings of the command line', () => {
    const { grid: none, cells } = settledCells(classify, { settings })
    expect(none).toBeUndefined()
    expect(cells).toMatchObject([{ labels: {}, experiment: { epochs: 9 }, overrides: settings }])
  })

  it('makes a grid of an experiment and axes, the last axis going round first', () => {
    const axes = { batchSize: [8, 16], 'optimizer.lr': [0.1, 0.01] }
    const { grid: made, cells } = settledCells(classify, { settings, axes })
    expect(made).toEqual({ name: 'clouds-grid', axes: ['batchSize', 'optimizer.lr'] })
    expect(cells.map(({ labels }) => Object.values(labels))).toEqual([
      ...[
        ['8', '0.1'],
        ['8', '0.01'],
      ],
      ...[
        ['16', '0.1'],
        ['16', '0.01'],
      ],
    ])
    for (const { experiment, overrides } of cells) {
      // What a run's manifest says of its settings makes the experiment again.
      const again = overrides.reduce((current, [path, value]) => current.set(path, value), classify)
      expect(configHash(again, 0)).toBe(configHash(experiment, 0))
      expect(experiment.epochs).toBe(9)
    }
    expect(new Set(cells.map(({ experiment }) => configHash(experiment, 0))).size).toBe(4)
  })

  it('adds axes to those of a grid', () => {
    const { grid: made, cells } = settledCells(grid({ classify, convolve }, {}, { name: 'both' }), {
      settings: [],
      axes: { batchSize: [8, 16] },
    })
    expect(made).toEqual({ name: 'both', axes: ['experiment', 'batchSize'] })
    expect(cells.map(({ labels }) => labels)).toEqual([
      { experiment: 'classify', batchSize: '8' },
      { experiment: 'classify', batchSize: '16' },
      { experiment: 'convolve', batchSize: '8' },
      { experiment: 'convolve', batchSize: '16' },
    ])
  })

  it('refuses an axis without values, and a setting that is not there', () => {
    expect(() => settledCells(classify, { settings, axes: { batchSize: [] } })).toThrow(
      'batchSize: there are no values',
    )
    expect(() => settledCells(classify, { settings, axes: { batchsize: [8] } })).toThrow('has no "batchsize"')
  })
})
