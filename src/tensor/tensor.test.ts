import { describe, expect, it } from 'vitest'
import { allocate, type DType, holds, isTypedArray } from './dtype.ts'
import { add, conv2d, gemm, matmul, mul, placeholder, tensor } from './ops/index.ts'
import { defineOperation, operationTable } from './tensor.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })

describe('tensors', () => {
  it('are made after what they are made from', () => {
    const a = tensor(1)
    const b = add(a, mul(a, 2))
    expect(b.inputs.every((input) => input.id < b.id)).toBe(true)
    expect(b.operation).toBe(operationTable.get('add'))
  })

  it('without a runtime have no numbers, and the error says what to import', async () => {
    await expect(tensor(1).data()).rejects.toThrow('no runtime is loaded: import "assay" or "assay/runtime"')
  })

  it('count their multiply-accumulates', () => {
    const macs = (x: ReturnType<typeof of>) => x.operation.macs(x)
    expect(macs(matmul(of(2, 3, 4), of(4, 5)))).toBe(2 * 3 * 5 * 4)
    expect(macs(gemm(of(4, 3), of(5, 4), { transA: true, transB: true }))).toBe(3 * 5 * 4)
    expect(macs(conv2d(of(2, 4, 5, 5), of(6, 2, 3, 3), { groups: 2 }))).toBe(2 * 6 * 3 * 3 * (2 * 9))
    expect(macs(add(of(2), of(2)))).toBe(0)
  })
})

describe('the op table', () => {
  const row = {
    name: 'tested',
    infer: () => ({ dtype: 'float32', shape: [] }) as const,
    reference: () => ({ shape: [], data: new Float64Array(1) }),
  }

  it('takes a name once', () => {
    expect(defineOperation(row).name).toBe('tested')
    expect(() => defineOperation(row)).toThrow('the op table has a row named tested already')
  })

  it('an op knows its own tensors’ attributes alone', () => {
    const [first, second] = [defineOperation({ ...row, name: 'first' }), defineOperation({ ...row, name: 'second' })]
    const made = first.apply([], { rate: 3 })
    expect(first.attributesOf(made)).toEqual({ rate: 3 })
    expect(first.describe(made)).toEqual({ rate: 3 })
    expect(() => second.attributesOf(made)).toThrow('a tensor of first is not one of second')
    expect(() => first.evaluateOnHost(made, [], new Float32Array(1))).toThrow('first is not made on the host')
    expect([first.differentiable, first.isHost]).toEqual([false, false])
    expect(first.pullback(made, made)).toEqual([])
  })
})

describe('element types', () => {
  it.each<[DType, unknown]>([
    ['float32', Float32Array],
    ['int32', Int32Array],
    ['uint32', Uint32Array],
    ['uint8', Uint8Array],
    ['bool', Uint8Array],
  ])('%s', (dtype, arrayType) => {
    const data = allocate(dtype, 3)
    expect(data.constructor).toBe(arrayType)
    expect(Array.from(data)).toEqual([0, 0, 0])
    expect(holds(dtype, data)).toBe(true)
    expect(holds(dtype === 'int32' ? 'float32' : 'int32', data)).toBe(false)
    expect(isTypedArray(data)).toBe(true)
    expect(isTypedArray(new Float64Array(1))).toBe(false)
  })
})
