import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeModule, instruction, signed, unsigned } from './encode.ts'

/** The format's own decoding rules (LEB128, section 5.2.2 of the specification). */
function decode(bytes: readonly number[], isSigned: boolean): number {
  let [value, bits] = [0n, 0n]
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << bits
    bits += 7n
  }
  const isNegative = isSigned && ((bytes.at(-1) ?? 0) & 0x40) !== 0
  return Number(isNegative ? value - (1n << bits) : value)
}

const isMinimal = (bytes: readonly number[]) =>
  bytes.length <= 5 && bytes.every((byte, i) => byte >= 0x80 === i < bytes.length - 1)

describe('LEB128', () => {
  it.each([
    [0, [0x00]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
  ])('unsigned %i', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes)
  })

  it.each([
    [0, [0x00]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-1, [0x7f]],
    [-64, [0x40]],
    [-123456, [0xc0, 0xbb, 0x78]],
  ])('signed %i', (value, bytes) => {
    expect(signed(value)).toEqual(bytes)
  })

  it('is read back by the rules of the format, in five bytes at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        expect(decode(unsigned(value), false)).toBe(value)
        expect(isMinimal(unsigned(value))).toBe(true)
      }),
    )
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (value) => {
        expect(decode(signed(value), true)).toBe(value)
        expect(isMinimal(signed(value))).toBe(true)
      }),
    )
  })
})

describe('a module', () => {
  it('is valid, imports a memory and runs', () => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    // memory[address..] = four times x
    const body = [
      ...instruction.localGet(0),
      ...instruction.localGet(1),
      ...instruction.f32x4Splat,
      ...instruction.localSet(2),
      ...instruction.localGet(2),
      ...instruction.v128Store,
    ]
    const bytes = encodeModule(['i32', 'f32'], ['v128'], body)
    expect(WebAssembly.validate(bytes)).toBe(true)
    const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports
    if (typeof run !== 'function') throw new Error('no function')
    run(8, 1.5)
    expect([...new Float32Array(memory.buffer, 0, 8)]).toEqual([0, 0, 1.5, 1.5, 1.5, 1.5, 0, 0])
  })

  it('takes a body of more than 127 bytes, whose sizes need two bytes', () => {
    const body = Array.from({ length: 100 }, () => [...instruction.localGet(0), ...instruction.localSet(0)]).flat()
    expect(WebAssembly.validate(encodeModule(['i32'], [], body))).toBe(true)
  })
})
