import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isInMemory } from '../../data/dataset.ts'
import { arrays } from '../../data/index.ts'
import { UsageError } from '../../errors.ts'
import {
  conv2d,
  flatten,
  initialize,
  linear,
  loadStateDict,
  relu,
  sequential,
  sigmoid,
  stateDict,
  tanh,
} from '../../nn/index.ts'
import { key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { cast, type Tensor } from '../../tensor/index.ts'
import { clouds, stripes } from '../../testing/made.ts'
import { activations, layersOf } from '../activations.ts'
import { inputGrid, inputRange, liveliest, profiles, runningHistogram, unitLayers, unitStatistics } from './index.ts'

const all = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

describe('runningHistogram', () => {
  it('counts every finite value in the interval that holds it, whatever the order and the sizes', () => {
    const values = fc.array(
      fc.integer({ min: -1e9, max: 1e9 }).map((whole) => whole / 1024),
      { minLength: 1, maxLength: 60 },
    )
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 80 }), (given, bins) => {
        const histogram = runningHistogram()
        for (const value of [...given, Number.NaN, Number.POSITIVE_INFINITY]) histogram.add(value)
        const { low, high, counts } = histogram.read(bins)
        const width = (high - low) / counts.length
        const at = (value: number): number => Math.floor((value - low) / width)
        expect(counts.length).toBeLessThanOrEqual(bins)
        expect(counts.reduce((a, b) => a + b)).toBe(given.length)
        expect(counts).toEqual(counts.map((_, i) => given.filter((value) => at(value) === i).length))
      }),
    )
  })

  it('is empty before the first value', () => expect(runningHistogram().read().counts).toEqual([]))
})

describe('unitStatistics', () => {
  it('are those of all activations of the split, channel by channel, batch size whatever', async () => {
    const { train } = await stripes(22).load()
    const model = sequential(conv2d(3, 3), tanh(), flatten(), linear(2))
    const fresh = stateDict(initialize(model, key(4), [1, 6, 6]))
    // Bytes are large: small weights keep the units between their bounds, and one at them.
    const variables = loadStateDict(initialize(model, key(4), [1, 6, 6]), {
      ...fresh,
      '0.weight': { shape: [3, 1, 3, 3], data: normal(key(6), 27, { std: 0.002 }) },
    })
    const network = { model, prepare: (x: Tensor) => cast(x, 'float32') }
    if (!isInMemory(train)) throw new Error('the stripes are in memory')
    const { data: bytes } = train.inputs
    const indices = Uint32Array.of(3, 4, 5, 6, 8, 21, 0)
    const [layer, output] = await unitStatistics(network, variables, { dataset: train, indices }, ['1', ''], {
      batch: 3,
    })
    const data = Uint8Array.from([...indices].flatMap((i) => [...bytes.slice(i * 36, (i + 1) * 36)]))
    const [all] = await activations(network, variables, { data, shape: [1, 6, 6] }, ['1'])
    if (layer === undefined || all === undefined || output === undefined) throw new Error('two layers are asked for')
    for (const { unit, mean, sd, min, max, active, saturated } of layer.units) {
      const own = [...all.data].filter((_, i) => Math.floor(i / 16) % 3 === unit)
      const average = own.reduce((a, b) => a + b) / own.length
      expect(mean).toBeCloseTo(average, 6)
      expect(sd).toBeCloseTo(Math.sqrt(own.reduce((a, b) => a + (b - average) ** 2, 0) / own.length), 6)
      expect([min, max]).toEqual([Math.min(...own), Math.max(...own)])
      expect(active).toBeCloseTo(own.filter((v) => v > 0).length / own.length, 9)
      expect(saturated).toBeCloseTo(own.filter((v) => Math.abs(v) >= 0.98).length / own.length, 9)
      for (const label of [0, 1]) {
        const rows = [...indices.keys()].filter((row) => (indices[row] ?? 0) % 2 === label)
        const values = rows.flatMap((row) => [...all.data.slice((row * 3 + unit) * 16, (row * 3 + unit + 1) * 16)])
        expect(layer.classMeans?.[label * 3 + unit]).toBeCloseTo(values.reduce((a, b) => a + b) / values.length, 5)
      }
    }
    expect(layer.histogram.counts.reduce((a, b) => a + b) + layer.zeros * all.data.length).toBeCloseTo(
      all.data.length,
      6,
    )
    expect(output.units).toHaveLength(2)
  })

  it('tell dead, constant and saturated units from living ones', async () => {
    const { train: dataset } = await clouds({ samples: 60 }).load()
    const split = { dataset, indices: all(60) }
    // Points lie within 4 of the middle: a bias of -100 keeps a unit from ever answering, one of 100 at the bound.
    const states = async (activation: typeof relu, biases: readonly number[], weights: readonly number[]) => {
      const model = sequential(linear(biases.length), activation())
      const variables = loadStateDict(initialize(model, key(0), [2]), {
        '0.weight': { shape: [biases.length, 2], data: Float32Array.from(weights) },
        '0.bias': { shape: [biases.length], data: Float32Array.from(biases) },
      })
      const [layer] = await unitStatistics({ model }, variables, split, ['1'])
      return layer?.units.map(({ state }) => state)
    }
    expect(await states(relu, [-100, 0, 5], [1, 1, 1, 1, 0, 0])).toEqual(['dead', 'alive', 'constant'])
    expect(await states(tanh, [-100, 0, 0.5], [1, 1, 0.3, 0.3, 0, 0])).toEqual(['constant', 'alive', 'constant'])
    expect(await states(sigmoid, [8, 0], [0.5, 0.5, 1, 1])).toEqual(['saturated', 'alive'])
  })

  it('refuse a split without samples', async () => {
    const { train: dataset } = await clouds().load()
    const model = linear(2)
    const ask = unitStatistics({ model }, initialize(model, key(0), [2]), { dataset, indices: all(0) }, [''])
    await expect(ask).rejects.toThrow(UsageError)
  })
})

