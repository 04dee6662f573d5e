import { describe, expect, it } from 'vitest'
import { initialize, linear, loadStateDict, relu, sequential, stateDict, type Variables } from '../../nn/index.ts'
import { foldIn, key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { classify, trained } from '../../testing/experiments.ts'
import { evenly } from '../interpolate/index.ts'
import { pointOf, pointScorer, type Scorer, sampledSplit } from '../weightSpace/index.ts'
import { gridPlaces, planeThrough, principalPlane, randomDirection, surface, twoNetworkPlan } from './index.ts'

const model = sequential(linear(4), relu(), linear(2))
const network = initialize(model, key(0), [3])
const length = (numbers: Float32Array): number => Math.hypot(...numbers)

/** The network, moved by numbers times a direction. */
function moved(by: readonly (readonly [number, Float32Array])[]): Variables {
  let at = 0
  const entries = Object.entries(stateDict(network)).map(([name, { shape, data }]) => {
    const begin = at
    at += data.length
    return [
      name,
      { shape, data: data.map((value, i) => by.reduce((sum, [k, d]) => sum + k * (d[begin + i] ?? 0), value)) },
    ]
  })
  return loadStateDict(network, Object.fromEntries(entries))
}

describe('a random direction', () => {
  it('has each filter’s norm, and leaves biases as they are', () => {
    const direction = randomDirection(network, key(1))
    const own = pointOf(network).parameters
    for (let row = 0; row < 4; row++)
      expect(length(direction.subarray(3 * row, 3 * row + 3))).toBeCloseTo(
        length(own.subarray(3 * row, 3 * row + 3)),
        5,
      )
    expect([...direction.subarray(12, 16)].map(Math.abs)).toEqual([0, 0, 0, 0])
    expect(length(direction.subarray(16, 20))).toBeCloseTo(length(own.subarray(16, 20)), 5)
    expect(randomDirection(network, key(1))).toEqual(direction)
    expect(randomDirection(network, key(2))).not.toEqual(direction)
  })
  it('moves each bias by its own size where that is asked for', () => {
    const direction = randomDirection(network, key(1), 'own')
    const own = pointOf(network).parameters
    expect([...direction.subarray(12, 16)].map(Math.abs)).toEqual([...own.subarray(12, 16)].map(Math.abs))
  })
})

describe('planes', () => {
  const [x, y] = [normal(foldIn(key(3), 'x'), 26), normal(foldIn(key(3), 'y'), 26)]
  it('of principal components find the plane that networks lie in', async () => {
    const steps = [
      [4, 1],
      [3, -1],
      [1, 2],
      [-2, 0.5],
      [0, 0],
    ] as const
    const networks = steps.map(([a, b]) =>
      moved([
        [a, x],
        [b, y],
      ] as const),
    )
    const { directions, explained, projected, origin } = await principalPlane(networks)
    expect(origin).toEqual(networks.at(-1))
    expect(explained[0] + explained[1]).toBeCloseTo(1, 5)
    expect(explained[0]).toBeGreaterThan(explained[1])
    for (const direction of directions) expect(length(direction)).toBeCloseTo(1, 4)
    // What is projected and put together again is what there was.
    const last = pointOf(origin).parameters
    for (const [n, [a, b]] of projected.entries()) {
      const back = last.map((value, i) => value + a * (directions[0][i] ?? 0) + b * (directions[1][i] ?? 0))
      for (const [i, value] of pointOf(networks[n] ?? network).parameters.entries())
        expect(back[i]).toBeCloseTo(value, 4)
    }
    expect(projected.at(-1)?.map(Math.abs)).toEqual([0, 0])
  })
  it('of principal components need networks that do not lie on a line', async () => {
    await expect(principalPlane([network, network])).rejects.toThrow('three networks and there are 2')
    const straight = [0, 1, 2].map((k) => moved([[k, x]]))
    await expect(principalPlane(straight)).rejects.toThrow('lie on one line')
  })
  it('through three networks have them at 0 0, 1 0 and above', () => {
    const [a, b, c] = [
      network,
      moved([[1, x]]),
      moved([
        [0.3, x],
        [2, y],
      ] as const),
    ]
    const { directions, projected } = planeThrough(a, b, c)
    expect(projected.slice(0, 2)).toEqual([
      [0, 0],
      [1, 0],
    ])
    const [along, up] = projected[2] ?? [0, 0]
    const [start, end] = [pointOf(a).parameters, pointOf(c).parameters]
    const back = start.map((value, i) => value + along * (directions[0][i] ?? 0) + up * (directions[1][i] ?? 0))
    for (const [i, value] of end.entries()) expect(back[i]).toBeCloseTo(value, 4)
    expect(() => planeThrough(a, b, moved([[0.3, x]]))).toThrow('on one line')
    expect(() => planeThrough(a, a, c)).toThrow('on one line')
  })
})

it('the plane of two networks has them at 0 and 1, and a filter-normalised direction up', () => {
  const [a, b] = [network, moved([[1, normal(key(4), 26)]])]
  const plan = twoNetworkPlan(
    { name: 'A', variables: a },
    { name: 'B', variables: b },
    { range: 0.5, size: 5, seed: 0, vectors: 'fixed', margin: 0.5 },
  )
  expect(plan.x.values).toEqual([-0.5, 0, 0.5, 1, 1.5])
  expect(plan.y.values).toEqual([-0.5, -0.25, 0, 0.25, 0.5])
  const [along, up] = plan.span.directions
  const end = pointOf(a).parameters.map((value, i) => value + (along?.[i] ?? 0))
  for (const [i, value] of pointOf(b).parameters.entries()) expect(end[i]).toBeCloseTo(value, 5)
  expect(length(up?.subarray(0, 3) ?? new Float32Array())).toBeCloseTo(length(pointOf(a).parameters.subarray(0, 3)), 5)
})

describe('a surface', () => {
  it('scores the network moved along its directions', async () => {
    const scorer: Scorer = {
      together: 3,
      identity: null,
      score: async (points) => points.map(({ parameters }) => ({ test: { loss: length(parameters) } })),
    }
    const directions = [normal(key(5), 26), normal(key(6), 26)] as const
    const places = gridPlaces([-1, 0, 1], [0, 2])
    expect(places.slice(0, 4)).toEqual([
      [-1, 0],
      [0, 0],
      [1, 0],
      [-1, 2],
    ])
    const found = await surface({ origin: network, directions }, places, scorer)
    for (const {
      at: [a = 0, b = 0],
      scores,
    } of found) {
      const { parameters } = pointOf(
        moved([
          [a, directions[0]],
          [b, directions[1]],
        ] as const),
      )
      expect(scores.test?.loss).toBeCloseTo(length(parameters), 4)
    }
    await expect(surface({ origin: network, directions }, [[1]], scorer)).rejects.toThrow('[1] does not say')
  })
  it('rises around a trained network', async () => {
    const { prepared, state } = await trained(classify.with({ epochs: 20 }), 0)
    const scorer = pointScorer({ experiment: classify, prepared }, [sampledSplit(prepared, 'train')], { kind: 'given' })
    const direction = randomDirection(state.variables, key(0))
    const found = await surface(
      { origin: state.variables, directions: [direction] },
      evenly(-2, 2, 9).map((step) => [step]),
      scorer,
    )
    const losses = found.map(({ scores }) => scores.train?.loss ?? Number.NaN)
    expect(Math.min(...losses)).toBeLessThan(0.2)
    expect(losses[0]).toBeGreaterThan(2 * (losses[4] ?? 0))
    expect(losses[8]).toBeGreaterThan(2 * (losses[4] ?? 0))
  })
})
