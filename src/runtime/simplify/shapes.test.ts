import { describe, expect, it } from 'vitest'
import {
  concat,
  expand,
  flip,
  pad,
  reshape,
  type Shape,
  slice,
  type Tensor,
  tanh,
  transpose,
} from '../../tensor/index.ts'
import { simplified } from '../../testing/simplified.ts'

describe('shapes of shapes', () => {
  const cases: Readonly<Record<string, readonly [(x: Tensor) => Tensor, readonly string[], Shape?]>> = {
    'reshapes in a row': [(x) => reshape(reshape(reshape(x, [24]), [4, 6]), [6, 4]), ['reshape']],
    'a reshape there and back': [(x) => tanh(reshape(reshape(x, [24]), [2, 3, 4])), ['tanh']],
    'transposes in a row': [(x) => transpose(transpose(x, [1, 2, 0]), [1, 2, 0]), ['transpose']],
    'a transpose there and back': [(x) => tanh(transpose(transpose(x, [1, 2, 0]), [2, 0, 1])), ['tanh']],
    'a transpose of axes of size 1': [(x) => transpose(x, [1, 2, 0]), ['reshape'], [1, 3, 4]],
    'a transpose of others': [(x) => transpose(x, [1, 0, 2]), ['transpose'], [2, 3, 1]],
    'expands in a row': [(x) => expand(expand(x, [3, 4]), [2, 3, 4]), ['expand'], [1, 4]],
    'a reshape of an expand that drops and adds axes of size 1': [
      (x) => reshape(expand(tanh(x), [1, 3, 4]), [3, 1, 4]),
      ['tanh', 'reshape', 'expand'],
      [3, 1],
    ],
    'a reshape of an expand that merges axes': [
      (x) => reshape(expand(x, [2, 3, 4]), [6, 4]),
      ['expand', 'reshape'],
      [4],
    ],
    'slices in a row': [
      (x) =>
        slice(slice(x, { starts: [0, 1], ends: [2, 10], steps: [1, 2] }), {
          starts: [0, 1],
          ends: [2, 5],
          steps: [1, 3],
        }),
      ['slice'],
      [2, 12],
    ],
    'pads in a row': [
      (x) => pad(pad(x, { before: [1, 0], after: [0, 1], value: 2 }), { before: [0, 1], after: [1, 0], value: 2 }),
      ['pad'],
      [2, 3],
    ],
    'pads with different values': [
      (x) => pad(pad(x, { before: [1, 0], after: [0, 1] }), { before: [0, 1], after: [1, 0], value: 2 }),
      ['pad', 'pad'],
      [2, 3],
    ],
    'flips there and back': [(x) => tanh(flip(flip(x, [0, 1]), [0, 1])), ['tanh']],
    'flips of other axes': [(x) => flip(flip(x, [0]), [1]), ['flip', 'flip']],
  }
  it.each(Object.entries(cases))('%s', (_, [fn, left, shape = [2, 3, 4]]) => {
    expect(simplified(fn, shape)).toEqual(left)
  })
})

describe('joins of joins', () => {
  it('along one axis are one', () => {
    expect(simplified((x, y) => concat([concat([x, y]), concat([y, x])]), [2], [3])).toEqual(['concat'])
    expect(simplified((x, y) => concat([concat([x, y]), concat([x, y])], 1), [2, 2], [3, 2])).toEqual([
      'concat',
      'concat',
    ])
  })
})
