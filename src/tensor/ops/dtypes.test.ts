import { describe, expect, it } from 'vitest'
import { type Argument, expectAgreement, real, type TensorFunction, truth, whole } from '../../testing/check.ts'
import { allocate, type DType } from '../dtype.ts'
import { ShapeError } from '../shape.ts'
import * as ops from './index.ts'

const { add, argMax, concat, constant, div, equal, expand, gather, gemm, mul, pow, reduceMax, reduceMean } = ops

/** Ops on a `[2, 2]` tensor of any type: each type must work natively as in the reference, or be refused by the op. */
const uses: Readonly<Record<string, TensorFunction>> = {
  add: (x) => add(x, x),
  sub: (x) => ops.sub(x, x),
  mul: (x) => mul(x, x),
  div: (x) => div(x, x),
  pow: (x) => pow(x, x),
  maximum: (x) => ops.maximum(x, x),
  minimum: (x) => ops.minimum(x, x),
  equal: (x) => equal(x, x),
  greater: (x) => ops.greater(x, x),
  greaterOrEqual: (x) => ops.greaterOrEqual(x, x),
  less: (x) => ops.less(x, x),
  lessOrEqual: (x) => ops.lessOrEqual(x, x),
  logicalAnd: (x) => ops.logicalAnd(x, x),
  logicalOr: (x) => ops.logicalOr(x, x),
  logicalNot: (x) => ops.logicalNot(x),
  where: (x) => ops.where(constant(Uint8Array.of(1, 0), [2], 'bool'), x, x),
  clip: (x) => ops.clip(x, { min: 0, max: 1 }),
  exp: (x) => ops.exp(x),
  softmax: (x) => ops.softmax(x),
  reduceSum: (x) => ops.reduceSum(x),
  reduceMean: (x) => reduceMean(x),
  reduceMax: (x) => reduceMax(x),
  argMax: (x) => argMax(x),
  gather: (x) => gather(x, constant(Int32Array.of(1, 1), [2], 'int32')),
  oneHot: (x) => ops.oneHot(x, 3),
  reshape: (x) => ops.reshape(x, [4]),
  transpose: (x) => ops.transpose(x),
  expand: (x) => expand(x, [2, 2, 2]),
  concat: (x) => concat([x, x]),
  slice: (x) => ops.slice(x, { starts: [1], ends: [2] }),
  pad: (x) => ops.pad(x, { before: [1, 0], after: [0, 1], value: 1 }),
  matmul: (x) => ops.matmul(x, x),
  'matmul, transposed': (x) => ops.matmul(x, ops.transpose(x)),
  gemm: (x) => gemm(x, x),
  conv2d: (x) => ops.conv2d(ops.reshape(x, [1, 1, 2, 2]), ops.reshape(x, [1, 1, 2, 2])),
  maxPool2d: (x) => ops.maxPool2d(ops.reshape(x, [1, 1, 2, 2]), 2),
  avgPool2d: (x) => ops.avgPool2d(ops.reshape(x, [1, 1, 2, 2]), 2),
  channelMean: (x) => ops.channelMean(x),
  channelVariance: (x) => ops.channelVariance(x),
}

const dtypes: readonly DType[] = ['float32', 'int32', 'uint8', 'uint32', 'bool']

const values = (dtype: DType): Argument => {
  const data = allocate(dtype, 4)
  data.set(dtype === 'bool' ? [1, 0, 1, 1] : [1, 2, 3, 4])
  return { type: { dtype, shape: [2, 2] }, data }
}

describe.each(Object.entries(uses))('%s', (_, use) => {
  it.each(dtypes)('%s works as in the reference, or the op refuses it and says how to cast', async (dtype) => {
    try {
      use(constant(values(dtype).data, [2, 2], dtype))
    } catch (error) {
      expect(error).toBeInstanceOf(ShapeError)
      expect(String(error)).toMatch(new RegExp(`is ${dtype} but must be (float32|u?int32|uint8|bool| or )+; use cast`))
      return
    }
    await expectAgreement(use, [values(dtype)])
  })
})

it('float32 is taken by everything but logic and labels, int32 by what counts', () => {
  const taken = (dtype: DType) =>
    Object.entries(uses).flatMap(([name, use]) => {
      try {
        use(constant(values(dtype).data, [2, 2], dtype))
        return [name]
      } catch {
        return []
      }
    })
  const others = Object.keys(uses).filter((name) => !taken('float32').includes(name))
  expect(others).toEqual(['logicalAnd', 'logicalOr', 'logicalNot', 'oneHot'])
  expect(taken('int32')).toEqual(expect.arrayContaining(['add', 'equal', 'less', 'where', 'clip', 'pad', 'reduceSum']))
  expect(taken('bool')).toEqual(expect.arrayContaining(['equal', 'logicalAnd', 'gather', 'reshape', 'concat', 'slice']))
})

describe('numbers beside tensors', () => {
  it('take the tensor’s type', async () => {
    await expectAgreement((x) => [add(x, 2), ops.sub(1, x), ops.maximum(x, 0)], [whole([2], [-3, 4])])
    expect(add(2, 3).dtype).toBe('float32')
    await expectAgreement((x) => equal(x, 1), [truth([2], [0, 1])])
    await expectAgreement((x) => mul(x, 0.5), [real([1], [3])])
  })

  it('must fit it: nothing is rounded in silence', () => {
    const counts = constant(Int32Array.of(1), [1], 'int32')
    expect(() => mul(counts, 0.5)).toThrow(
      "the number 0.5 is not one of int32; cast the tensor beside it with cast(x, 'float32')",
    )
    expect(() => equal(constant(Uint8Array.of(1), [1], 'uint8'), 256)).toThrow('the number 256 is not one of uint8')
    expect(() => ops.clip(counts, { min: 0.5 })).toThrow('of an int32 tensor must be whole numbers')
    expect(() => ops.pad(counts, { before: [1], after: [0], value: 0.5 })).toThrow('pad: 0.5 is not one of int32')
  })
})
