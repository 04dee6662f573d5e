import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { instantiate } from '../runtime/wasm/encode.ts'
import { type Conversion, plainDraw, simdDraw } from './draw.ts'
import { dropoutMaskConversion } from './dropoutMask.ts'
import { encodeThreefry } from './kernel.ts'
import { key } from './key.ts'
import { threefry2x32 } from './threefry.ts'
import { uniformConversion } from './uniform.ts'

interface Case {
  readonly name: string
  readonly conversion?: Conversion<Float32Array>
  readonly scalars: readonly number[]
}

const cases: readonly Case[] = [
  { name: 'words', scalars: [] },
  { name: 'uniform on [0, 1)', conversion: uniformConversion, scalars: [0, 2 ** -24, 0, 1 - 2 ** -24] },
  {
    name: 'uniform on [-0.3, 0.7)',
    conversion: uniformConversion,
    scalars: [-0.3, 2 ** -24, Math.fround(-0.3), Math.fround(0.7)],
  },
  { name: 'dropout masks', conversion: dropoutMaskConversion, scalars: [5_033_164, 1 / 0.7] },
]

/** Compares all bits, those of a word before the numbers and of one after them included: they stay as they are. */
function expectSame({ conversion, scalars }: Case, seed: number, length: number): void {
  const drawn = [plainDraw(conversion), simdDraw(conversion)].map((draw) => {
    const room = new Float32Array(length + 2)
    const words = new Uint32Array(room.buffer).fill(7)
    draw?.(key(seed), room.subarray(1, length + 1), ...scalars)
    expect([words.at(0), words.at(-1)]).toEqual([7, 7])
    return words
  })
  const [plain, simd] = drawn
  expect(length === 0 || plain?.subarray(1, -1).some((word) => word !== 7)).toBe(true)
  expect(plain?.findIndex((word, i) => word !== simd?.[i])).toBe(-1)
}

describe.each(cases)('$name: SIMD gives the bits of plain JavaScript', (one) => {
  const aligned = [0, 2, 4, 8, 16, 32, 64, 512, 4096, 8192, 12_288]
  const lengths = new Set(aligned.flatMap((n) => [n - 1, n, n + 1]).filter((n) => n >= 0))
  test.each([...lengths, 200_003])('of %i numbers', (length) => {
    expectSame(one, 2 ** 52 + 17, length)
  })

  test('of any key', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(300), (seed, length) => {
        expectSame(one, seed, length)
      }),
    )
  })
})

test('the loop knows Random123’s answers, and goes on from any counter of any stream', () => {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const words = new Uint32Array(memory.buffer)
  const generate = instantiate(encodeThreefry(), memory)
  generate(0x13198a2e, 0x03707344, 0x85a308d3, 0x243f6a88, 8)
  expect([...words.subarray(0, 2)]).toEqual([0xc4923a9c, 0x483df7a0])
  generate(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 8)
  expect([...words.subarray(0, 2)]).toEqual([0x1cb996fc, 0xbb002be7])
  const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })
  fc.assert(
    fc.property(word, word, word, word, fc.nat(40), (key0, key1, stream, counter, blocks) => {
      generate(key0, key1, stream, counter, blocks * 8)
      const expected = Array.from({ length: blocks }, (_, i) => threefry2x32(key0, key1, (counter + i) >>> 0, stream))
      expect([...words.subarray(0, 2 * blocks)]).toEqual(expected.flat())
    }),
  )
})

test('the module is one that any page may compile at once', () => {
  expect(encodeThreefry().length).toBeLessThan(4096)
})

describe('where WebAssembly has no SIMD', () => {
  afterEach(() => {
    vi.restoreAllMocks()
    vi.resetModules()
  })

  test('plain JavaScript gives the same numbers', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    const compiled = vi.spyOn(WebAssembly, 'Instance')
    vi.resetModules()
    const without = await import('./draw.ts')
    expect(without.simdDraw()).toBeUndefined()
    const [expected, found] = [new Float32Array(5000), new Float32Array(5000)]
    plainDraw(uniformConversion)(key(3), expected, 0, 2 ** -24, 0, 1)
    without.makeDraw(uniformConversion)(key(3), found, 0, 2 ** -24, 0, 1)
    expect(found).toEqual(expected)
    expect(compiled).not.toHaveBeenCalled()
  })
})

test('the numbers outlive the next draw', () => {
  const draw = simdDraw()
  const [first, again, other] = [1, 2, 3].map(() => new Uint32Array(9000))
  if (!draw || !first || !again || !other) throw new Error('no draw')
  draw(key(1), first)
  draw(key(2), other)
  draw(key(1), again)
  expect(first).toEqual(again)
  expect(other).not.toEqual(first)
})
