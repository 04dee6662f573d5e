import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { broadcastable, holdsFor, reals, realsOf, shapes, wholes } from '../../testing/arbitraries.ts'
import { evaluate, expectAgreement, expectSound, gradientOf, real, truth, whole } from '../../testing/check.ts'
import {
  cast,
  clip,
  constant,
  equal,
  greater,
  greaterOrEqual,
  less,
  lessOrEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  tensor,
  where,
} from './index.ts'

const comparisons = { equal, greater, greaterOrEqual, less, lessOrEqual }

describe('comparisons', () => {
  it.each(Object.entries(comparisons))('%s: floats and whole numbers, equal ones among them', (_, op) =>
    holdsFor(
      broadcastable(2).chain(([a = [], b = []]) => fc.tuple(wholes(a, -2, 2), wholes(b, -2, 2))),
      async (given) => {
        await expectAgreement(op, given)
        await expectAgreement(
          op,
          given.map(({ type, data }) => real(type.shape, data)),
        )
      },
    ),
  )

  it('say what they say', () => {
    const given = [real([3], [1, 2, 3]), real([], [2])]
    const answers = (op: typeof equal) => Array.from(evaluate(op, given)[0]?.data ?? [])
    expect(answers(equal)).toEqual([0, 1, 0])
    expect(answers(greater)).toEqual([0, 0, 1])
    expect(answers(greaterOrEqual)).toEqual([0, 1, 1])
    expect(answers(less)).toEqual([1, 0, 0])
    expect(answers(lessOrEqual)).toEqual([1, 1, 0])
  })

  it('logic: all four rows of the truth tables, broadcast', async () => {
    const given = [truth([2, 1], [0, 1]), truth([2], [0, 1])]
    await expectAgreement((a, b) => [logicalAnd(a, b), logicalOr(a, b), logicalNot(a)], given)
    const [and, or] = evaluate((a, b) => [logicalAnd(a, b), logicalOr(a, b)], given)
    expect(Array.from(and?.data ?? [])).toEqual([0, 0, 0, 1])
    expect(Array.from(or?.data ?? [])).toEqual([0, 1, 1, 1])
  })

  it('are constant almost everywhere: no gradient comes through', async () => {
    await expectSound((a, b) => cast(greater(a, b), 'float32'), [real([2], [1, 3]), real([2], [2, 2])])
  })
})

describe('where', () => {
  it('values and gradients, all three broadcast', () =>
    holdsFor(
      broadcastable(3).chain(([condition = [], a = [], b = []]) =>
        fc.tuple(wholes(condition, 0, 1), realsOf(a, b)).map(([bits, branches]) => ({
          condition: truth(condition, bits.data),
          branches,
        })),
      ),
      ({ condition, branches }) => expectSound((test, a, b) => where(test, a, b), [condition, ...branches]),
    ))

  it('takes numbers for branches', () =>
    expectSound(
      (test, a) => [where(test, a, 0), where(test, -1, a), where(test, 1, 0)],
      [truth([3], [1, 0, 1]), real([3], [1, 2, 3])],
    ))

  it('lets no NaN through from the branch not taken', () => {
    const given = [truth([2], [1, 0]), real([2], [1, 2]), real([2], [Number.NaN, 4])]
    expect(Array.from(evaluate((test, a, b) => where(test, a, b), given)[0]?.data ?? [])).toEqual([1, 4])
  })
})

