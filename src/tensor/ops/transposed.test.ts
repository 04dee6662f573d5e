import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holdsFor, realsOf, size } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound } from '../../testing/check.ts'
import {
  avgPool1d,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  maxPool1d,
  mul,
  placeholder,
  reduceSum,
} from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const two = (max: number, min = 1) => fc.tuple(size(max, min), size(max, min))
const geometry = fc.record({
  groups: size(2),
  inPerGroup: size(2),
  outPerGroup: size(2),
  map: two(3, 2),
  kernel: two(3, 2),
  stride: two(2),
  dilation: two(2),
  padding: fc.tuple(size(1, 0), size(1, 0), size(1, 0), size(1, 0)),
  more: fc.boolean(),
})

describe('convTranspose2d', () => {
  it('values and gradients: stride, padding, output padding, dilation, groups and bias', () =>
    holdsFor(
      geometry.chain(({ groups, inPerGroup, outPerGroup, map, kernel, more, ...options }) =>
        fc.tuple(
          realsOf(
            [2, groups * inPerGroup, ...map],
            [groups * inPerGroup, outPerGroup, ...kernel],
            [groups * outPerGroup],
          ),
          fc.constant({
            ...options,
            groups,
            outputPadding: [more ? options.stride[0] - 1 : 0, options.stride[1] - 1] as [number, number],
          }),
        ),
      ),
      ([given, options]) =>
        expectSound((x, w, bias) => convTranspose2d(x, w, { ...options, bias }), given, { tolerance: 3e-5 }),
      20,
    ))

  it('is the transpose of conv2d: <conv(x), y> = <x, convTranspose(y)>', () =>
    holdsFor(realsOf([1, 3, 7, 6], [4, 3, 3, 2], [1, 4, 3, 3]), (given) => {
      const options = { stride: 2, padding: [0, 0] } as const
      const [left, right] = evaluate(
        (x, w, y) => [
          reduceSum(mul(conv2d(x, w, options), y)),
          reduceSum(mul(x, convTranspose2d(y, w, { ...options, outputPadding: [0, 0] }))),
        ],
        given,
      )
      expect(left?.data[0]).toBeCloseTo(right?.data[0] ?? Number.NaN, 9)
    }))

  it('names what does not fit', () => {
    expect(() => convTranspose2d(of(3, 4, 4), of(3, 2, 2, 2))).toThrow('convTranspose2d: the input has shape [3, 4, 4]')
    expect(() => convTranspose2d(of(1, 3, 4, 4), of(2, 3, 2, 2))).toThrow(
      'convTranspose2d: an input of 3 channels does not fit a weight of shape [2, 3, 2, 2] in 1 group; the weight must be [3, ',
    )
    expect(() => convTranspose2d(of(1, 4, 4, 4), of(4, 3, 2, 2), { groups: 2, bias: of(3) })).toThrow('must be [6]')
    expect(() => convTranspose2d(of(1, 1, 4, 4), of(1, 1, 2, 2), { outputPadding: 1 })).toThrow(
      'convTranspose2d: outputPadding [1, 1] must be less than the stride [1, 1]',
    )
    expect(() => convTranspose2d(of(1, 1, 1, 1), of(1, 1, 2, 2), { padding: 1 })).toThrow('leaves 0×0 of a 1×1 map')
    expect(() => convTranspose2d(of(1, 1, 1, 1), of(1, 1, 2, 2), { stride: 0 })).toThrow('stride is [0, 0]; give whole')
  })
})

describe('sequences', () => {
  it('conv1d: values and gradients', () =>
    holdsFor(
      realsOf([2, 4, 7], [6, 2, 3], [6]),
      (given) =>
        expectSound((x, w, bias) => conv1d(x, w, { bias, stride: 2, padding: [1, 2], dilation: 2, groups: 2 }), given, {
          tolerance: 3e-5,
        }),
      4,
    ))

  it('depthwise: a group a channel, with a multiplier of 2', () =>
    holdsFor(
      realsOf([2, 3, 5], [6, 1, 3]),
      (given) => expectSound((x, w) => conv1d(x, w, { groups: 3 }), given, { tolerance: 3e-5 }),
      4,
    ))

  it('convTranspose1d: values and gradients', () =>
    holdsFor(
      realsOf([2, 4, 3], [4, 2, 3], [4]),
      (given) =>
        expectSound(
          (x, w, bias) => convTranspose1d(x, w, { bias, stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
          given,
          { tolerance: 3e-5 },
        ),
      4,
    ))

  it('pools: values and gradients', () =>
    holdsFor(
      realsOf([2, 2, 7]),
      (given) =>
        expectSound(
          (x) => [
            maxPool1d(x, 2),
            maxPool1d(x, 3, { stride: 2, padding: 1 }),
            avgPool1d(x, 3, { stride: 2, padding: 1 }),
            avgPool1d(x, 3, { stride: 1, padding: [1, 0], countIncludePad: false }),
          ],
          given,
        ),
      4,
    ))

  it('a stride-1 depthwise image convolution as wide as a register', () =>
    holdsFor(
      realsOf([1, 16, 4, 4], [16, 1, 3, 3]),
      (given) => expectAgreement((x, w) => conv2d(x, w, { groups: 16, padding: 1 }), given),
      3,
    ))

  it('names what does not fit', () => {
    expect(() => conv1d(of(3, 4), of(1, 3, 2))).toThrow(
      'conv1d: the input has shape [3, 4] but must be [batch, channels',
    )
    expect(() => conv1d(of(1, 3, 4), of(3, 2))).toThrow(
      'conv1d: the weight has shape [3, 2] but must be [out, in / groups',
    )
    expect(() => maxPool1d(of(3), 2)).toThrow('maxPool1d: the input has shape [3]')
  })
})
