import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcastable, holdsFor, realsOf, size } from '../../testing/arbitraries.ts'
import { evaluate, expectSound, real, whole } from '../../testing/check.ts'
import { gemm, matmul, placeholder, swapLastAxes, transpose } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const sizes = fc.tuple(size(4), size(4), size(4))

describe('matmul', () => {
  const batches = fc.tuple(broadcastable(2, { maxRank: 2 }), sizes)

  it('values and gradients, batches broadcast', () =>
    holdsFor(
      batches.chain(([[a = [], b = []], [n, k, m]]) => realsOf([...a, n, k], [...b, k, m])),
      (given) => expectSound(matmul, given),
      20,
    ))

  // The native lowering looks through swaps of the last two axes.
  it('transposed operands, on either side and both', () =>
    holdsFor(
      batches.chain(([[a = [], b = []], [n, k, m]]) =>
        fc.tuple(realsOf([...a, k, n], [...b, k, m]), realsOf([...a, n, k], [...b, m, k])),
      ),
      async ([left, right]) => {
        await expectSound((a, b) => matmul(swapLastAxes(a), b), left)
        await expectSound((a, b) => matmul(a, swapLastAxes(b)), right)
        await expectSound(
          (a, b, c, d) => [matmul(swapLastAxes(a), swapLastAxes(d)), transpose(c), b],
          [...left, ...right],
        )
      },
      8,
    ))

  it('a transposition that moves the batch is not looked through', () =>
    holdsFor(
      fc.tuple(size(3), size(3), size(3)).chain(([b, n, k]) => realsOf([n, b, k], [b, k, 2])),
      (given) => expectSound((x, y) => matmul(transpose(x, [1, 0, 2]), y), given),
      5,
    ))

  it('is the matrix product', () => {
    const [product] = evaluate(matmul, [real([2, 2], [1, 2, 3, 4]), real([2, 1], [10, 100])])
    expect(product?.shape).toEqual([2, 1])
    expect(Array.from(product?.data ?? [])).toEqual([210, 430])
  })

  it.each([
    [
      [2, 3],
      [4, 5],
    ],
    [[3], [3, 2]],
    [[2, 3], [3]],
  ])('%j and %j do not fit', (a, b) => {
    expect(() => matmul(of(...a), of(...b))).toThrow(
      `matMul: [${a.join(', ')}] and [${b.join(', ')}] do not fit: both need at least 2 axes, and the last axis of the ` +
        `first (${a.at(-1)}) must equal the second-to-last of the second (${b.at(-2)})`,
    )
  })

  it('names batches and types that do not fit', () => {
    expect(() => matmul(of(2, 1, 3), of(4, 3, 1))).toThrow('matMul: shapes [2] and [4] do not broadcast')
    expect(() => evaluate(matmul, [whole([1, 1], [1]), whole([1, 1], [1])])).toThrow(
      'matMul: the input is int32 but must be float32',
    )
  })
})

describe('gemm', () => {
  const flags = fc.record({ transA: fc.boolean(), transB: fc.boolean() })

  it.each([
    { transA: false, transB: false },
    { transA: false, transB: true },
    { transA: true, transB: false },
    { transA: true, transB: true },
  ])('values and gradients with %j', ({ transA, transB }) =>
    holdsFor(
      sizes.chain(([n, k, m]) => realsOf(transA ? [k, n] : [n, k], transB ? [m, k] : [k, m])),
      (given) => expectSound((a, b) => gemm(a, b, { transA, transB }), given),
      6,
    ),
  )

  it('biases of every shape that broadcasts', () =>
    holdsFor(
      fc.tuple(sizes, flags, fc.integer({ min: 0, max: 5 })).chain(([[n, k, m], { transA, transB }, which]) => {
        const bias = [[], [1], [m], [1, m], [n, 1], [n, m]][which] ?? []
        return fc.tuple(
          fc.constant({ transA, transB }),
          realsOf(transA ? [k, n] : [n, k], transB ? [m, k] : [k, m], bias),
        )
      }),
      ([options, given]) => expectSound((a, b, bias) => gemm(a, b, { ...options, bias }), given),
      25,
    ))

  it('names what does not fit, as it is after transposing', () => {
    expect(() => gemm(of(2, 3), of(4, 5))).toThrow(
      'gemm: [2, 3] and [4, 5] do not fit: both must be matrices, and the columns of the first (3) must equal the rows of ' +
        'the second (4)',
    )
    expect(() => gemm(of(2, 3), of(3, 4), { transA: true })).toThrow('gemm: [3, 2] and [3, 4] do not fit')
    expect(() => gemm(of(1, 2, 3), of(3, 4))).toThrow('gemm: [1, 2, 3] and [3, 4] do not fit')
    expect(() => gemm(of(2, 3), of(3, 4), { bias: of(3) })).toThrow('gemm: shapes [3] and [2, 4] do not broadcast')
    expect(() => gemm(of(2, 3), of(3, 4), { bias: of(1, 2, 4) })).toThrow(
      'gemm: a bias of shape [1, 2, 4] does not broadcast to [2, 4]',
    )
  })
})