describe('clip', () => {
  it('values and gradients, with either bound and both', () =>
    holdsFor(
      fc.tuple(
        shapes().chain((shape) => reals(shape)),
        fc.constantFrom({ min: -0.51 }, { max: 0.77 }, { min: -0.51, max: 0.77 }, {}),
      ),
      ([x, bounds]) => expectSound((t) => clip(t, bounds), [x]),
    ))

  it('passes the gradient at the bounds, as PyTorch does', async () => {
    const given = [real([4], [-1, 1, -1.1, 1.1])]
    const gradient = evaluate(
      gradientOf((x) => clip(x, { min: -1, max: 1 })),
      given,
    )
    expect(Array.from(gradient[0]?.data ?? []).map((value) => value !== 0)).toEqual([true, true, false, false])
    await expectAgreement(
      gradientOf((x) => clip(x, { min: -1, max: 1 })),
      given,
    )
  })

  it('limits whole numbers too', () =>
    expectAgreement((x) => clip(x, { min: -1, max: 2 }), [whole([4], [-5, 0, 2, 9])]))
})

describe('cast', () => {
  it('cuts towards zero and knows truth from 0', async () => {
    const given = [real([6], [-2.7, -0.5, 0, 0.5, 1, 200.9])]
    await expectAgreement((x) => [cast(x, 'int32'), cast(x, 'bool')], given)
    expect(Array.from(evaluate((x) => cast(x, 'int32'), given)[0]?.data ?? [])).toEqual([-2, -0, 0, 0, 1, 200])
    expect(Array.from(evaluate((x) => cast(x, 'bool'), given)[0]?.data ?? [])).toEqual([1, 1, 0, 1, 1, 1])
    await expectAgreement((x) => [cast(x, 'uint8'), cast(x, 'uint32')], [real([3], [0, 7.9, 255])])
  })

  it.each(['int32', 'uint8', 'uint32', 'bool'] as const)('from %s to all others', (dtype) => {
    const x = constant(
      dtype === 'int32' ? Int32Array.of(0, 1) : dtype === 'uint32' ? Uint32Array.of(0, 1) : Uint8Array.of(0, 1),
      [2],
      dtype,
    )
    return expectAgreement(
      () => [cast(x, 'float32'), cast(x, 'int32'), cast(x, 'uint8'), cast(x, 'uint32'), cast(x, 'bool')],
      [],
    )
  })

  it('to the same type is the tensor itself, and a detour over whole numbers has no gradient', async () => {
    const x = tensor([1, 2])
    expect(cast(x, 'float32')).toBe(x)
    await expectSound((t) => cast(cast(t, 'int32'), 'float32'), [real([2], [1.5, -2.5])])
  })
})

describe('what does not fit', () => {
  const flags = constant(Uint8Array.of(1, 0), [2], 'bool')
  const numbers = constant(Int32Array.of(1, 0), [2], 'int32')

  it.each(Object.entries(comparisons))('%s names the shapes', (name, op) => {
    expect(() => op(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(`${name}: shapes [2] and [3] do not broadcast`)
    expect(() => op(tensor([1, 2]), numbers)).toThrow(`${name}: mixes float32 and int32; cast one of them`)
  })

  it('logic wants bool', () => {
    expect(() => logicalAnd(tensor(1), tensor(1))).toThrow('and: the input is float32 but must be bool')
    expect(() => logicalOr(numbers, numbers)).toThrow('or: the input is int32 but must be bool')
    expect(() => logicalNot(numbers)).toThrow('not: the input is int32 but must be bool')
    expect(() => logicalAnd(flags, constant(new Uint8Array(3), [3], 'bool'))).toThrow('and: shapes [2] and [3]')
  })

  it('order is not defined on bool', () => {
    for (const op of [less, lessOrEqual, greater, greaterOrEqual]) expect(() => op(flags, flags)).toThrow(/is bool but/)
  })

  it('where', () => {
    expect(() => where(tensor([1, 0]), 1, 2)).toThrow('where: the condition is float32 but must be bool')
    expect(() => where(flags, tensor([1, 2, 3]), 0)).toThrow('where: shapes [2] and [3] and [] do not broadcast')
    expect(() => where(flags, tensor([1, 2]), numbers)).toThrow('where: mixes float32 and int32')
  })

  it('clip with bounds the wrong way round', () => {
    expect(() => clip(tensor([1]), { min: 2, max: 1 })).toThrow('clip: min 2 is above max 1')
  })
})
