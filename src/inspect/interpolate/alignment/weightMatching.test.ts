import fc from 'fast-check'
import { linearSumAssignment } from 'linear-sum-assignment'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../errors.ts'
import { convNet, convNet1d, leNet5, mlp, resNet18 } from '../../../models/index.ts'
import {
  batchNorm1d,
  batchNorm2d,
  conv2d,
  dropout,
  embedding,
  flatten,
  gaussianLatent,
  globalAvgPool2d,
  groupNorm,
  initialize,
  type Layer,
  layer,
  layerNorm,
  linear,
  loadStateDict,
  maxPool2d,
  relu,
  residual,
  sequential,
  stateDict,
  unflatten,
  type Variables,
} from '../../../nn/index.ts'
import { foldIn, key, normal, permutation, uniform } from '../../../random/index.ts'
import '../../../runtime/ort/node.ts'
import { activations } from '../../activations.ts'
import { permutableUnits } from './permutable.ts'
import { permuted } from './permute.ts'
import { weightMatching } from './weightMatching.ts'

/** Another network: all numbers drawn, running statistics too. */
function drawn(model: Layer, sample: readonly number[], seed: number): Variables {
  const fresh = initialize(model, key(seed), sample)
  const entries = Object.entries(stateDict(fresh)).map(([name, { shape, data }]) => {
    const from = foldIn(key(seed), name)
    const isScale = name.endsWith('running_var') || (name.endsWith('weight') && shape.length === 1)
    const numbers = isScale
      ? uniform(from, data.length, { low: 0.5, high: 1.5 })
      : shape.length > 1
        ? data
        : normal(from, data.length, { std: 0.1 })
    return [name, { shape, data: numbers }]
  })
  return loadStateDict(fresh, Object.fromEntries(entries))
}

async function outputs(model: Layer, variables: Variables, sample: readonly number[]): Promise<Float32Array> {
  const size = 3 * sample.reduce((product, one) => product * one, 1)
  const [found] = await activations({ model }, variables, { data: normal(key(9), size), shape: sample }, [''])
  return found?.data ?? new Float32Array()
}

/** Largest difference, in units of the largest output. */
function apart(a: Float32Array, b: Float32Array): number {
  const scale = Math.max(...a.map(Math.abs))
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? Number.NaN)))) / scale
}

const block = (channels: number) => {
  const body = sequential(
    conv2d(channels, 3, { padding: 1 }),
    batchNorm2d(),
    relu(),
    conv2d(channels, 3, { padding: 1 }),
  )
  return residual(body, { after: relu() })
}

const NETWORKS: Readonly<Record<string, readonly [model: Layer, sample: readonly number[], units: number]>> = {
  dense: [mlp({ hidden: [16, 12], outputs: 5 }), [4], 28],
  'LeNet-5': [leNet5(), [1, 28, 28], 6 + 16 + 120 + 84],
  convolutional: [convNet({ channels: [6, 8], hidden: 20 }), [1, 12, 12], 34],
  'batch norm after a flatten': [
    sequential(conv2d(5, 3), relu(), maxPool2d(2), flatten(), batchNorm1d(), linear(9), dropout(), relu(), linear(3)),
    [2, 8, 8],
    14,
  ],
  ResNet: [resNet18({ width: 4, stem: 'cifar' }), [1, 16, 16], 4 + 8 + 16 + 32 + 2 * (4 + 8 + 16 + 32)],
  'a residual block on its own input, of which nothing can move outside': [block(3), [3, 6, 6], 3],
  'a block of one layer': [sequential(linear(6), residual(linear(6)), linear(2)), [3], 6],
  'one dimension': [convNet1d({ classes: 3 }), [1, 64], 16 + 32 + 64],
  'depthwise filters and group norm': [
    sequential(
      conv2d(6, 1),
      conv2d(6, 3, { groups: 6 }),
      groupNorm(1),
      relu(),
      conv2d(4, 1),
      globalAvgPool2d(),
      flatten(),
    ),
    [2, 6, 6],
    6,
  ],
  'channels in groups, which stay': [
    sequential(conv2d(6, 1), conv2d(6, 3, { groups: 2 }), relu(), conv2d(5, 1), relu(), groupNorm(5), conv2d(2, 1)),
    [2, 6, 6],
    0,
  ],
  'layer norm': [sequential(linear(8), layerNorm(), relu(), linear(7), layerNorm(), linear(2)), [3], 15],
  autoencoder: [sequential(linear(9), relu(), gaussianLatent(4), linear(9), relu(), linear(3)), [3], 22],
}

