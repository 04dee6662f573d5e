import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { code, encodeModule, instruction as i, instantiate, loopBelow, signed, unsigned } from './encode.ts'

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
    // memory[address..] = x in four lanes
    const body = code(i.localGet(0), i.localGet(1), i.f32x4Splat, i.localTee(2), i.v128Store)
    const bytes = encodeModule(['i32', 'f32'], ['v128'], body)
    expect(WebAssembly.validate(bytes)).toBe(true)
    instantiate(bytes, memory)(8, 1.5)
    expect([...new Float32Array(memory.buffer, 0, 8)]).toEqual([0, 0, 1.5, 1.5, 1.5, 1.5, 0, 0])
  })

  it('takes a body of more than 127 bytes, whose sizes need two bytes', () => {
    const body = Array.from({ length: 100 }, () => [...i.localGet(0), ...i.localSet(0)]).flat()
    expect(WebAssembly.validate(encodeModule(['i32'], [], body))).toBe(true)
  })

  it.each([
    [0, 0],
    [1, 1],
    [16, 1],
    [17, 2],
    [160, 10],
  ])('loops while its index is below %i: %i turns of 16', (end, turns) => {
    const memory = new WebAssembly.Memory({ initial: 1 })
    const body = code(i.localGet(1), i.i32Const(-1), i.i32x4Splat, i.v128Store)
    instantiate(encodeModule(['i32'], ['i32'], loopBelow(1, 0, 16, body)), memory)(end)
    expect(new Int32Array(memory.buffer).indexOf(0)).toBe(4 * turns)
  })
})

/** What instructions leave of the vectors at addresses 0 and 16. */
function applied(first: readonly number[], second: readonly number[], ...instructions: (readonly number[])[]) {
  const memory = new WebAssembly.Memory({ initial: 1 })
  const words = new Int32Array(memory.buffer, 0, 12)
  words.set(first)
  words.set(second, 4)
  const load = (address: number) => code(i.i32Const(address), i.v128Load)
  const body = code(i.i32Const(32), load(0), load(16), ...instructions, i.v128StoreAt(0))
  instantiate(encodeModule([], [], body), memory)()
  return words.slice(8)
}
/** Of the vector at 16 alone. */
const drop = i.v128And
const ones = [-1, -1, -1, -1]

describe('instructions on whole numbers', () => {
  it.each([
    ['add', [i.i32x4Add], [11, -18, 0x7fffffff + 1 - 2 ** 32, -2]],
    ['xor', [i.v128Xor], [1 ^ 10, 2 ^ -20, 0x7fffffff ^ 1, 0]],
    ['greater, signed', [i.i32x4GreaterSigned], [0, -1, -1, 0]],
    ['shuffle', [i.i32x4Shuffle([0, 4, 3, 7])], [1, 10, -1, -1]],
  ])('%s', (_, instructions, expected) => {
    expect([...applied([1, 2, 0x7fffffff, -1], [10, -20, 1, -1], ...instructions)]).toEqual(expected)
  })

  it.each([
    ['shift left', [i.i32Const(8), i.i32x4ShiftLeft], [0x22334400, -256]],
    ['shift right, unsigned', [i.i32Const(8), i.i32x4ShiftRightUnsigned], [0x112233, 0xffffff]],
  ])('%s', (_, instructions, [a, b]) => {
    const shifted = applied(ones, [0x11223344, -1, 0x11223344, -1], drop, ...instructions)
    expect([...shifted]).toEqual([a, b, a, b])
  })

  it.each([
    [1, 0x22334411],
    [2, 0x33441122],
    [3, 0x44112233],
  ])('rotate left by %i bytes', (bytes, expected) => {
    const same = [0x11223344, 0, -1, 0x11223344]
    expect([...applied(same, same, i.i32x4RotateLeftBytes(bytes))]).toEqual([expected, 0, -1, expected])
  })
})

it('float64 are made of the first two whole numbers and become the first two float32', () => {
  const bits = applied(ones, [3, -16777215, 5, 6], drop, i.f64x2ConvertLowI32x4Signed, i.f32x4DemoteF64x2Zero)
  expect([...new Float32Array(bits.buffer)]).toEqual([3, -16777215, 0, 0])
})

it.each([
  ['smaller', i.f32x4PseudoMin, [1, -2, -Infinity, 4]],
  ['greater', i.f32x4PseudoMax, [2, -1, 3, Infinity]],
])('the %s of two float32', (_, instruction, expected) => {
  const bitsOf = (...values: number[]) => [...new Int32Array(Float32Array.from(values).buffer)]
  const bits = applied(bitsOf(1, -1, 3, 4), bitsOf(2, -2, -Infinity, Infinity), instruction)
  expect([...new Float32Array(bits.buffer)]).toEqual(expected)
})
