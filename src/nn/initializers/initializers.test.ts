import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import type { Shape } from '../../tensor/index.ts'
import { classify } from '../../testing/experiments.ts'
import {
  batchNorm1d,
  constantInit,
  conv1d,
  conv2d,
  convTranspose2d,
  describeLayer,
  embedding,
  gainOf,
  type Initializer,
  initialize,
  kaimingNormal,
  kaimingUniform,
  lecunNormal,
  lecunUniform,
  linear,
  normalInit,
  onesInit,
  orthogonal,
  pytorchDefault,
  relu,
  residual,
  sequential,
  stateDict,
  uniformInit,
  withInit,
  xavierNormal,
  xavierUniform,
  zerosInit,
} from '../index.ts'

interface Expected {
  readonly std: number
  readonly mean?: number
  /** Of uniform numbers: all lie within it, and some near it. */
  readonly bound?: number
}

const N = 128 * 64 * 9
const CONV: Shape = [128, 64, 3, 3]
const [fanIn, fanOut] = [64 * 9, 128 * 9]
const uniformIn = (bound: number): Expected => ({ bound, std: bound / Math.sqrt(3) })

/** PyTorch's formulas (torch.nn.init), written out for a convolution of 64 to 128 channels with 3 × 3 windows. */
const cases: readonly (readonly [string, Initializer, Expected])[] = [
  ['kaimingUniform, fan in, ReLU', kaimingUniform(), uniformIn(Math.sqrt(6 / fanIn))],
  ['kaimingUniform, fan out', kaimingUniform({ mode: 'fanOut' }), uniformIn(Math.sqrt(6 / fanOut))],
  [
    'kaimingUniform with a = √5, which is the default of layers',
    kaimingUniform({ nonlinearity: 'leakyRelu', negativeSlope: Math.sqrt(5) }),
    uniformIn(1 / Math.sqrt(fanIn)),
  ],
  ['kaimingNormal, fan in, ReLU', kaimingNormal(), { std: Math.sqrt(2 / fanIn) }],
  ['kaimingNormal, tanh', kaimingNormal({ nonlinearity: 'tanh' }), { std: 5 / 3 / Math.sqrt(fanIn) }],
  [
    'kaimingNormal, fan out, leaky',
    kaimingNormal({ mode: 'fanOut', nonlinearity: 'leakyRelu', negativeSlope: 0.2 }),
    { std: Math.sqrt(2 / 1.04 / fanOut) },
  ],
  ['xavierUniform', xavierUniform(), uniformIn(Math.sqrt(6 / (fanIn + fanOut)))],
  ['xavierUniform with a gain', xavierUniform({ gain: 5 / 3 }), uniformIn((5 / 3) * Math.sqrt(6 / (fanIn + fanOut)))],
  ['xavierNormal', xavierNormal(), { std: Math.sqrt(2 / (fanIn + fanOut)) }],
  ['lecunUniform', lecunUniform(), uniformIn(Math.sqrt(3 / fanIn))],
  ['lecunNormal', lecunNormal(), { std: Math.sqrt(1 / fanIn) }],
  ['normalInit', normalInit({ mean: 0.3, std: 0.02 }), { mean: 0.3, std: 0.02 }],
  ['uniformInit', uniformInit({ low: 1, high: 2 }), { mean: 1.5, std: 1 / Math.sqrt(12), bound: 2 }],
  ['pytorchDefault', pytorchDefault(), uniformIn(1 / Math.sqrt(fanIn))],
]

const momentsOf = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { mean, std }
}

