import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, size } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, real, whole } from '../../testing/check.ts'
import { batchNormalization, batchNormTraining, channelMean, channelVariance, mul, placeholder, relu } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

/** At least three numbers a channel: the variance of fewer is too small for float32 to keep up. */
const maps = fc.oneof(
  fc.tuple(size(6, 3), size(3)),
  fc.tuple(size(3), size(3), size(5, 3)),
  fc.tuple(size(3), size(3), size(3, 2), size(3, 2)),
)
const withVectors = (count: number) =>
  maps.chain((shape) =>
    fc.tuple(reals(shape), ...Array.from({ length: count }, () => reals([shape[1]], { positive: true }))),
  )
const tolerance = 1e-4

describe('batchNormTraining', () => {
  it('values and gradients for any number of axes after the channels', () =>
    holdsFor(
      withVectors(2),
      (given) => expectSound((x, scale, bias) => batchNormTraining(x, scale, bias), given, { tolerance }),
      20,
    ))

  it('with its statistics, which are by-products of the same node', () =>
    holdsFor(
      withVectors(2),
      (given) =>
        expectSound(
          (x, scale, bias) => [
            batchNormTraining(x, scale, bias, { epsilon: 1e-3 }),
            channelMean(x),
            channelVariance(x),
          ],
          given,
          { tolerance },
        ),
      8,
    ))

  // ONNX Runtime writes new statistics over the ones it is given: nodes must not share them.
  it('twice in a graph, with equal and with other vectors', () =>
    holdsFor(
      withVectors(2),
      (given) =>
        expectSound(
          (x, scale, bias) => {
            const once = batchNormTraining(x, scale, bias)
            const again = batchNormTraining(mul(relu(once), 3), scale, bias)
            return [batchNormTraining(x, bias, scale), batchNormTraining(x, scale, scale), channelMean(again)]
          },
          given,
          { tolerance: 3e-4 },
        ),
      8,
    ))

  it('gives each channel the mean and deviation it is told', () => {
    const [y] = evaluate(
      (x, scale, bias) => {
        const normal = batchNormTraining(x, scale, bias, { epsilon: 0 })
        return [channelMean(normal), channelVariance(normal)]
      },
      [real([3, 2], [1, 10, 2, 30, 6, 20]), real([2], [2, 0.5]), real([2], [7, -1])],
    )
    expect(y?.data[0]).toBeCloseTo(7, 12)
    expect(y?.data[1]).toBeCloseTo(-1, 12)
  })
})

describe('batchNormalization with given statistics', () => {
  it('values and gradients of all five inputs', () =>
    holdsFor(withVectors(4), (given) =>
      expectSound((x, scale, bias, mean, variance) => {
        if (!scale || !bias || !mean || !variance || !x) throw new Error('five inputs')
        return batchNormalization(x, { scale, bias, mean, variance }, { epsilon: 1e-3 })
      }, given),
    ))
})

describe('channelMean and channelVariance', () => {
  it('values and gradients on their own', () =>
    holdsFor(withVectors(0), (given) => expectSound((x) => [channelMean(x), channelVariance(x)], given)))

  it('divide by n', () => {
    const x = [real([2, 1, 2], [1, 2, 3, 6])]
    expect(evaluate((t) => channelMean(t), x)[0]?.data[0]).toBe(3)
    expect(evaluate((t) => channelVariance(t), x)[0]?.data[0]).toBe(3.5)
  })

  it('a large mean does not eat the variance', async () => {
    const x = [real([4, 1], [1000, 1001, 1002, 1003])]
    await expectSound((t) => channelVariance(t), x)
    expect(evaluate((t) => channelVariance(t), x)[0]?.data[0]).toBe(1.25)
  })
})

describe('what does not fit', () => {
  it('vectors of another length', () => {
    expect(() => batchNormTraining(of(4, 3), of(3), of(4))).toThrow(
      'batchNorm: scale and bias must be [3], as the input has that many channels, and one has [4]',
    )
    const vectors = { scale: of(3), bias: of(3), mean: of(3), variance: of(3, 1) }
    expect(() => batchNormalization(of(4, 3), vectors)).toThrow(
      'batchNorm: scale, bias, mean and variance must be [3], as the input has that many channels, and one has [3, 1]',
    )
  })

  it('inputs without channels or of another type', () => {
    for (const op of [channelMean, channelVariance]) {
      expect(() => op(of(3))).toThrow(
        /channel(Mean|Variance): the input has shape \[3\] but needs \[batch, channels, …\]/,
      )
      expect(() => evaluate((x) => op(x), [whole([1, 1], [1])])).toThrow(
        /channel.*: the input is int32 but must be float32/,
      )
    }
    expect(() => batchNormTraining(of(3), of(3), of(3))).toThrow('batchNorm: the input has shape [3] but needs')
  })
})