describe('profiles', () => {
  it('are activations against x, over a grid', async () => {
    const model = sequential(linear(2), relu())
    const variables = loadStateDict(initialize(model, key(0), [1]), {
      '0.weight': { shape: [2, 1], data: Float32Array.of(2, -0.5) },
      '0.bias': { shape: [2], data: Float32Array.of(0, 0.5) },
    })
    const [profile] = await profiles({ model }, variables, inputGrid([-1, 1], 5), ['1'])
    if (profile === undefined) throw new Error('one layer is asked for')
    expect(profile.units).toBe(2)
    expect([...profile.data]).toEqual([0, 1, 0, 0.75, 0, 0.5, 1, 0.25, 2, 0])
    expect(liveliest(profile, 1)).toEqual([0])
    expect(liveliest(profile, 5)).toEqual([0, 1])
  })

  it('take the mean over the places of maps, and the range of a split of numbers', async () => {
    const model = conv2d(2, 2)
    const variables = initialize(model, key(1), [1, 4, 4])
    const inputs = { data: normal(key(2), 32), shape: [1, 4, 4] }
    const [[whole], [profile]] = [
      await activations({ model }, variables, inputs, ['']),
      await profiles({ model }, variables, inputs, ['']),
    ]
    const mean = (i: number) => [...(whole?.data.subarray(i * 9, (i + 1) * 9) ?? [])].reduce((a, b) => a + b, 0) / 9
    for (const i of [0, 1, 2, 3]) expect(profile?.data[i]).toBeCloseTo(mean(i), 5)
    const { train } = await arrays({
      name: 'line',
      inputs: { data: Float32Array.of(3, -1, 2, 9), shape: [1] },
      targets: { task: 'regression', values: Float32Array.of(0, 0, 0, 0), shape: [1] },
    }).load()
    expect(await inputRange(train, Uint32Array.of(0, 1, 2))).toEqual([-1, 3])
    await expect(inputRange((await clouds().load()).train, all(3))).rejects.toThrow('samples of [2] lie along no line')
  })
})

it('unitLayers are the activations and the last layer, or those that are named or counted', () => {
  const layers = layersOf(sequential(conv2d(2, 3), relu(), flatten(), linear(4), tanh(), linear(2)), [1, 6, 6])
  const paths = (wanted?: Parameters<typeof unitLayers>[1]) => unitLayers(layers, wanted).map(({ path }) => path)
  expect(paths()).toEqual(['1', '4', '5'])
  expect(paths('all')).toEqual(['0', '1', '2', '3', '4', '5'])
  expect(paths(['3', '0'])).toEqual(['3', '0'])
  expect(() => paths(['9'])).toThrow('the model has no layer "9"')
})
