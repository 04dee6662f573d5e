import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { UsageError } from '../../errors.ts'
import { conv1d, conv2d, flatten, initialize, linear, loadStateDict, relu, sequential } from '../../nn/index.ts'
import { foldIn, key, normal } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { cast, mul, tensor } from '../../tensor/index.ts'
import { expectDigest } from '../../testing/digest.ts'
import { count, digestSchema, fill } from '../../testing/golden/formula.ts'
import { goldenNetwork, residualNet } from '../../testing/networks.ts'
import { baselineOf } from './baseline.ts'
import { deletionCurves } from './curves.ts'
import { explained, lastConvolution } from './explained.ts'
import { gradient, inputTimesGradient } from './gradient.ts'
import { integratedGradients } from './integratedGradients.ts'
import { occlusion } from './occlusion.ts'
import { planes, saliency } from './saliency.ts'
import { sanityCheck } from './sanityCheck.ts'
import { rankCorrelation, ssim } from './similarity.ts'
import { smoothGrad } from './smoothGrad.ts'

const golden = z
  .strictObject({
    steps: z.int(),
    networks: z.record(
      z.string(),
      z.strictObject({
        gradient: digestSchema,
        inputTimesGradient: digestSchema,
        integratedGradients: digestSchema,
        gradCam: z.strictObject({ layer: z.string(), map: digestSchema }).optional(),
      }),
    ),
    similarity: z.strictObject({ spearman: z.number(), ssim: z.number() }),
  })
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/saliency.json', import.meta.url), 'utf8')))

describe('attributions are PyTorch’s', () => {
  it.each(Object.keys(golden.networks))('%s', async (name) => {
    const wanted = golden.networks[name]
    if (wanted === undefined) throw new Error(`there is no golden ${name}`)
    const { model, variables, x: data, golden: network } = goldenNetwork(name)
    const [n = 0, ...sample] = network.input.shape
    const of = await explained({ model }, variables, sample)
    const question = { data, outputs: Int32Array.from({ length: n }, (_, i) => (3 * i + 1) % 10) }
    const near = (found: Float32Array, digest: typeof wanted.gradient, what: string, shape = [n, ...sample]) =>
      expectDigest({ shape, data: Float64Array.from(found) }, digest, 2e-5, what)
    near(await gradient(of, question), wanted.gradient, 'gradient')
    near(await inputTimesGradient(of, question), wanted.inputTimesGradient, 'input × gradient')
    const baseline = fill(count([n, ...sample]), 1.9, 0.5)
    const { data: integrated } = await integratedGradients(of, question, { baseline, steps: golden.steps })
    near(integrated, wanted.integratedGradients, 'integrated gradients')
    if (wanted.gradCam === undefined) return
    const { layer, map } = wanted.gradCam
    near(await of.classActivation(layer, question), map, 'Grad-CAM', [n, ...sample.slice(1)])
    of.dispose()
  })
})

/** y = 2a − 3b + 1, and −y. */
const plain = sequential(linear(2))
const plainWeights = loadStateDict(initialize(plain, key(0), [2]), {
  '0.weight': { shape: [2, 2], data: Float32Array.of(2, -3, -2, 3) },
  '0.bias': { shape: [2], data: Float32Array.of(1, -1) },
})

