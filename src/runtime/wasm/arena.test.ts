import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { makeArena } from './arena.ts'

describe('an arena', () => {
  it('lays sections on cache lines, apart, with room to read on to a multiple of four', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3000), { minLength: 1, maxLength: 8 }), (lengths) => {
        const wanted = Object.fromEntries(lengths.map((length, i) => [`section ${i}`, length]))
        const { memory, sections } = makeArena(wanted)
        let end = 0
        for (const [name, length] of Object.entries(wanted)) {
          const { address, view } = sections[name] ?? { address: Number.NaN, view: new Float32Array() }
          expect(view).toHaveLength(length)
          expect(view.buffer).toBe(memory.buffer)
          expect(view.byteOffset).toBe(address)
          expect(address % 64).toBe(0)
          expect(address).toBeGreaterThanOrEqual(end)
          end = address + Math.ceil(length / 4) * 16
        }
        expect(end).toBeLessThanOrEqual(memory.buffer.byteLength)
      }),
    )
  })

  it('starts at zero and has a fixed size: a memory that grew would detach the views', () => {
    const { memory, sections } = makeArena({ parameters: 5, gradients: 5 })
    expect([...sections.parameters.view, ...sections.gradients.view]).toEqual(Array(10).fill(0))
    expect(() => memory.grow(1)).toThrow()
  })

  it('refuses more than WebAssembly can address, saying how much was asked for', () => {
    const half = 2 ** 29 + 16
    expect(() => makeArena({ parameters: half, gradients: half })).toThrow(UsageError)
    expect(() => makeArena({ parameters: half, gradients: half, state: half })).toThrow(
      /need 6\.0 GB; 4 GB is the most/,
    )
  })
})
