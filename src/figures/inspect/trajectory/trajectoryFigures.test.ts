import { describe, expect, it } from 'vitest'
import type { Plane, Trajectories } from '../../../inspect/index.ts'
import type { RecordedSteps } from '../../../runs/index.ts'
import { toSvg } from '../../index.ts'
import {
  displacementFigure,
  distancesFigure,
  gradientCosineFigure,
  gradientNormFigure,
  loadingsFigure,
  planeFigure,
  updateRatioFigure,
} from './index.ts'

/** Two runs of three points. */
const points = [0, 1].flatMap((run) => [0, 3, 6].map((epoch) => ({ run, step: 10 * epoch, epoch })))
const ways: Trajectories = { points, parameters: [], eachBlock: async () => {} }
const plane: Plane = {
  layer: '0',
  coordinates: [
    Float64Array.of(-3, -2, -1, 1, 2, 3),
    Float64Array.of(0, 1, 0, 0, -1, 0),
    Float64Array.of(0, 0, 1, 0, 0, 1),
  ],
  explained: [0.75, 0.2, 0.05],
  shares: [new Map([['0', 1]]), new Map([['0', 1]]), new Map([['0', 1]])],
  axes: [],
}
const labels = ['seed 0', 'seed 1']

const texts = async (figure: { readonly spec: Parameters<typeof toSvg>[0] }): Promise<string> =>
  (await toSvg(figure.spec)).replace(/<[^>]*>/g, ' ')

describe('the plane of ways', () => {
  it('has a line a run with its start, its end and its epochs, and the variance on the axes', async () => {
    const two = { ...plane, coordinates: plane.coordinates.slice(0, 2), explained: plane.explained.slice(0, 2) }
    const figure = planeFigure(ways, two, labels)
    expect(figure.rows).toHaveLength(6)
    expect(figure.rows[5]).toEqual({ label: 'seed 1', step: 60, epoch: 6, mark: 'end', component1: 3, component2: 0 })
    expect(figure.rows.map(({ mark }) => mark)).toEqual(['start', 'between', 'end', 'start', 'between', 'end'])
    expect(figure.alt).toBe(
      'Weights of layer 0 at 6 times of 2 runs: 2 components have 95 % of the variance (75 %, 20 %).',
    )
    const shown = await texts(figure)
    for (const text of ['component 1 (75 % of the variance)', 'component 2 (20 % of the variance)', ...labels])
      expect(shown).toContain(text)
  })

  it('of three components is three planes', async () => {
    const { spec, rows } = planeFigure(ways, plane, labels)
    expect('hconcat' in spec ? spec.hconcat : []).toHaveLength(3)
    expect(rows[5]?.component3).toBe(1)
    expect(await toSvg(spec)).not.toContain('NaN')
  })

  it('writes epochs only where they can be read', async () => {
    const still = { ...plane, coordinates: [new Float64Array(6), new Float64Array(6)], explained: [0, 0] }
    const shown = await texts(planeFigure(ways, still, labels))
    expect(shown.match(/\s6\s/g)).toHaveLength(1)
    expect(shown.match(/\s3\s/g)).toBeNull()
  })
})

const stepsOf = (count: number, seed: number): RecordedSteps => {
  const each = (value: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => value(i))
  return {
    step: each((i) => i + 1),
    epoch: each((i) => (i + 1) / 10),
    loss: each((i) => 1 / (i + 1 + seed)),
    gradientNorm: each((i) => (i === 700 ? 99 : 1 + seed)),
    gradientCosine: each((i) => (i === 0 ? Number.NaN : (-1) ** i / 2)),
    updateRatios: new Map([
      ['0.weight', each(() => 0.01)],
      ['0.bias', each((i) => (i === 0 ? Number.NaN : 0.5))],
      ['2.weight', each(() => 0.001)],
    ]),
  }
}
const measured = labels.map((label, seed) => ({ label, steps: stepsOf(2000, seed) }))