describe('what can be worked out by hand', () => {
  it('slopes are in the units of the data: through the preparation', async () => {
    const prepare = (x: Parameters<typeof cast>[0]) => mul(cast(x, 'float32'), tensor([10, 100]))
    const of = await explained({ model: plain, prepare }, plainWeights, [2])
    const question = { data: Float32Array.of(1, 2, 3, 4), outputs: Int32Array.of(0, 1) }
    expect([...(await of.values(question))]).toEqual([20 - 600 + 1, -60 + 1200 - 1])
    expect([...(await gradient(of, question))]).toEqual([20, -300, -20, 300])
    expect([...(await inputTimesGradient(of, question))]).toEqual([20, -600, -60, 1200])
  })

  it('integrated gradients add up to the difference of the outputs within 1 %, with as many points as that takes', async () => {
    const { model, variables, x: data, golden: network } = goldenNetwork('convNet')
    const [n = 0, ...sample] = network.input.shape
    const of = await explained({ model }, variables, sample)
    const outputs = Int32Array.from({ length: n }, (_, i) => i)
    const { completeness } = await integratedGradients(
      of,
      { data, outputs },
      { baseline: new Float32Array(data.length) },
    )
    const [at, from] = [
      await of.values({ data, outputs }),
      await of.values({ data: new Float32Array(data.length), outputs }),
    ]
    expect(completeness).toHaveLength(n)
    for (const [i, { sum, difference, error }] of completeness.entries()) {
      expect(difference).toBeCloseTo((at[i] ?? 0) - (from[i] ?? 0), 5)
      expect(Math.abs(sum - difference)).toBeLessThanOrEqual(0.01 * Math.abs(difference))
      expect(error).toBeLessThanOrEqual(0.01)
    }
  })

  it('SmoothGrad is the mean slope over the noise of its key', async () => {
    // relu(a) has slope 1 above 0 and 0 below.
    const model = sequential(linear(1), relu())
    const variables = loadStateDict(initialize(model, key(0), [2]), {
      '0.weight': { shape: [1, 2], data: Float32Array.of(1, 0) },
      '0.bias': { shape: [1], data: Float32Array.of(0) },
    })
    const of = await explained({ model }, variables, [2])
    const map = await smoothGrad(
      of,
      { data: Float32Array.of(0.1, 2.1), outputs: Int32Array.of(0) },
      { key: key(3), copies: 20, noise: 0.5 },
    )
    // The range of the sample is 2, so the noise has a standard deviation of 1.
    const noise = normal(foldIn(foldIn(key(3), 0), 0), 40)
    const above = Array.from({ length: 20 }, (_, i) => (0.1 + (noise[2 * i] ?? 0) > 0 ? 1 : 0))
    const share = above.reduce((a: number, b) => a + b, 0) / 20
    expect(share).toBeGreaterThan(0)
    expect(share).toBeLessThan(1)
    expect(map[0]).toBeCloseTo(share, 6)
    expect(map[1]).toBe(0)
  })

  it('slopes of features in units of their own are told per standard deviation', async () => {
    const of = await explained({ model: plain }, plainWeights, [2])
    const units = { std: Float32Array.of(10, 0.5), range: Float32Array.of(40, 2) }
    const question = { data: Float32Array.of(5, 5), outputs: Int32Array.of(0) }
    const methods = ['gradient', 'smoothgrad', 'input-x-gradient'] as const
    const maps = await saliency(of, question, { methods, baseline: new Float32Array(2), key: key(0), units })
    expect(maps.map(({ data }) => [...data].map((value) => Math.round(1e4 * value) / 1e4))).toEqual([
      [20, -1.5],
      [20, -1.5],
      [10, -15],
    ])
  })

  it('occlusion is the fall of the output when a part is covered, the mean of the windows over a place', async () => {
    const model = sequential(flatten(), linear(1))
    const weights = Float32Array.of(1, 2, 3, 4)
    const variables = loadStateDict(initialize(model, key(0), [1, 4]), {
      '1.weight': { shape: [1, 4], data: weights },
      '1.bias': { shape: [1], data: Float32Array.of(7) },
    })
    const of = await explained({ model }, variables, [1, 4])
    const question = { data: Float32Array.of(1, 1, 1, 1), outputs: Int32Array.of(0) }
    const baseline = Float32Array.of(0, 0, 0, -1)
    const found = await occlusion(of, question, { baseline, size: 2, stride: 1 })
    // Windows fall by 1 + 2, 2 + 3 and 3 + 2 · 4.
    expect([...found]).toEqual([3, 4, 8, 11])
    const last = await occlusion(of, question, { baseline, size: 3, stride: 2 })
    // One window from the start, and one that ends at the end.
    expect([...last]).toEqual([6, 9.5, 9.5, 13])
    // A place that no window covers would have no number.
    await expect(occlusion(of, question, { baseline, size: 1, stride: 2 })).rejects.toThrow('stride is 2')
    await expect(occlusion(of, question, { baseline, size: 0 })).rejects.toThrow('size is 0')
  })

  it('features of a table are covered one by one', async () => {
    const of = await explained({ model: plain }, plainWeights, [2])
    const map = await occlusion(
      of,
      { data: Float32Array.of(5, 5), outputs: Int32Array.of(1) },
      { baseline: Float32Array.of(4, 3) },
    )
    expect([...map]).toEqual([-2, 6])
  })

  it('Grad-CAM of a signal weighs maps by their mean slopes and cuts at zero', async () => {
    const model = sequential(conv1d(2, 1, { bias: false }), flatten(), linear(1))
    const variables = loadStateDict(initialize(model, key(0), [1, 2]), {
      '0.weight': { shape: [2, 1, 1], data: Float32Array.of(1, -2) },
      '2.weight': { shape: [1, 4], data: Float32Array.of(1, 3, 4, 0) },
      '2.bias': { shape: [1], data: Float32Array.of(0) },
    })
    const of = await explained({ model }, variables, [1, 2])
    const map = await of.classActivation('0', { data: Float32Array.of(1, -1), outputs: Int32Array.of(0) })
    // Mean slopes 2 and 2: 2 · (1, −1) + 2 · (−2, 2) = (−2, 2).
    expect([...map]).toEqual([0, 2])
    expect(lastConvolution({ model }, [1, 2])).toBe('0')
    expect(lastConvolution({ model: residualNet() }, [2, 10, 10])).toBe('layer2.1')
    expect(lastConvolution({ model: plain }, [2])).toBeUndefined()
    await expect(of.classActivation('2', { data: Float32Array.of(1, 1), outputs: Int32Array.of(0) })).rejects.toThrow(
      'layer 2 puts out [1] for samples of [1, 2]',
    )
    await expect(of.classActivation('9', { data: Float32Array.of(1, 1), outputs: Int32Array.of(0) })).rejects.toThrow(
      UsageError,
    )
  })

  it('more samples than go at once are answered in parts', async () => {
    const of = await explained({ model: plain }, plainWeights, [2])
    const data = Float32Array.from({ length: 140 }, (_, i) => i)
    const found = await of.values({ data, outputs: new Int32Array(70) })
    expect(found).toHaveLength(70)
    expect(found[69]).toBe(2 * 138 - 3 * 139 + 1)
  })

  it('stops between two batches when asked to', async () => {
    let batches = 0
    const of = await explained({ model: plain }, plainWeights, [2], () => {
      if (batches++ === 1) throw new Error('enough')
    })
    await expect(of.slopes({ data: new Float32Array(140), outputs: new Int32Array(70) })).rejects.toThrow('enough')
    expect(batches).toBe(2)
  })

  it('baselines are the lowest value, the mean, zeros, or the sample without its detail', () => {
    const summary = {
      mean: Float32Array.of(1, 2, 3),
      std: new Float32Array(3),
      min: Float32Array.of(-4, 0, 0),
      max: Float32Array.of(5, 5, 5),
    }
    const data = Float32Array.of(0, 6, 0, 3, 3, 3)
    const of = (kind: Parameters<typeof baselineOf>[0]) => [...baselineOf(kind, data, [1, 3], summary)]
    expect(of('black')).toEqual([-4, -4, -4, -4, -4, -4])
    expect(of('mean')).toEqual([1, 2, 3, 1, 2, 3])
    expect(of('zeros')).toEqual([0, 0, 0, 0, 0, 0])
    const [left = 0, middle = 0, right = 0, ...flat] = of('blur')
    expect(left).toBeCloseTo(right)
    expect(middle).toBeLessThan(6)
    expect(middle).toBeGreaterThan(left)
    expect(flat.map((value) => value.toFixed(4))).toEqual(['3.0000', '3.0000', '3.0000'])
    expect(() => baselineOf('blur', data, [3], summary)).toThrow(UsageError)
  })
})

