import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, reals, size } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real, whole } from '../../testing/check.ts'
import { sizeOf } from '../shape.ts'
import { avgPool2d, globalAvgPool2d, globalMaxPool2d, maxPool2d, type Padding, placeholder, relu } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const two = (max: number, min = 1) => fc.tuple(size(max, min), size(max, min))

/** Windows that overlap or leave gaps, padded by up to half, on maps that they fit on. */
const pools = (maxDilation: number) =>
  fc
    .record({ planes: two(2), kernel: two(3), stride: two(4), dilation: two(maxDilation), extra: two(4, 0) })
    .chain(({ planes, kernel, stride, dilation, extra }) => {
      const half = (axis: 0 | 1) => size(Math.floor(kernel[axis] / 2), 0)
      const map = ([0, 1] as const).map((axis) => dilation[axis] * (kernel[axis] - 1) + 1 + extra[axis])
      return fc.record({
        x: reals([...planes, ...map]),
        kernel: fc.constant(kernel),
        options: fc.record({
          stride: fc.constant(stride),
          dilation: fc.constant(dilation),
          padding: fc.tuple(half(0), half(1), half(0), half(1)),
        }),
      })
    })

describe('maxPool2d', () => {
  it('values and gradients: overlapping, spaced, padded and dilated windows', () =>
    holdsFor(pools(2), ({ x, kernel, options }) => expectSound((t) => maxPool2d(t, kernel, options), [x]), 40))

  it('the window’s size is the default stride', () => {
    expect(maxPool2d(of(1, 1, 7, 6), [2, 3]).shape).toEqual([1, 1, 3, 2])
  })

  it('gives the gradient to the first of equals in row-major order, natively too', async () => {
    const flat = [real([1, 1, 4, 4], new Float32Array(16).fill(2))]
    for (const options of [{}, { stride: 1 }]) {
      const gradient = gradientOf((x) => maxPool2d(x, 2, options))
      await expectAgreement(gradient, flat)
      const [value] = evaluate(gradient, flat)
      expect(value?.data[0]).not.toBe(0)
      expect(value?.data[15]).toBe(0)
    }
  })

  it('padding never wins', async () => {
    const negative = [real([1, 1, 2, 2], [-5, -4, -3, -2])]
    await expectAgreement((x) => maxPool2d(x, 2, { padding: 1 }), negative)
    expect(evaluate((x) => maxPool2d(x, 2, { padding: 1 }), negative)[0]?.data).toEqual(Float64Array.of(-5, -4, -3, -2))
  })

  it('of relu, where ties at 0 are common: values and gradients, of what stands between too', () =>
    holdsFor(pools(1), async ({ x, kernel, options }) => {
      await expectSound((t) => maxPool2d(relu(t), kernel, options), [x])
    }))
})

describe('avgPool2d', () => {
  it('values and gradients, padding counted or not', () =>
    holdsFor(
      fc.tuple(pools(1), fc.boolean()),
      ([{ x, kernel, options }, countIncludePad]) =>
        expectSound(
          (t) => avgPool2d(t, kernel, { stride: options.stride, padding: options.padding, countIncludePad }),
          [x],
        ),
      30,
    ))

  it('counts padding unless told otherwise', () => {
    const x = [real([1, 1, 1, 1], [8])]
    const padding: Padding = [1, 1, 0, 0]
    expect(evaluate((t) => avgPool2d(t, 2, { padding }), x)[0]?.data[0]).toBe(2)
    expect(evaluate((t) => avgPool2d(t, 2, { padding, countIncludePad: false }), x)[0]?.data[0]).toBe(8)
  })
})

it('global pools: values and gradients', () =>
  holdsFor(
    fc.tuple(size(3), size(3), size(4), size(4)).chain((shape) => reals(shape)),
    async (x) => {
      await expectSound((t) => [globalAvgPool2d(t), globalMaxPool2d(t)], [x])
      const [mean] = evaluate((t) => globalAvgPool2d(t), [x])
      expect(mean?.shape).toEqual([...x.type.shape.slice(0, 2), 1, 1])
      expect(sizeOf(mean?.shape ?? [])).toBe(mean?.data.length)
    },
  ))

describe('what does not fit', () => {
  const pooling = { maxPool2d: [maxPool2d, 'maxPool2d'], avgPool2d: [avgPool2d, 'averagePool2d'] } as const

  it.each(Object.values(pooling))('%o names it', (pool, name) => {
    expect(() => pool(of(2, 3), 2)).toThrow(
      `${name}: the input has shape [2, 3] but must be [batch, channels, height, width]`,
    )
    expect(() => pool(of(1, 1, 2, 5), 3)).toThrow(
      `${name}: a window of 3×3 does not fit on a 2×5 map padded to 2 along height; it needs at least 3: use a smaller window`,
    )
    expect(() => pool(of(1, 1, 4, 4), 2, { padding: 2 })).toThrow(
      `${name}: with padding 2, 2, 2, 2, some windows of 2×2 would see padding alone on a 4×4 map`,
    )
    expect(() => pool(of(1, 1, 4, 4), 2, { stride: 0 })).toThrow(`${name}: stride is [0, 0]`)
    expect(() => evaluate((x) => pool(x, 1), [whole([1, 1, 1, 1], [1])])).toThrow(`${name}: the input is int32 but`)
  })

  it('dilated windows whose taps all miss the map', () => {
    expect(() => maxPool2d(of(1, 1, 2, 2), 2, { padding: 1, dilation: 3, stride: 1 })).toThrow(
      'maxPool2d: with padding 1, 1, 1, 1, some windows of 2×2 would see padding alone on a 2×2 map',
    )
  })

  it('global pools want images', () => {
    expect(() => globalAvgPool2d(of(2, 3))).toThrow('globalAvgPool2d: the input has shape [2, 3] but must be [batch,')
    expect(() => globalMaxPool2d(of(2, 3))).toThrow('globalMaxPool2d: the input has shape [2, 3] but must be [batch,')
  })
})
