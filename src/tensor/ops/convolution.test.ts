import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, realsOf, size } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, real, whole } from '../../testing/check.ts'
import { type ConvOptions, conv2d, placeholder } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

const two = (max: number, min = 1) => fc.tuple(size(max, min), size(max, min))
const geometry = fc
  .record({
    batch: size(2),
    groups: size(2),
    inPerGroup: size(2),
    outPerGroup: size(2),
    kernel: two(3),
    stride: two(3),
    dilation: two(2),
    padding: fc.tuple(size(2, 0), size(2, 0), size(2, 0), size(2, 0)),
    extra: two(3, 0),
    bias: fc.boolean(),
  })
  .map(({ kernel, dilation, padding, extra, ...rest }) => ({
    ...rest,
    kernel,
    dilation,
    padding,
    // The smallest map that the window fits on, and a few more rows and columns than the stride may reach.
    map: ([0, 1] as const).map((i) =>
      Math.max(1, dilation[i] * (kernel[i] - 1) + 1 - padding[i] - padding[i === 0 ? 2 : 3] + extra[i]),
    ),
  }))

describe('conv2d', () => {
  it('values and gradients: stride, dilation, groups, bias and padding that differs on the four sides', () =>
    holdsFor(
      geometry.chain(({ batch, groups, inPerGroup, outPerGroup, kernel, map, bias, stride, dilation, padding }) => {
        const out = groups * outPerGroup
        const shapes = [[batch, groups * inPerGroup, ...map], [out, inPerGroup, ...kernel], ...(bias ? [[out]] : [])]
        return fc.tuple(realsOf(...shapes), fc.constant<ConvOptions>({ stride, dilation, padding, groups }))
      }),
      ([given, options]) =>
        expectSound((x, weight, bias) => conv2d(x, weight, { ...options, ...(bias && { bias }) }), given),
      40,
    ))

  it.each([
    ['1×1', [1, 3, 4, 4], [2, 3, 1, 1], {}],
    ['1×1, strided', [2, 2, 5, 4], [3, 2, 1, 1], { stride: 2 }],
    ['depthwise with a multiplier', [1, 3, 4, 3], [6, 1, 2, 2], { groups: 3 }],
    ['more padding than kernel', [1, 1, 2, 2], [1, 1, 2, 2], { padding: 3 }],
    ['rows left over by the stride', [1, 1, 8, 9], [1, 1, 2, 3], { stride: 4 }],
    ['16 channels, as wide as a register', [1, 16, 3, 3], [16, 16, 3, 3], { padding: 1 }],
  ] as const)('%s', async (_, x, weight, options) => {
    for (const given of fc.sample(realsOf(x, weight), { numRuns: 2, seed: 1 }))
      await expectSound((a, b) => conv2d(a, b, options), given, { tolerance: 3e-5 })
  })

  it('is a cross-correlation: the kernel is not flipped', () => {
    const [y] = evaluate((x, w) => conv2d(x, w), [real([1, 1, 1, 3], [1, 2, 3]), real([1, 1, 1, 2], [10, 100])])
    expect(Array.from(y?.data ?? [])).toEqual([210, 320])
  })

  it('padding in ONNX’s order: top, left, bottom, right', () => {
    expect(conv2d(of(1, 1, 4, 4), of(1, 1, 2, 2), { padding: [1, 0, 2, 0] }).shape).toEqual([1, 1, 6, 3])
    expect(conv2d(of(1, 1, 4, 4), of(1, 1, 2, 2), { padding: [0, 1] }).shape).toEqual([1, 1, 3, 5])
    const [y] = evaluate(
      (x, w) => conv2d(x, w, { padding: [0, 1, 0, 0] }),
      [real([1, 1, 1, 1], [5]), real([1, 1, 1, 2], [2, 3])],
    )
    expect(Array.from(y?.data ?? [])).toEqual([15])
  })
})

describe('what does not fit', () => {
  it('images and weights that are none', () => {
    expect(() => conv2d(of(3, 4, 4), of(1, 3, 2, 2))).toThrow(
      'conv2d: the input has shape [3, 4, 4] but must be [batch, channels, height, width]',
    )
    expect(() => conv2d(of(1, 3, 4, 4), of(3, 2, 2))).toThrow(
      'conv2d: the weight has shape [3, 2, 2] but must be [out, in / groups, kernel height, kernel width]',
    )
  })

  it('channels, groups and bias', () => {
    expect(() => conv2d(of(1, 3, 4, 4), of(2, 4, 2, 2))).toThrow(
      'conv2d: an input of 3 channels does not fit a weight of shape [2, 4, 2, 2] in 1 group; the weight must be ' +
        '[out, 3/groups, height, width]',
    )
    expect(() => conv2d(of(1, 4, 4, 4), of(3, 2, 2, 2), { groups: 2 })).toThrow(
      'conv2d: an input of 4 channels does not fit a weight of shape [3, 2, 2, 2] in 2 groups',
    )
    expect(() => conv2d(of(1, 3, 4, 4), of(2, 3, 2, 2), { bias: of(3) })).toThrow(
      'conv2d: the bias has shape [3] but must be [2]',
    )
  })

  it('a window larger than the padded map, and geometry that is none', () => {
    expect(() => conv2d(of(1, 1, 3, 8), of(1, 1, 3, 3), { dilation: 2, padding: [0, 0] })).toThrow(
      'conv2d: a window of 3×3 with dilation 2 does not fit on a 3×8 map padded to 3 along height; it needs at least 5',
    )
    expect(() => conv2d(of(1, 1, 3, 3), of(1, 1, 2, 2), { stride: 0 })).toThrow('conv2d: stride is [0, 0]; give whole')
    expect(() => conv2d(of(1, 1, 3, 3), of(1, 1, 2, 2), { padding: -1 })).toThrow('conv2d: padding is [-1, -1, -1, -1]')
    expect(() => conv2d(of(1, 1, 3, 3), of(1, 1, 2, 2), { dilation: 1.5 })).toThrow('conv2d: dilation is [1.5, 1.5]')
  })

  it('types', () => {
    expect(() => evaluate((x, w) => conv2d(x, w), [whole([1, 1, 1, 1], [1]), whole([1, 1, 1, 1], [1])])).toThrow(
      'conv2d: the input is int32 but must be float32',
    )
  })
})
