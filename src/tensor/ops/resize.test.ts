import fc from 'fast-check'
import { expect, it } from 'vitest'
import { holdsFor, realsOf, size } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, real } from '../../testing/check.ts'
import { placeholder, resize } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

it.each(['nearest', 'bilinear'] as const)('%s: values and gradients', (mode) =>
  holdsFor(
    fc.tuple(realsOf([2, 2, 3, 2]), fc.tuple(size(7), size(7)), fc.constantFrom(2, 0.5, 1.5, 4 / 3)),
    ([given, to, scale]) =>
      expectSound((x) => [resize(x, { size: to, mode }), resize(x, { scale, mode })], given, { tolerance: 3e-5 }),
    8,
  ),
)

it('doubles a row, and leaves a constant map constant', () => {
  const row = (mode: 'nearest' | 'bilinear') =>
    Array.from(evaluate((x) => resize(x, { scale: [1, 2], mode }), [real([1, 1, 1, 2], [0, 4])])[0]?.data ?? [])
  expect(row('nearest')).toEqual([0, 0, 4, 4])
  expect(row('bilinear')).toEqual([0, 1, 3, 4])
  const nearest = (scale: number, ...data: number[]) =>
    Array.from(evaluate((x) => resize(x, { scale: [1, scale] }), [real([1, 1, 1, data.length], data)])[0]?.data ?? [])
  // torch.nn.functional.interpolate(torch.tensor([[[[1., 2, 3]]]]), scale_factor=(1, 2.3)) and so on
  expect(nearest(2.3, 1, 2, 3)).toEqual([1, 1, 2, 2, 3, 3])
  expect(nearest(3.4, 1, 2)).toEqual([1, 1, 1, 1, 2, 2])
  expect(nearest(1.2, 1, 2, 3)).toEqual([1, 2, 3])
  const [flat] = evaluate(
    (x) => resize(x, { size: [5, 7], mode: 'bilinear' }),
    [real([1, 1, 2, 3], [3, 3, 3, 3, 3, 3])],
  )
  for (const value of flat?.data ?? []) expect(value).toBeCloseTo(3, 6)
})

it('names what does not fit', () => {
  expect(() => resize(of(2, 3), { scale: 2 })).toThrow('resize: the input has shape [2, 3] but must be [batch')
  expect(() => resize(of(1, 1, 2, 2), {})).toThrow('resize: give either a size or a scale')
  expect(() => resize(of(1, 1, 2, 2), { size: 1, scale: 1 })).toThrow('resize: give either a size or a scale')
  expect(() => resize(of(1, 1, 2, 2), { scale: 0.3 })).toThrow('resize: a 2×2 map cannot become 0×0')
})
