import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { batchNorm1d, linear, mse, sequential, tanh } from '../../nn/index.ts'
import { sgd } from '../../optim/index.ts'
import '../../runtime/ort/node.ts'
import { sine } from '../../testing/made.ts'
import { experiment, initialVariables, prepare } from '../../train/index.ts'
import { fullHessian, lossFunction } from '../index.ts'
import { criticalPoints } from './criticalPoints.ts'
import { minimalRatios } from './minimalRatios.ts'

const short = experiment({
  name: 'short',
  data: sine(),
  model: sequential(linear(4), tanh(), linear(1)),
  loss: mse(),
  optimizer: sgd({ lr: 0.05 }),
  batchSize: 25,
  epochs: 5,
})

describe('criticalPoints', () => {
  it('brings networks to where their gradients vanish, and gives the Hessian there', async () => {
    const prepared = await prepare(short)
    const { network, train } = prepared
    const networks = [0, 1, 2].map((seed) => initialVariables(prepared, seed))
    const judged = { network, loss: short.loss }
    const points = await criticalPoints(judged, networks, train, { tolerance: 1e-3 })
    expect(points).toHaveLength(3)
    for (const [k, { at, loss, gradientNorm, from, hessian }] of points.entries()) {
      const own = lossFunction({ ...judged, variables: networks[k] ?? initialVariables(prepared, k) }, train)
      const start = await own.gradient(own.parameters)
      expect(from.loss).toBeCloseTo(start.value, 6)
      expect(from.gradientNorm).toBeGreaterThan(0.05)
      expect(gradientNorm).toBeLessThan(1e-3)
      const there = await own.gradient(at)
      expect(loss).toBeCloseTo(there.value, 6)
      expect(gradientNorm).toBeCloseTo(Math.hypot(...there.gradient), 5)
      const { matrix } = await fullHessian(own, at)
      hessian.matrix.forEach((value, i) => {
        expect(value).toBeCloseTo(matrix[i] ?? Number.NaN, 4)
      })
    }
  })

  it('reaches the minimum of a convex loss in a step or two, where all eigenvalues are positive', async () => {
    const convex = short.with({ model: sequential(linear(1)) })
    const [one] = await minimalRatios(convex, await prepare(convex), [3], { gradient: 1e-5 })
    expect(one).toMatchObject({ seed: 3, parameters: 2, isCritical: true, minimalRatio: 1, positive: 2, zero: 0 })
  })

  it('keeps each network’s own running statistics', async () => {
    const normalized = short.with({ model: sequential(linear(3), batchNorm1d(), tanh(), linear(1)) })
    const prepared = await prepare(normalized)
    const networks = [0, 1].map((seed) => {
      const { parameters, buffers } = initialVariables(prepared, seed)
      const statistics = buffers['1']
      if (statistics !== undefined && 'running_mean' in statistics) {
        const { running_mean: mean } = statistics
        if (mean !== undefined && 'data' in mean && mean.data instanceof Float32Array) mean.data.fill(seed)
      }
      return { parameters, buffers }
    })
    const judged = { network: prepared.network, loss: normalized.loss }
    const points = await criticalPoints(judged, networks, prepared.train, { steps: 1 })
    for (const [k, variables] of networks.entries()) {
      const own = lossFunction({ ...judged, variables }, prepared.train)
      expect(points[k]?.from.loss).toBeCloseTo(await own.value(own.parameters), 6)
    }
  })

  it('refuses networks whose Hessians would be too large, and none at all', async () => {
    const large = short.with({ model: sequential(linear(400), tanh(), linear(1)) })
    const prepared = await prepare(large)
    const judged = { network: prepared.network, loss: large.loss }
    await expect(criticalPoints(judged, [initialVariables(prepared, 0)], prepared.train)).rejects.toThrow(
      'the network has 1201 parameters',
    )
    await expect(criticalPoints(judged, [], prepared.train)).rejects.toThrow(UsageError)
  })
})

describe('minimalRatios', () => {
  it('counts eigenvalues of every training, and says by which tolerance', async () => {
    const found = await minimalRatios(short, await prepare(short), [0, 1, 2, 3])
    expect(found.map(({ seed }) => seed)).toEqual([0, 1, 2, 3])
    for (const { parameters, positive, zero, negative, minimalRatio, tolerance, trained, gradientNorm } of found) {
      expect(parameters).toBe(13)
      expect(positive + zero + negative).toBe(13)
      expect(minimalRatio).toBe(positive / 13)
      expect(tolerance).toBeGreaterThan(0)
      expect(gradientNorm).toBeLessThan(trained.gradientNorm)
    }
    // A larger tolerance leaves fewer that are positive.
    const [coarse] = await minimalRatios(short, await prepare(short), [0], { zero: 100 })
    expect(coarse).toMatchObject({ positive: 0, negative: 0, zero: 13, tolerance: 100 })
  })

  it('leaves out what diverges', async () => {
    const wild = short.with({ optimizer: sgd({ lr: 1e9 }) })
    expect(await minimalRatios(wild, await prepare(wild), [0])).toEqual([])
  })
})
