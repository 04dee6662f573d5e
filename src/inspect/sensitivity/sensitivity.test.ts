import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { crossEntropy, initialize, linear, mse, sequential } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { arrays } from '../../data/index.ts'
import { cast, mul } from '../../tensor/index.ts'
import { curvedNetwork, goldenCurvature, samplesOf } from '../../testing/curvature.ts'
import { goldenNetwork } from '../../testing/networks.ts'
import { flattened } from '../lossFunction.ts'
import { inputSensitivity } from './index.ts'

const near = (found: Float64Array, wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length)
  wanted.forEach((value, i) => {
    expect(Math.abs((found[i] ?? Number.NaN) - value)).toBeLessThan(1e-4 * value)
  })
}

describe('inputSensitivity', () => {
  it.each([100, 5])('is what PyTorch’s autograd says of each sample, in batches of %i', async (batch) => {
    const { judged, samples } = await curvedNetwork()
    const { lossGradient, jacobian, mean } = await inputSensitivity(judged, samples, { batch })
    near(lossGradient, goldenCurvature.lossGradientNorms)
    near(jacobian, goldenCurvature.jacobianNorms)
    expect(mean.jacobian).toBeCloseTo(goldenCurvature.jacobianNorms.reduce((a, b) => a + b, 0) / 12, 4)
  })

  it('goes through convolutions', async () => {
    const { model, variables, x, labels, golden } = goldenNetwork('convNet')
    const samples = await samplesOf(x, golden.input.shape.slice(1), labels, 10)
    const found = await inputSensitivity({ network: { model }, loss: crossEntropy(), variables }, samples, { batch: 3 })
    near(found.lossGradient, goldenCurvature.convNet.lossGradientNorms)
    near(found.jacobian, goldenCurvature.convNet.jacobianNorms)
  })

  it('is taken in the units of the model’s input, or in those that samples are stored in', async () => {
    const model = sequential(linear(40, { bias: false }))
    const variables = initialize(model, key(0), [3])
    const network = { model, prepare: (x: Parameters<typeof cast>[0]) => mul(cast(x, 'float32'), 1 / 255) }
    const source = arrays({
      name: 'bytes',
      inputs: { data: Uint8Array.of(0, 128, 255, 3, 4, 5), shape: [3] },
      targets: { task: 'regression', values: new Float32Array(80), shape: [40] },
    })
    const { train } = await source.load()
    const samples = { dataset: train, indices: Uint32Array.of(0, 1) }
    const judged = { network, loss: mse(), variables }
    // The Jacobian of a linear layer is its weights, all 40 rows of them.
    const norm = Math.hypot(...flattened(variables.parameters))
    near((await inputSensitivity(judged, samples)).jacobian, [norm, norm])
    near((await inputSensitivity(judged, samples, { units: 'stored' })).jacobian, [norm / 255, norm / 255])
  })

  it('refuses an empty split', async () => {
    const { judged, samples } = await curvedNetwork()
    await expect(inputSensitivity(judged, { ...samples, indices: new Uint32Array() })).rejects.toThrow(UsageError)
  })
})
