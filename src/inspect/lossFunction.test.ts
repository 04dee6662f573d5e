import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { crossEntropy, flatten } from '../nn/index.ts'
import '../runtime/ort/node.ts'
import { curvedNetwork, goldenCurvature, samplesOf } from '../testing/curvature.ts'
import { expectDigest } from '../testing/digest.ts'
import { fill } from '../testing/golden/formula.ts'
import { goldenNetwork } from '../testing/networks.ts'
import { lossFunction } from './lossFunction.ts'

describe('lossFunction', () => {
  it.each([250, 5])('gives PyTorch’s loss, gradient and Hessian-vector products in batches of %i', async (batch) => {
    const { judged, samples } = await curvedNetwork()
    const loss = lossFunction(judged, samples, { batch })
    expect(loss.parameters).toHaveLength(61)
    expect(await loss.value(loss.parameters)).toBeCloseTo(goldenCurvature.loss, 6)
    const { value, gradient } = await loss.gradient(loss.parameters)
    expect(value).toBeCloseTo(goldenCurvature.loss, 6)
    expectDigest({ shape: [61], data: gradient }, goldenCurvature.gradient, 1e-5, 'gradient')
    const direction = fill(61, 2.1, 1)
    const twice = await loss.products(loss.parameters, Float32Array.of(...direction, ...direction.map((v) => -2 * v)))
    expectDigest({ shape: [61], data: twice.slice(0, 61) }, goldenCurvature.product, 1e-5, 'product')
    twice.subarray(61).forEach((v, i) => {
      expect(v).toBeCloseTo(-2 * (twice[i] ?? 0), 5)
    })
  })

  it('goes through convolutions, pooling and normalisation by running statistics', async () => {
    const { model, variables, x, labels, golden } = goldenNetwork('convNet')
    const samples = await samplesOf(x, golden.input.shape.slice(1), labels, 10)
    const loss = lossFunction({ network: { model }, loss: crossEntropy(), variables }, samples)
    const product = await loss.products(loss.parameters, fill(loss.parameters.length, 2.1, 1))
    const shape = [loss.parameters.length]
    expectDigest({ shape, data: product }, goldenCurvature.convNet.product, 1e-4, 'product')
  })

  it('refuses what has no slope, no samples, and what is no direction', async () => {
    const { judged, samples } = await curvedNetwork()
    const none = { ...judged, network: { model: flatten() }, variables: { parameters: {}, buffers: {} } }
    expect(() => lossFunction(none, samples)).toThrow('the model has no parameters')
    expect(() => lossFunction(judged, { ...samples, indices: new Uint32Array() })).toThrow(UsageError)
    const loss = lossFunction(judged, samples)
    await expect(loss.products(loss.parameters, new Float32Array(60))).rejects.toThrow('give k × 61')
  })
})