describe('rank correlation and structural similarity', () => {
  it('are scipy’s, and the formula’s', () => {
    const rounded = (phase: number) => fill(180, phase, 1).map((value) => Math.round(10 * value) / 10)
    const [a, b] = [Float64Array.from(rounded(0.3)), Float64Array.from(rounded(2.2))]
    const tenths = (values: Float64Array) => values.map((value) => Math.round(10 * value) / 10)
    const [x, y] = [tenths(a), tenths(b)]
    const mixed = x.map((value, i) => 0.6 * value + 0.4 * (y[i] ?? 0))
    expect(rankCorrelation(x, mixed)).toBeCloseTo(golden.similarity.spearman, 6)
    expect(ssim(x, mixed, 12, 15, 2)).toBeCloseTo(golden.similarity.ssim, 6)
    expect(ssim(x, x, 12, 15, 2)).toBeCloseTo(1, 12)
  })
})

describe('sanityCheck', () => {
  // The output is the left pixel times the right part of the weights: a gradient knows the weights, input × gradient of a sample with one
  // pixel that is not 0 knows only the sample.
  const model = sequential(conv2d(3, 3, { padding: 'same' }), relu(), flatten(), linear(3))
  const sample = [1, 8, 8]
  const variables = initialize(model, key(5), sample)
  const data = Float32Array.from({ length: 2 * 64 }, (_, i) => (i % 64 === 27 || i % 64 === 36 ? 1 : 0))

  it('tells maps that follow the weights from those that show the sample', async () => {
    const of = await explained({ model }, variables, sample)
    const layers: string[] = []
    const { steps, maps, insensitive } = await sanityCheck(
      of,
      { data, outputs: Int32Array.of(0, 1) },
      {
        methods: ['gradient', 'input-x-gradient'],
        baseline: new Float32Array(data.length),
        key: key(0),
        model,
        variables,
        prepared: sample,
        layers: ['0', '3'],
        weightsKey: key(9),
        onLayer: (layer) => layers.push(layer),
      },
    )
    expect(layers).toEqual(['3', '0'])
    expect(maps.map(({ layer }) => layer)).toEqual(['', '3', '0'])
    expect(steps.map(({ method, layer, randomized }) => [method, layer, randomized])).toEqual([
      ['gradient', '3', 1],
      ['input-x-gradient', '3', 1],
      ['gradient', '0', 2],
      ['input-x-gradient', '0', 2],
    ])
    const last = steps.filter(({ randomized }) => randomized === 2)
    expect(Math.abs(last[0]?.rankCorrelation ?? 1)).toBeLessThan(0.5)
    expect(last[1]?.magnitudeCorrelation).toBeGreaterThan(0.9)
    expect(insensitive).toEqual(['input-x-gradient'])
  })

  it('leaves the network as it was, and starts from its own maps', async () => {
    const of = await explained({ model }, variables, sample)
    const question = { data, outputs: Int32Array.of(0, 1) }
    const options = { methods: ['gradient'] as const, baseline: new Float32Array(data.length), key: key(0) }
    const [before] = await saliency(of, question, options)
    const { maps } = await sanityCheck(of, question, {
      ...options,
      model,
      variables,
      prepared: sample,
      layers: ['3'],
      weightsKey: key(9),
    })
    expect(maps[0]?.maps[0]?.data).toEqual(before?.data)
    expect((await saliency(of, question, options))[0]?.data).toEqual(before?.data)
    expect(maps[1]?.maps[0]?.data).not.toEqual(before?.data)
  })
})