describe('mean, deviation and bound are those of PyTorch’s formulas', () => {
  it.each(cases)('%s', (_, init, { mean = 0, std, bound }) => {
    const values = init.make(key(3), CONV)
    expect(values).toHaveLength(N)
    const found = momentsOf(values)
    // Five standard errors of a normal sample's mean and deviation; a uniform one's deviation errs less.
    expect(Math.abs(found.mean - mean)).toBeLessThan((5 * std) / Math.sqrt(N))
    expect(Math.abs(found.std - std)).toBeLessThan((5 * std) / Math.sqrt(2 * N))
    const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    if (bound === undefined) {
      // Normal numbers have tails: 74 thousand of them reach beyond 3.5 deviations, but hardly beyond 6.
      expect((largest - Math.abs(mean)) / std).toBeGreaterThan(3.5)
      expect((largest - Math.abs(mean)) / std).toBeLessThan(6.7)
    } else {
      expect(largest).toBeLessThanOrEqual(Math.fround(bound))
      expect(largest).toBeGreaterThan(bound * (1 - 20 / N))
    }
  })

  it('gains are those of calculate_gain', () => {
    // torch.nn.init.calculate_gain of PyTorch 1.13
    expect(gainOf('linear')).toBe(1)
    expect(gainOf('sigmoid')).toBe(1)
    expect(gainOf('tanh')).toBeCloseTo(1.6666666666666667, 12)
    expect(gainOf('relu')).toBe(Math.SQRT2)
    expect(gainOf('leakyRelu')).toBeCloseTo(1.4141428569978354, 12)
    expect(gainOf('leakyRelu', 0.2)).toBeCloseTo(1.3867504905630728, 12)
    expect(gainOf('selu')).toBe(0.75)
  })

  it('zeros, ones and a constant are what they say', () => {
    expect([...zerosInit().make(key(0), [2])]).toEqual([0, 0])
    expect([...onesInit().make(key(0), [2])]).toEqual([1, 1])
    expect([...constantInit(0.5).make(key(0), [2])]).toEqual([0.5, 0.5])
  })
})

describe('orthogonal', () => {
  /** Largest difference of A·Aᵀ from gain² · 1, of the rows or the columns. */
  function departure(values: Float32Array, [rows, columns]: readonly [number, number], gain: number): number {
    const at = (r: number, c: number) => values[r * columns + c] ?? Number.NaN
    const [count, length] = rows <= columns ? [rows, columns] : [columns, rows]
    const part = (i: number, k: number) => (rows <= columns ? at(i, k) : at(k, i))
    let worst = 0
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        let sum = 0
        for (let k = 0; k < length; k++) sum += part(i, k) * part(j, k)
        worst = Math.max(worst, Math.abs(sum - (i === j ? gain * gain : 0)))
      }
    return worst
  }

  it.each([
    ['wide', [20, 64], 1],
    ['tall', [64, 20], 1],
    ['square', [100, 100], 1.5],
  ] as const)('%s: rows or columns are orthonormal up to the gain', (_, shape, gain) => {
    expect(departure(orthogonal({ gain }).make(key(1), shape), shape, gain)).toBeLessThan(1e-6)
  })

  it('of a convolution takes each output’s window as a row, and another key turns it otherwise', () => {
    const [one, other] = [1, 2].map((seed) => orthogonal().make(key(seed), [8, 3, 3, 3]))
    if (one === undefined || other === undefined) throw new Error('nothing was made')
    expect(departure(one, [8, 27], 1)).toBeLessThan(1e-6)
    expect(one).not.toEqual(other)
    // No direction is preferred: normal-looking numbers of deviation 1/√27 and no sign in common.
    const wide = momentsOf(orthogonal().make(key(5), [200, 200]))
    expect(Math.abs(wide.mean)).toBeLessThan(5 / 200 / Math.sqrt(200))
    expect(wide.std).toBeCloseTo(1 / Math.sqrt(200), 4)
  })
})

