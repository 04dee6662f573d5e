import { describe, expect, it } from 'vitest'
import { holdsFor, realsOf } from '../../testing/arbitraries.ts'
import { evaluate, expectClose, expectSound } from '../../testing/check.ts'
import { at, forEachIndex, type NdArray, ndarray } from '../ndarray.ts'
import type { Shape } from '../shape.ts'
import { einsum, placeholder } from './index.ts'

const of = (...shape: number[]) => placeholder('x', { dtype: 'float32', shape })
const sizes: Readonly<Record<string, number>> = { b: 2, h: 2, i: 3, j: 2, k: 4, l: 3 }
const sizeOf = (label: string): number => sizes[label] ?? 1

/** The definition: a sum over all letters. */
function byDefinition(equation: string, inputs: readonly NdArray[]): NdArray {
  const [left = '', right = ''] = equation.split('->')
  const letters = [...new Set(left.replaceAll(',', ''))]
  const out = ndarray([...right].map(sizeOf))
  const flat = (term: string, index: readonly number[]) =>
    [...term].reduce((place, label) => place * sizeOf(label) + (index[letters.indexOf(label)] ?? 0), 0)
  forEachIndex(letters.map(sizeOf), (index) => {
    const product = left
      .split(',')
      .reduce((value, term, i) => value * at(inputs[i] ?? ndarray([]), flat(term, index)), 1)
    out.data[flat(right, index)] = at(out, flat(right, index)) + product
  })
  return out
}

describe('einsum', () => {
  it.each([
    'ij->ji',
    'ij->',
    'ij->j',
    'ii->i',
    'ii->',
    'iji->j',
    'iii->i',
    'i,i->',
    'i,j->ij',
    'ij,jk->ik',
    'bij,bjk->bik',
    'bij,jk->kib',
    'bhik,bhlk->bhil',
    'ij,ij->ij',
    'ij,ij->i',
    'ij,kl->ik',
    'b,bij->ij',
    ',ij->ji',
    'ij,jk,kl->il',
    'ij,bk,bjl->ik',
    'i,ij,j->',
    'bi,bj,bk->ijk',
    'iij,jk->ik',
  ])('%s: the definition, and gradients', (equation) => {
    const shapes: Shape[] = (equation.split('->')[0] ?? '').split(',').map((term) => [...term].map(sizeOf))
    return holdsFor(
      realsOf(...shapes),
      async (given) => {
        const [found] = evaluate((...inputs) => einsum(equation, ...inputs), given)
        const doubles = given.map(({ type, data }) => ({ shape: type.shape, data: Float64Array.from(data) }))
        const expected = byDefinition(equation, doubles)
        expectClose(found ?? expected, expected, 1e-12, equation)
        await expectSound((...inputs) => einsum(equation, ...inputs), given, { tolerance: 5e-5 })
      },
      2,
    )
  })

  it('without an arrow: letters that come once, in alphabetical order', () => {
    expect(einsum('kj, ji', of(4, 2), of(2, 3)).shape).toEqual([3, 4])
    expect(einsum('ii', of(3, 3)).shape).toEqual([])
  })

  it('names what does not fit', () => {
    expect(() => einsum('i.j->i', of(2, 3))).toThrow('einsum: "i.j->i" is no equation; write one letter an axis')
    expect(() => einsum('ij,jk->ik', of(2, 3))).toThrow('has 2 operands on the left, but 1 tensors came in')
    expect(() => einsum('i,i,i,i->i', of(2), of(2), of(2), of(2))).toThrow('at most 3')
    expect(() => einsum('ij->i', of(2))).toThrow('einsum: "ij" of "ij->i" does not fit [2]; write one letter an axis')
    expect(() => einsum('ij,jk->ik', of(2, 3), of(4, 2))).toThrow(
      'einsum: "j" of "ij,jk->ik" is 3 in one place and 4 in another',
    )
    for (const equation of ['ij->k', 'ij->ii'])
      expect(() => einsum(equation, of(2, 3))).toThrow('must come on the left, and once on the right')
  })
})
