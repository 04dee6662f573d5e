import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arrays } from '../../data/index.ts'
import { accuracy } from '../../metrics/index.ts'
import {
  conv2d,
  convTranspose2d,
  crossEntropy,
  flatten,
  initialize,
  linear,
  loadStateDict,
  mse,
  parameterCount,
  relu,
  sequential,
} from '../../nn/index.ts'
import { key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { expectDigest } from '../../testing/digest.ts'
import { inspectGolden } from '../../testing/golden/inspect.ts'
import { clouds } from '../../testing/made.ts'
import { goldenNetwork } from '../../testing/networks.ts'
import { layersOf } from '../activations.ts'
import {
  ablationCurves,
  gradientImportance,
  importanceShares,
  magnitudes,
  namedWeights,
  weightHistograms,
  weightMatrix,
  weightQuantiles,
  weightSpectrum,
  weightStatistics,
} from './index.ts'

const golden = inspectGolden()
const all = (length: number): Uint32Array => Uint32Array.from({ length }, (_, i) => i)

describe('singular values', () => {
  it.each(Object.keys(golden.singularValues))('are PyTorch’s: %s', async (name) => {
    const { model, variables, golden: network } = goldenNetwork(name)
    const layers = layersOf(model, network.input.shape.slice(1))
    const found = await weightStatistics([{ label: 'final', variables }], layers)
    const wanted = Object.entries(golden.singularValues[name] ?? {})
    expect(found.filter(({ spectrum }) => spectrum !== undefined).map((one) => one.name)).toEqual(
      wanted.map(([key]) => key),
    )
    for (const [weight, values] of wanted) {
      const spectrum = found.find((one) => one.name === weight)?.spectrum
      values.forEach((value, i) => {
        expect(spectrum?.singularValues[i]).toBeCloseTo(value, 6)
      })
      const squares = values.reduce((sum, value) => sum + value ** 2, 0)
      expect(spectrum?.stableRank).toBeCloseTo(squares / (values[0] ?? 0) ** 2, 5)
    }
  })

  it('have the squares’ sum of the weights, whatever the shape', () => {
    const size = fc.integer({ min: 1, max: 9 })
    return fc.assert(
      fc.asyncProperty(size, size, fc.integer(), async (rows, columns, seed) => {
        const data = normal(key(Math.abs(seed)), rows * columns)
        const spectrum = await weightSpectrum({ rows, columns, data })
        const values = [...(spectrum?.singularValues ?? [])]
        expect(values).toHaveLength(Math.min(rows, columns))
        expect(values.toSorted((a, b) => b - a)).toEqual(values)
        expect(values.reduce((sum, v) => sum + v * v, 0)).toBeCloseTo(
          data.reduce((sum, v) => sum + v * v, 0),
          6,
        )
      }),
      { numRuns: 30 },
    )
  })

  it('tell the rank, and nothing of what is too large', async () => {
    const outer = Float32Array.from({ length: 12 }, (_, i) => (Math.floor(i / 4) + 1) * ((i % 4) - 1.5))
    expect(await weightSpectrum({ rows: 3, columns: 4, data: outer })).toMatchObject({ rank: 1 })
    expect((await weightSpectrum({ rows: 3, columns: 4, data: outer }))?.stableRank).toBeCloseTo(1, 9)
    expect(await weightSpectrum({ rows: 2, columns: 2, data: new Float32Array(4) })).toMatchObject({
      stableRank: 0,
      rank: 0,
    })
    expect(await weightSpectrum({ rows: 1501, columns: 1501, data: new Float32Array(1) })).toBeUndefined()
  })
})

it('a transposed convolution is turned round: its rows are what comes out', () => {
  const model = convTranspose2d(3, 2)
  const variables = initialize(model, key(0), [2, 4, 4])
  const [weight] = namedWeights(variables)
  if (weight === undefined) throw new Error('the layer has a weight')
  const matrix = weightMatrix(weight, layersOf(model, [2, 4, 4]))
  expect([matrix.rows, matrix.columns]).toEqual([3, 8])
  // out 1, in 1, tap 2
  expect(matrix.data[1 * 8 + 1 * 4 + 2]).toBe(weight.data[(1 * 3 + 1) * 4 + 2])
})

describe('statistics and distributions', () => {
  const model = sequential(conv2d(2, 1, { bias: false }), flatten(), linear(1))
  const variables = loadStateDict(initialize(model, key(0), [2, 1, 2]), {
    '0.weight': { shape: [2, 2, 1, 1], data: Float32Array.of(3, 4, 0, 0.001) },
    '2.weight': { shape: [1, 4], data: Float32Array.of(1, -1, 0, 0) },
    '2.bias': { shape: [1], data: Float32Array.of(7) },
  })

  it('are what can be worked out by hand', async () => {
    const found = await weightStatistics([{ label: 'end', variables, epoch: 3 }], layersOf(model, [2, 1, 2]))
    expect(found[0]).toMatchObject({ name: '0.weight', label: 'end', epoch: 3, count: 4, min: 0, max: 4 })
    expect(found[0]).toMatchObject({ zeros: 0.25, small: 0.5, deadUnits: 1 })
    expect(found[0]?.norm).toBeCloseTo(5, 5)
    expect(found[1]).toMatchObject({ mean: 0, sd: Math.SQRT1_2, zeros: 0.5, deadUnits: 0 })
    expect(found[2]).toMatchObject({ name: '2.bias', mean: 7, sd: 0 })
    expect(found[2]).not.toHaveProperty('spectrum')
  })

  it('count every snapshot in the same intervals', () => {
    const doubled = loadStateDict(variables, {
      '0.weight': { shape: [2, 2, 1, 1], data: Float32Array.of(-8, 8, 0, 0) },
      '2.weight': { shape: [1, 4], data: Float32Array.of(1, -1, 0, 0) },
      '2.bias': { shape: [1], data: Float32Array.of(7) },
    })
    const [first, , bias] = weightHistograms(
      [
        { label: 'a', variables },
        { label: 'b', variables: doubled },
      ],
      4,
    )
    expect(first).toMatchObject({ name: '0.weight', low: -8, high: 8 })
    expect(first?.series.map(({ counts }) => counts)).toEqual([
      [0, 0, 3, 1],
      [1, 0, 2, 1],
    ])
    expect(bias).toMatchObject({ low: 6.5, high: 7.5 })
    const [quantiles] = weightQuantiles([
      { label: 'x', variables },
      { label: 'y', epoch: 2, variables: doubled },
    ])
    expect(quantiles).toMatchObject({ name: '0.weight', label: 'y', epoch: 2 })
    expect(quantiles?.values).toEqual([-8, expect.closeTo(-6.8, 5), -2, 0, 2, expect.closeTo(6.8, 5), 8])
  })
})

describe('importance', () => {
  it.each(Object.keys(golden.saliency))('by gradients is PyTorch’s: %s', async (name) => {
    const { model, variables, x, labels, golden: network } = goldenNetwork(name)
    const classes = Array.from({ length: network.classes }, (_, c) => String(c))
    const targets = { task: 'classification' as const, labels: [...labels], classes }
    const { train } = await arrays({ name, inputs: { data: x, shape: network.input.shape.slice(1) }, targets }).load()
    const judged = { network: { model }, loss: crossEntropy(), variables }
    const { scores } = await gradientImportance(judged, { dataset: train, indices: all(8) }, { batch: 4 })
    expect(scores).toHaveLength(parameterCount(variables))
    let begin = 0
    for (const weight of namedWeights(variables)) {
      const digest = golden.saliency[name]?.[weight.name]
      if (digest === undefined) throw new Error(`PyTorch has no ${weight.name}`)
      const own = scores.slice(begin, begin + weight.data.length)
      expectDigest({ shape: [...weight.shape], data: own }, digest, 1e-4, weight.name)
      begin += weight.data.length
    }
  })

  it('weighs samples of a smaller last batch as the others, and lies where the large numbers are', async () => {
    const model = sequential(linear(3), relu(), linear(3))
    const variables = initialize(model, key(2), [2])
    const { train: dataset } = await clouds({ samples: 9 }).load()
    const judged = { network: { model }, loss: crossEntropy(), variables }
    const whole = await gradientImportance(judged, { dataset, indices: all(6) }, { batch: 6 })
    const twice = await gradientImportance(
      judged,
      { dataset, indices: Uint32Array.of(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5) },
      { batch: 6 },
    )
    for (const [i, score] of whole.scores.entries()) expect(twice.scores[i]).toBeCloseTo(score, 6)
    const shares = importanceShares(judged, {
      by: 'magnitude',
      scores: Float64Array.from({ length: 21 }, (_, i) => (i < 6 ? 3 : 1)),
    })
    expect(shares.map(({ name, weights, importance }) => [name, weights, importance])).toEqual([
      ['0.weight', 6 / 15, 18 / 27],
      ['2.weight', 9 / 15, 9 / 27],
    ])
    expect(shares.map(({ top }) => top)).toEqual([1, 0])
  })
})

describe('ablation', () => {
  // y = 4 x0 + x1 + 0.5 x2, for x of one 1 each: without the smallest weights, so much is missing.
  const model = linear(1)
  const variables = loadStateDict(initialize(model, key(0), [3]), {
    weight: { shape: [1, 3], data: Float32Array.of(4, -1, 0.5) },
    bias: { shape: [1], data: Float32Array.of(0) },
  })
  const judged = { network: { model }, loss: mse(), variables }
  const unit = arrays({
    name: 'units',
    inputs: { data: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1), shape: [3] },
    targets: { task: 'regression', values: Float32Array.of(4, -1, 0.5), shape: [1] },
  })

  it('removes the least first, and random controls as the keys draw', async () => {
    const { train: dataset } = await unit.load()
    const shares = [0, 1 / 3, 2 / 3, 1]
    const options = { shares, keys: [key(1), key(2), key(3)] }
    const [curve, ...random] = await ablationCurves(judged, { dataset, indices: all(3) }, [magnitudes(judged)], options)
    expect(curve?.points.map(({ removed, loss }) => [removed, loss])).toEqual([
      [0, 0],
      [1, expect.closeTo(0.25 / 3, 6)],
      [2, expect.closeTo(1.25 / 3, 6)],
      [3, expect.closeTo(17.25 / 3, 6)],
    ])
    expect(random.map(({ by, draw }) => [by, draw])).toEqual([
      ['random', 0],
      ['random', 1],
      ['random', 2],
    ])
    for (const { points } of random) {
      expect(points[3]?.loss).toBeCloseTo(17.25 / 3, 6)
      points.forEach(({ loss }, i) => {
        expect(loss).toBeGreaterThanOrEqual((curve?.points[i]?.loss ?? 0) - 1e-6)
      })
    }
    // The network itself is left as it was.
    expect([...(namedWeights(variables)[0]?.data ?? [])]).toEqual([4, -1, 0.5])
  })

  it('removes exactly as many as asked for where scores are equal', async () => {
    const { train: dataset } = await clouds({ samples: 12 }).load()
    const net = sequential(linear(8), relu(), linear(3))
    const own = { network: { model: net }, loss: crossEntropy(), variables: initialize(net, key(0), [2]) }
    const ranking = { by: 'magnitude' as const, scores: new Float64Array(parameterCount(own.variables)) }
    const shares = [0.25, 0.5]
    const metrics = [accuracy()]
    const [curve] = await ablationCurves(own, { dataset, indices: all(12) }, [ranking], { shares, metrics })
    expect(curve?.points.map(({ removed }) => removed)).toEqual([10, 20])
    expect(curve?.points[0]?.scores.accuracy).toBeGreaterThanOrEqual(0)
    // With all scores equal, the first layer's 16 weights and 4 of the next are gone: the biases alone feed the second layer.
    expect(curve?.points[1]?.loss).not.toBe(curve?.points[0]?.loss)
  })

  it('refuses shares and rankings that are none', async () => {
    const samples = { dataset: (await unit.load()).train, indices: all(3) }
    await expect(ablationCurves(judged, samples, [], { shares: [1.5] })).rejects.toThrow('a share of weights is 1.5')
    const foreign = [{ by: 'magnitude' as const, scores: new Float64Array(2) }]
    await expect(ablationCurves(judged, samples, foreign)).rejects.toThrow('has 2 scores and the network 4 parameters')
  })
})
