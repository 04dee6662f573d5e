import { describe, expect, it } from 'vitest'
import { leavesOf, mapLeaves } from './tree.ts'

const isNumber = (value: unknown): value is number => typeof value === 'number'
const model = { layers: [{ weight: 1, bias: 2 }, { weight: 3 }], scale: 4, none: {}, empty: [] as const }

describe('leaves', () => {
  it('come in order, with their paths', () => {
    expect(leavesOf(model, isNumber)).toEqual([
      { path: 'layers.0.weight', leaf: 1 },
      { path: 'layers.0.bias', leaf: 2 },
      { path: 'layers.1.weight', leaf: 3 },
      { path: 'scale', leaf: 4 },
    ])
    expect(leavesOf(7, isNumber)).toEqual([{ path: '', leaf: 7 }])
  })

  it('are replaced, and the nesting stays', () => {
    const replaced = mapLeaves(model, isNumber, (leaf, path) => `${path}=${leaf}`)
    expect(replaced).toEqual({
      layers: [{ weight: 'layers.0.weight=1', bias: 'layers.0.bias=2' }, { weight: 'layers.1.weight=3' }],
      scale: 'scale=4',
      none: {},
      empty: [],
    })
    // The type follows the nesting too.
    const text: string = replaced.scale
    expect(text).toBe('scale=4')
    expect(mapLeaves(7, isNumber, String)).toBe('7')
  })

  it.each([
    [{ a: { b: 'text' } }, '"a.b" holds text, which is neither a tensor nor a record or list of tensors'],
    [[1, undefined], '"1" holds undefined, which is neither'],
    [null, '"" holds null, which is neither'],
    [{ a: new Float64Array(1e6) }, '"a" holds a Float64Array, which is neither'],
  ])('what is no leaf is named with its path (%#)', (tree, message) => {
    expect(() => leavesOf(tree, isNumber)).toThrow(message)
    expect(() => mapLeaves(tree, isNumber, String)).toThrow(message)
  })
})