describe('units that change places', () => {
  it.each(Object.entries(NETWORKS))('change no output: %s', async (_, [model, sample, units]) => {
    const found = permutableUnits(model, sample)
    expect(found.reduce((sum, { size }) => sum + size, 0)).toBe(units)
    const own = drawn(model, sample, 1)
    const orders = found.map(({ size }, g) => permutation(foldIn(key(5), g), size))
    const moved = loadStateDict(own, permuted(stateDict(own), found, orders))
    if (units > 0) expect(moved).not.toEqual(own)
    expect(apart(await outputs(model, own, sample), await outputs(model, moved, sample))).toBeLessThan(1e-5)
  })

  it('are named by the layer that puts them out', () => {
    const named = permutableUnits(resNet18({ width: 4 }), [3, 32, 32]).map(({ path, size }) => `${path} ${size}`)
    expect(named).toEqual([
      ...['conv1 4', 'layer1.0.conv1 4', 'layer1.1.conv1 4'],
      ...['layer2.0.conv1 8', 'layer2.0.conv2 8', 'layer2.1.conv1 8'],
      ...['layer3.0.conv1 16', 'layer3.0.conv2 16', 'layer3.1.conv1 16'],
      ...['layer4.0.conv1 32', 'layer4.0.conv2 32', 'layer4.1.conv1 32'],
    ])
  })

  it('stay where an unflatten or an embedding’s numbers come in', () => {
    expect(permutableUnits(sequential(embedding(5, 4), flatten(), linear(3)), [6]).map(({ path }) => path)).toEqual([])
    const decoder = sequential(linear(8), relu(), linear(12), unflatten(3, 2, 2), conv2d(4, 1), relu(), conv2d(1, 1))
    expect(permutableUnits(decoder, [2]).map(({ path }) => path)).toEqual(['0', '4'])
  })

  it('are not guessed at in layers of one’s own', () => {
    const odd = layer('Odd', { apply: (__, x) => x })
    const ask = () => permutableUnits(sequential(linear(4), sequential({ odd }), linear(2)), [3])
    expect(ask).toThrow(UsageError)
    expect(ask).toThrow('layer "1.odd", Odd, when its inputs change places; known are sequential and residual')
  })
})

describe('weight matching', () => {
  it.each(['dense', 'LeNet-5', 'batch norm after a flatten', 'ResNet', 'one dimension', 'layer norm', 'autoencoder'])(
    'finds a permutation that was made: %s',
    async (name) => {
      const [model, sample] = NETWORKS[name] ?? []
      if (model === undefined || sample === undefined) throw new Error(`there is no ${name}`)
      const a = drawn(model, sample, 1)
      const units = permutableUnits(model, sample)
      const orders = units.map(({ size }, g) => permutation(foldIn(key(3), g), size))
      const b = loadStateDict(a, permuted(stateDict(a), units, orders))
      const found = await weightMatching(a, b, { model, sample })
      expect(found.before).toBeGreaterThan(0.1)
      expect(found.after).toBe(0)
      expect(found.variables).toEqual(a)
    },
  )

  it.each(Object.entries(NETWORKS))(
    'brings another network closer without changing what it computes: %s',
    async (_, [model, sample, units]) => {
      const [a, b] = [drawn(model, sample, 1), drawn(model, sample, 2)]
      const { variables, before, after, sweeps } = await weightMatching(a, b, { model, sample })
      expect(apart(await outputs(model, b, sample), await outputs(model, variables, sample))).toBeLessThan(1e-5)
      if (units > 0) expect(after).toBeLessThan(before)
      else expect(after).toBe(before)
      expect(sweeps).toBeLessThan(50)
    },
  )

  it('solves assignments as trying all does', () => {
    const orders = (n: number): number[][] =>
      n === 0
        ? [[]]
        : orders(n - 1).flatMap((rest) =>
            rest.flatMap((_, i) => [rest.toSpliced(i, 0, n - 1)]).concat([[...rest, n - 1]]),
          )
    const matrix = fc.integer({ min: 1, max: 5 }).chain((n) => {
      const number = fc.integer({ min: -50, max: 50 })
      return fc.array(fc.array(number, { minLength: n, maxLength: n }), { minLength: n, maxLength: n })
    })
    fc.assert(
      fc.property(matrix, (rows) => {
        const sum = (order: ArrayLike<number>) =>
          rows.reduce((total, row, i) => total + (row[order[i] ?? -1] ?? Number.NaN), 0)
        const { rowAssignments } = linearSumAssignment(
          rows.map((row) => Float64Array.from(row)),
          { maximaze: true },
        )
        expect(sum(rowAssignments)).toBe(Math.max(...orders(rows.length).map(sum)))
      }),
      { numRuns: 200 },
    )
  })
})