describe('a layer with an initialiser', () => {
  const weightsOf = (layer: ReturnType<typeof linear>, sample: Shape) => stateDict(initialize(layer, key(0), sample))

  it.each([
    ['linear', linear(40, { init: normalInit({ std: 3 }), biasInit: constantInit(7) }), [50]],
    ['conv1d', conv1d(40, 5, { init: normalInit({ std: 3 }), biasInit: constantInit(7) }), [10, 9]],
    ['conv2d', conv2d(40, 5, { init: normalInit({ std: 3 }), biasInit: constantInit(7) }), [10, 9, 9]],
    [
      'convTranspose2d',
      convTranspose2d(40, 5, { init: normalInit({ std: 3 }), biasInit: constantInit(7) }),
      [10, 9, 9],
    ],
  ] as const)('%s draws its weight and its bias by them', (_, layer, sample) => {
    const { weight, bias } = weightsOf(layer, sample)
    expect(momentsOf(weight?.data ?? new Float32Array()).std).toBeCloseTo(3, 0)
    expect(new Set(bias?.data)).toEqual(new Set([7]))
  })

  it('embedding is normal by default, and takes another', () => {
    const { weight } = weightsOf(embedding(100, 50), [3])
    expect(momentsOf(weight?.data ?? new Float32Array()).std).toBeCloseTo(1, 1)
    expect(new Set(weightsOf(embedding(9, 5, { init: onesInit() }), [3]).weight?.data)).toEqual(new Set([1]))
  })

  it('says so in its configuration, and by that can be made again', () => {
    const layer = linear(4, { init: kaimingNormal({ mode: 'fanOut' }) })
    const config = { outFeatures: 4, bias: true, init: { kind: 'kaimingNormal', mode: 'fanOut', nonlinearity: 'relu' } }
    expect(layer.config).toEqual(config)
    expect(describeLayer(layer)).toBe('Linear(outFeatures 4, bias, init kaimingNormal(mode fanOut, nonlinearity relu))')
    const again = linear(4).with?.({ init: config.init })
    expect(again?.config).toEqual(config)
    expect(weightsOf(again ?? layer, [3])).toEqual(weightsOf(layer, [3]))
  })

  it('can be set by name or by description from the command line', () => {
    const child = (value: unknown) => classify.set('model.0.init', value).model.children?.['0']
    expect(child('orthogonal')?.config).toMatchObject({ outFeatures: 16, init: { kind: 'orthogonal', gain: 1 } })
    expect(child({ kind: 'normal', std: 0.02 })?.config.init).toEqual({ kind: 'normal', mean: 0, std: 0.02 })
    expect(() => child('glorot')).toThrow(
      /^linear: init is "glorot": give an initialiser; there are pytorchDefault, kaimingUniform, kaimingNormal, .*constant$/,
    )
    expect(() => child({ kind: 'normal', sigma: 1 })).toThrow(
      /^normalInit: no option "sigma"; the options are mean, std$/,
    )
    expect(() => child({ kind: 'zeros', gain: 1 })).toThrow(/^zeros: no option "gain"/)
    expect(() => classify.set('model.0.init.gain', 2)).toThrow(
      /^--set model\.0\.init\.gain: Linear has no "init\.gain"/,
    )
  })

  it.each([
    [() => Reflect.apply(linear, undefined, [3, { init: kaimingNormal }]), /^linear: init is a function: call it/],
    [() => kaimingUniform({ negativeSlope: 0.2 }), /^kaimingUniform: negativeSlope is for nonlinearity "leakyRelu"/],
    [() => normalInit({ std: -1 }), /^normalInit: std is -1/],
    [() => uniformInit({ low: 2 }), /^uniformInit: low must be below high/],
    [() => xavierNormal({ gain: 0 }), /^xavierNormal: gain is 0/],
    [() => orthogonal({ gain: -1 }), /^orthogonal: gain is -1/],
    [
      () => initialize(linear(3, { biasInit: orthogonal() }), key(0), [2]),
      /orthogonal needs a weight of at least two axes and got \[3\]: for biases there are zerosInit/,
    ],
  ])('refuses what makes no sense %#', (make, message) => {
    expect(make).toThrow(message)
  })
})

describe('withInit', () => {
  const model = sequential(
    linear(8),
    batchNorm1d(),
    relu(),
    residual(sequential({ wide: linear(8, { init: zerosInit() }) }), { shortcut: linear(8) }),
  )
  const all = (init: Initializer, options = {}) => stateDict(initialize(withInit(model, init, options), key(0), [8]))

  it('reaches every weight, however deep, and leaves normalisation and biases', () => {
    const before = stateDict(initialize(model, key(0), [8]))
    const after = all(constantInit(2))
    const changed = Object.keys(after).filter((name) => after[name]?.data.join() !== before[name]?.data.join())
    expect(changed).toEqual(['0.weight', '3.wide.weight', '3.downsample.weight'])
    for (const name of changed) expect(new Set(after[name]?.data)).toEqual(new Set([2]))
    expect(Object.keys(after)).toEqual(Object.keys(before))
  })

  it('takes biases with it if asked', () => {
    const after = all(constantInit(2), { biasInit: constantInit(-1) })
    expect(['0.bias', '3.wide.bias', '3.downsample.bias', '1.bias'].map((name) => after[name]?.data[0])).toEqual([
      -1, -1, -1, 0,
    ])
  })

  it('gives no two weights the same numbers', () => {
    const after = all(orthogonal())
    const firsts = ['0.weight', '3.wide.weight', '3.downsample.weight'].map((name) => after[name]?.data[0])
    expect(new Set(firsts).size).toBe(3)
  })
})