describe('curves of steps', () => {
  it('show norms and losses on logarithmic scales, thinned without losing a peak, all numbers beside them', async () => {
    const { spec, rows, alt } = gradientNormFigure(measured)
    expect(rows).toHaveLength(4000)
    expect(rows[0]).toEqual({ label: 'seed 0', step: 1, epoch: 0.1, loss: 1, gradientNorm: 1, gradientCosine: null })
    const drawn = JSON.stringify(spec)
    expect(drawn).toContain('"value":99')
    expect(drawn.length).toBeLessThan(250_000)
    expect(alt).toContain('seed 1: gradient norm from 2 to 2, largest 99 at iteration 701; loss from 0.5 to 0.0005')
    expect(await toSvg(spec)).not.toContain('NaN')
  })

  it('show ratios of weights, layer by layer, and leave biases to the numbers', async () => {
    const { spec, rows, alt } = updateRatioFigure(measured)
    expect(alt).toBe(
      'Steps change the weights by 0.001 (2.weight) to 0.01 (0.weight) of their length, the median over the iterations.',
    )
    expect(rows[0]).toEqual({ label: 'seed 0', step: 1, '0.weight': 0.01, '0.bias': null, '2.weight': 0.001 })
    const shown = await texts({ spec })
    expect(shown).toContain('2.weight')
    expect(shown).not.toContain('0.bias')
  })

  it('show cosines, the first of which there is none', async () => {
    const { spec, rows, alt } = gradientCosineFigure(measured)
    expect(rows[0]?.cosine).toBeNull()
    expect(rows[1]?.cosine).toBe(-0.5)
    expect(alt).toMatch(/seed 0 -?0\.\d+ over the first tenth and 0 over the last/)
    expect(await toSvg(spec)).not.toContain('NaN')
  })
})

describe('distances and shares', () => {
  it('tell how far runs are from start and end, and how far they went', async () => {
    const distances = points.map((point, i) => ({ ...point, fromStart: i, fromEnd: 5 - i, path: 2 * i }))
    const { spec, rows, alt } = distancesFigure(distances, labels)
    expect(rows[5]).toMatchObject({ label: 'seed 1', epoch: 6, fromStart: 5, fromEnd: 0, path: 10 })
    expect(alt).toContain('seed 1 ended 5 from its start after a path of 10')
    expect(await texts({ spec })).toContain('from the start')
  })

  it('tell which layers moved beside how large they are', async () => {
    const moved = [0, 1].flatMap((run) => [
      { run, layer: '0', size: 10, distance: 3, share: 0.9, perWeight: 0.95 },
      { run, layer: '2', size: 30, distance: 1, share: 0.1, perWeight: 0.2 },
    ])
    const { spec, rows, alt } = displacementFigure(moved, labels)
    expect(rows[3]).toMatchObject({ label: 'seed 1', layer: '2', share: 0.1, ofWeights: 0.75 })
    expect(alt).toContain('0 90 % (25 % of the weights, 0.95 a weight), 2 10 % (75 % of the weights')
    expect(await toSvg(spec)).not.toContain('NaN')
  })

  it('tell which weights a component is made of', async () => {
    const { spec, rows, alt } = loadingsFigure(
      [
        { component: 1, parameter: '0.weight', index: [3, 0], loading: -0.6 },
        { component: 1, parameter: '0.bias', index: [1], loading: 0.3 },
        { component: 2, parameter: '0.bias', index: [2], loading: 1 },
      ],
      'layer 0',
    )
    expect(rows[0]).toEqual({
      component: 1,
      parameter: '0.weight',
      index: '3,0',
      loading: -0.6,
      weight: '0.weight[3, 0]',
    })
    expect(alt).toContain('component 1: 0.weight[3, 0] first (-0.6), the 2 together 45 % of the direction')
    expect(await texts({ spec })).toContain('0.weight[3, 0]')
  })
})
