import { describe, expect, it } from 'vitest'
import { foldIn, key, uniform } from '../../random/index.ts'
import { applied } from '../../testing/apply.ts'
import { dropout, dropout1d, dropout2d, type Layer, residual, sequential } from '../index.ts'

const N = 40_000
const ones = { shape: [4, N / 4], data: new Float32Array(N).fill(1) }
const nothing = { parameters: {}, buffers: {} }
const dropped = (model: Layer, seed: number) => applied(model, nothing, ones, { key: key(seed) }).output.data
const zerosOf = (values: Float64Array) => values.filter((value) => value === 0).length
/** How many places are zero in both. */
const shared = (a: Float64Array, b: Float64Array) => a.filter((value, i) => value === 0 && b[i] === 0).length
/** Five standard deviations of a count of chance `p`. */
const margin = (p: number) => 5 * Math.sqrt(N * p * (1 - p))

describe('dropout', () => {
  it.each([0.1, 0.5, 0.8])('of %f zeroes that share and keeps the mean by scaling the rest', (p) => {
    const values = dropped(dropout(p), 0)
    expect(Math.abs(zerosOf(values) - p * N)).toBeLessThan(margin(p))
    for (const value of new Set(values)) expect([0, 1 / (1 - p)].some((one) => Math.abs(value - one) < 1e-6)).toBe(true)
    const mean = values.reduce((sum, value) => sum + value, 0) / N
    expect(Math.abs(mean - 1)).toBeLessThan(margin(p) / (1 - p) / N)
  })

  it.each([0.1, 0.3, 0.5, 0.8])('of %f drops the numbers whose uniform numbers are below it', (p) => {
    const drawn = uniform(key(4), N)
    const expected = drawn.map((u) => (u >= Math.fround(p) ? Math.fround(1 / (1 - p)) : 0))
    expect(Float32Array.from(dropped(dropout(p), 4))).toEqual(expected)
  })

  it.each([
    ['1-D', dropout1d(0.3), [40, 50, 20]],
    ['2-D', dropout2d(0.3), [40, 50, 4, 5]],
  ] as const)('of channels, %s, drops them whole, by chance of the step, and not in evaluation', (_, layer, shape) => {
    const x = { shape, data: ones.data }
    const { data } = applied(layer, nothing, x, { key: key(0) }).output
    const channels = Array.from({ length: 2000 }, (_, i) => new Set(data.subarray(i * 20, (i + 1) * 20)))
    for (const values of channels) expect(values.size).toBe(1)
    const zeros = channels.filter((values) => values.has(0)).length
    expect(Math.abs(zeros - 600)).toBeLessThan(5 * Math.sqrt(2000 * 0.3 * 0.7))
    expect(data.find((value) => value > 0)).toBeCloseTo(1 / 0.7, 6)
    expect(applied(layer, nothing, x, { key: key(1) }).output.data).not.toEqual(data)
    expect(applied(layer, nothing, x).output.data).toEqual(Float64Array.from(ones.data))
  })

  it('drops the same for the same key and otherwise for another step', () => {
    expect(dropped(dropout(), 3)).toEqual(dropped(dropout(), 3))
    const [a, b] = [0, 1].map((step) => applied(dropout(), nothing, ones, { key: foldIn(key(0), step) }).output.data)
    if (a === undefined || b === undefined) throw new Error('nothing was computed')
    expect(Math.abs(shared(a, b) - N / 4)).toBeLessThan(margin(0.25))
  })

  it('drops otherwise in every layer, however deep', () => {
    const chain = (count: number) => sequential(...Array.from({ length: count }, () => dropout(0.5)))
    const twice = dropped(chain(2), 0)
    // The same mask twice would leave half of the numbers.
    expect(Math.abs(zerosOf(twice) - 0.75 * N)).toBeLessThan(margin(0.75))
    const nested = dropped(sequential(sequential(dropout(0.5)), sequential(dropout(0.5)), dropout(0.5)), 0)
    expect(Math.abs(zerosOf(nested) - 0.875 * N)).toBeLessThan(margin(0.875))
    const branches = dropped(residual(sequential(dropout(0.5)), { shortcut: dropout(0.5) }), 0)
    expect(Math.abs(zerosOf(branches) - 0.25 * N)).toBeLessThan(margin(0.25))
  })

  it('is off in evaluation, and at 0', () => {
    expect(applied(dropout(0.9), nothing, ones).output.data).toEqual(Float64Array.from(ones.data))
    expect(dropped(dropout(0), 0)).toEqual(Float64Array.from(ones.data))
  })

  it('says what it lacks in training without a key', () => {
    expect(() => applied(sequential(dropout(0.5)), nothing, ones, { training: true })).toThrow(
      'layer "0" draws random numbers: give applyModel a key when training',
    )
  })

  it.each([
    [() => dropout(1.5), /^dropout: p is 1.5: .*<1/],
    [() => dropout(1), /^dropout: p is 1: .*<1/],
    [() => dropout(-0.1), /^dropout: p is -0.1: .*>=0/],
    [() => dropout(Number.NaN), /^dropout: p is NaN/],
    [() => dropout(0.5).with?.({ rate: 0.2 }), /^dropout: no option "rate"; the options are p$/],
  ])('refuses a share that is none', (make, message) => {
    expect(make).toThrow(message)
  })
})
