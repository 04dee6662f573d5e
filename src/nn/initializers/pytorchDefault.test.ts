import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import { conv2d, initialize, type Layer, linear, sequential, stateDict } from '../index.ts'

const weightsOf = (layer: Layer, sample: readonly number[], seed = 0) => stateDict(initialize(layer, key(seed), sample))

/** Fails where numbers are not uniform in ±bound: bounds, mean, variance, and the share in each tenth of the range. */
function expectUniform(values: Float32Array, bound: number): void {
  const n = values.length
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeLessThanOrEqual(Math.fround(bound))
  expect(largest).toBeGreaterThan(bound * (1 - 20 / n))
  // Five standard errors, by which a true sample fails once in a million.
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  expect(Math.abs(mean)).toBeLessThan((5 * bound) / Math.sqrt(3 * n))
  const tenths = new Float64Array(10)
  for (const value of values) {
    const tenth = Math.min(9, Math.floor(((value / bound + 1) / 2) * 10))
    tenths[tenth] = (tenths[tenth] ?? 0) + 1
  }
  for (const found of tenths) expect(Math.abs(found - n / 10)).toBeLessThan(5 * Math.sqrt(n * 0.09))
}

describe('weights and biases are uniform in ±1/√fanIn, as PyTorch makes them', () => {
  it.each([
    ['linear', linear(400), [100], [400, 100], 100],
    ['linear over the last axis', linear(400), [7, 100], [400, 100], 100],
    ['conv2d', conv2d(200, [3, 5]), [16, 9, 9], [200, 16, 3, 5], 240],
    ['conv2d in groups', conv2d(800, 3, { groups: 4 }), [16, 9, 9], [800, 4, 3, 3], 36],
  ] as const)('%s', (_, layer, sample, shape, fanIn) => {
    const { weight, bias } = weightsOf(layer, sample)
    if (weight === undefined || bias === undefined) throw new Error('a weight is missing')
    expect(weight.shape).toEqual(shape)
    expect(bias.shape).toEqual([shape[0]])
    expectUniform(weight.data, 1 / Math.sqrt(fanIn))
    expectUniform(bias.data, 1 / Math.sqrt(fanIn))
  })

  it('and the check can tell normal numbers, or a bound that is 2% off', () => {
    const { weight } = weightsOf(linear(400), [100])
    const data = weight?.data ?? new Float32Array()
    expect(() => expectUniform(data, 0.098)).toThrow()
    expect(() => expectUniform(data, 0.102)).toThrow()
    expect(() =>
      expectUniform(
        data.map((value) => value * Math.abs(value) * 10),
        0.1,
      ),
    ).toThrow()
  })
})

describe('every layer has chance of its own', () => {
  const model = sequential(linear(20), linear(20), sequential(linear(20), linear(20)))

  it('no two layers, weights or seeds share numbers; the same seed gives the same', () => {
    const all = [0, 1].flatMap((seed) => Object.values(weightsOf(model, [20], seed)).map(({ data }) => data[3]))
    expect(new Set(all).size).toBe(16)
    expect(weightsOf(model, [20], 1)).toEqual(weightsOf(model, [20], 1))
  })

  it('which another layer beside it does not change', () => {
    const { '0.weight': before } = weightsOf(sequential(linear(20)), [20])
    expect(weightsOf(model, [20])['0.weight']).toEqual(before)
  })
})