describe('deletion curves', () => {
  it('of a linear model follow its weights from the largest on', async () => {
    const model = sequential(linear(1, { bias: false }))
    const weights = Float32Array.from({ length: 20 }, (_, i) => i)
    const variables = loadStateDict(initialize(model, key(0), [20]), { '0.weight': { shape: [1, 20], data: weights } })
    const of = await explained({ model }, variables, [20])
    const question = { data: new Float32Array(20).fill(1), outputs: Int32Array.of(0) }
    const curves = await deletionCurves(of, question, weights, new Float32Array(20))
    expect(curves.deletion[0]).toBe(190)
    expect(curves.deletion[1]).toBeCloseTo(190 - 19, 4)
    expect(curves.deletion.at(-1)).toBe(0)
    expect(curves.insertion[2]).toBeCloseTo(19 + 18, 4)
    expect(curves.areas.insertion).toBeCloseTo(190 - curves.areas.deletion, 4)
    expect(curves.areas.deletion).toBeLessThan(0.4 * 190)
    const chance = await deletionCurves(of, question, key(0), new Float32Array(20))
    expect(chance.areas.deletion).toBeGreaterThan(curves.areas.deletion)
  })
})

it('planes add up the channels', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)
  expect([...planes({ data }, [2, 1, 2], 2)]).toEqual([4, 6, 12, 14])
  expect(planes({ data: data.subarray(0, 4) }, [2, 1, 2], 2)).toEqual(data.subarray(0, 4))
})
