import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fill } from '../testing/golden/fill.ts'
import { clipGradientNorm, clipGradients, clipGradientValue, gradientNorm, parseClipping } from './index.ts'

// torch.nn.utils.clip_grad_norm_ and clip_grad_value_ on fill([9], 0.4, 1.5) as [7] and [2], PyTorch 1.13.
const pytorch = {
  norm: 3.090947389602661,
  shortened: [
    0.377960056, 0.870634377, 0.932453752, 0.486123145, -0.255520821, -0.857560754, -0.909850836, -0.329327971,
    0.506326497,
  ],
  cut: [0.584127486, 0.75, 0.75, 0.75, -0.394900829, -0.75, -0.75, -0.508967876, 0.75],
}

describe('gradients are clipped as in PyTorch', () => {
  it('by their norm', () => {
    const gradients = fill(9, 0.4, 1.5)
    expect(clipGradientNorm(gradients, 2)).toBeCloseTo(pytorch.norm, 6)
    pytorch.shortened.forEach((value, i) => {
      expect(gradients[i]).toBeCloseTo(value, 6)
    })
    const short = Float32Array.from(gradients)
    expect(clipGradientNorm(gradients, 2.1)).toBeCloseTo(2, 5)
    expect(gradients).toEqual(short)
  })

  it('by value', () => {
    const gradients = fill(9, 0.4, 1.5)
    clipGradientValue(gradients, 0.75)
    pytorch.cut.forEach((value, i) => {
      expect(gradients[i]).toBeCloseTo(value, 6)
    })
  })
})

describe('the norm', () => {
  it('is that of float64, of any length', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 30, noNaN: true, noDefaultInfinity: true }), (numbers) => {
        const exact = Math.sqrt(numbers.reduce((sum, value) => sum + value * value, 0))
        expect(Math.abs(gradientNorm(numbers) - exact)).toBeLessThanOrEqual(1e-14 * exact)
      }),
    )
  })

  it('is not finite where a number is not, which clipping leaves to be seen', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      for (let length = 1; length < 10; length++)
        for (let place = 0; place < length; place++) {
          const gradients = new Float32Array(length).fill(1)
          gradients[place] = bad
          const before = Float32Array.from(gradients)
          expect(gradientNorm(gradients)).toBe(Math.abs(bad))
          clipGradientNorm(gradients, 0.5)
          expect(gradients).toEqual(before)
        }
    const large = new Float32Array(4).fill(3e38)
    expect(gradientNorm(large)).toBeCloseTo(6e38, -32)
    const gradients = Float32Array.of(Number.NaN, 3)
    clipGradientValue(gradients, 1)
    expect([...gradients]).toEqual([Number.NaN, 1])
  })
})

describe('a clipping', () => {
  it('is what it says', () => {
    const [byNorm, byValue] = [Float32Array.of(3, 4), Float32Array.of(3, -4)]
    clipGradients(byNorm, { norm: 1 })
    clipGradients(byValue, { value: 1 })
    expect([...byNorm].map((value) => value.toFixed(5))).toEqual(['0.60000', '0.80000'])
    expect([...byValue]).toEqual([1, -1])
  })

  it('is read from outside', () => {
    expect(parseClipping({ norm: 1 })).toEqual({ norm: 1 })
    expect(parseClipping({ value: 0.5 })).toEqual({ value: 0.5 })
    for (const wrong of [{}, { norm: 1, value: 1 }])
      expect(() => parseClipping(wrong)).toThrow(/^clipping: give one of norm and value/)
    expect(() => parseClipping({ norm: 0 })).toThrow(/^clipping: norm is 0/)
    expect(() => parseClipping({ max: 1 })).toThrow(/^clipping: no option "max"; the options are norm, value/)
  })
})
