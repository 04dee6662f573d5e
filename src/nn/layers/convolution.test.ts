import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import { applied } from '../../testing/apply.ts'
import { fill } from '../../testing/golden/formula.ts'
import { conv2d, initialize, outputShape, stateDict } from '../index.ts'

/** One row of numbers under one kernel of one row. */
function row(x: readonly number[], kernel: readonly number[], dilation = 1): number[] {
  const layer = conv2d(1, [1, kernel.length], { padding: 'same', dilation: [1, dilation], bias: false })
  const weight = { shape: [1, 1, 1, kernel.length], data: Float32Array.from(kernel) }
  const variables = { parameters: { weight }, buffers: {} }
  return Array.from(applied(layer, variables, { shape: [1, 1, 1, x.length], data: x }).output.data)
}

describe("padding 'same'", () => {
  it('puts the odd zero after the row, as PyTorch does', () => {
    // torch.nn.functional.conv2d(x, w, padding='same') of PyTorch 1.13
    expect(row([1, 2, 3, 4], [1, 10])).toEqual([21, 32, 43, 4])
    expect(row([1, 2, 3, 4], [1, 10, 100, 1000])).toEqual([3210, 4321, 432, 43])
    expect(row([1, 2, 3, 4], [1, 10], 3)).toEqual([30, 41, 2, 3])
    expect(row([1, 2, 3, 4], [1, 10, 100])).toEqual([210, 321, 432, 43])
  })

  it('keeps height and width for any kernel and dilation', () => {
    const size = fc.integer({ min: 1, max: 5 })
    fc.assert(
      fc.property(size, size, size, size, size, (height, width, kernel, other, dilation) => {
        const layer = conv2d(2, [kernel, other], { padding: 'same', dilation })
        const variables = initialize(layer, key(0), [1, height, width])
        expect(outputShape(layer, variables, [3, 1, height, width])).toEqual([3, 2, height, width])
      }),
      { numRuns: 50 },
    )
  })

  it('cannot keep them with a stride', () => {
    expect(() => conv2d(2, 3, { padding: 'same', stride: [1, 2] })).toThrow(
      /^conv2d: padding 'same' needs stride 1; give the padding as a number/,
    )
  })
})

describe('weights', () => {
  it('have PyTorch’s shapes; a group sees its own channels only', () => {
    const shapes = (...of: Parameters<typeof conv2d>) =>
      Object.entries(stateDict(initialize(conv2d(...of), key(0), [6, 9, 9]))).map(([name, { shape }]) => [
        name,
        ...shape,
      ])
    expect(shapes(4, [3, 2])).toEqual([
      ['weight', 4, 6, 3, 2],
      ['bias', 4],
    ])
    expect(shapes(4, 3, { groups: 2, bias: false })).toEqual([['weight', 4, 3, 3, 3]])
    expect(shapes(12, 3, { groups: 6, bias: false })).toEqual([['weight', 12, 1, 3, 3]])
  })

  it('of two groups give what two convolutions of half the channels give', () => {
    const [x, weight] = [fill(4 * 25, 0.4, 1), fill(6 * 2 * 9, 1.7, 1)]
    const convolve = (channels: number, out: number, groups: number, from: ArrayLike<number>, w: Float32Array) =>
      applied(
        conv2d(out, 3, { groups, bias: false }),
        { parameters: { weight: { shape: [out, channels / groups, 3, 3], data: w } }, buffers: {} },
        { shape: [1, channels, 5, 5], data: from },
      ).output.data
    const halves = [0, 1].flatMap((half) => [
      ...convolve(2, 3, 1, x.subarray(half * 50, half * 50 + 50), weight.subarray(half * 54, half * 54 + 54)),
    ])
    expect([...convolve(4, 6, 2, x, weight)]).toEqual(halves)
  })

  it('that groups do not divide are refused', () => {
    const make = (channels: number, out: number) => () =>
      initialize(conv2d(out, 3, { groups: 2 }), key(0), [channels, 5, 5])
    expect(make(3, 4)).toThrow(/in 2 groups needs channels that 2 divides, and has 3 in, 4 out/)
    expect(make(4, 3)).toThrow(/has 4 in, 3 out/)
    expect(make(4, 4)).not.toThrow()
  })
})
