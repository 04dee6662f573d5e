import { describe, expect, it } from 'vitest'
import { evaluate } from '../../testing/check.ts'
import { add, constant, full, ones, placeholder, tensor, zeros } from './index.ts'

const valuesOf = (x: ReturnType<typeof tensor>) => Array.from(evaluate(() => x, [])[0]?.data ?? [])

describe('tensor', () => {
  it.each([
    [5, [], [5]],
    [[], [0], []],
    [[1, 2, 3], [3], [1, 2, 3]],
    [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [3, 2],
      [1, 2, 3, 4, 5, 6],
    ],
    [
      [[[1]], [[2]]],
      [2, 1, 1],
      [1, 2],
    ],
  ])('%j has shape %j', (nested, shape, values) => {
    expect(tensor(nested).shape).toEqual(shape)
    expect(tensor(nested).dtype).toBe('float32')
    expect(valuesOf(tensor(nested))).toEqual(values)
  })

  it.each([
    [[[1, 2], [3]], 'tensor: a list of 1 stands where others have 2'],
    [[1, [2]], 'tensor: a list of 1 stands where others have a number'],
    [[[1], 2], 'tensor: the nested lists are not of equal depth'],
  ])('%j is no tensor', (nested, message) => {
    expect(() => tensor(nested)).toThrow(message)
  })
})

describe('constant', () => {
  it('keeps type and numbers', () => {
    const x = constant(Int32Array.of(1, 2, 3, 4, 5, 6), [2, 3], 'int32')
    expect([x.dtype, x.shape]).toEqual(['int32', [2, 3]])
    expect(valuesOf(x)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('names a length and an array that do not fit', () => {
    expect(() => constant(new Float32Array(5), [2, 3], 'float32')).toThrow(
      'constant: 5 numbers cannot have shape [2, 3]; it takes 6',
    )
    expect(() => constant(new Float32Array(1), [], 'int32')).toThrow('constant: a Float32Array does not hold int32')
    expect(() => constant(new Int32Array(1), [], 'uint32')).toThrow('constant: a Int32Array does not hold uint32')
  })

  it('filled ones', () => {
    expect(valuesOf(zeros([2, 2]))).toEqual([0, 0, 0, 0])
    expect(valuesOf(ones([3]))).toEqual([1, 1, 1])
    expect(valuesOf(full([], 2.5))).toEqual([2.5])
  })
})

it('a placeholder has no value, and says which it is', () => {
  const x = placeholder('x', { dtype: 'float32', shape: [2] })
  expect(() => x.operation.evaluate(x, [])).toThrow('the input "x" has no value outside a program')
  expect(add(x, 1).shape).toEqual([2])
})
