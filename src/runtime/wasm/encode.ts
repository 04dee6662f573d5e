/**
 * The few parts of WebAssembly's binary format that a fused loop needs (https://webassembly.github.io/spec/core/binary/):
 * one function over one imported memory.
 */
export const valueType = { i32: 0x7f, f32: 0x7d, v128: 0x7b } as const
export type ValueType = keyof typeof valueType

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  do {
    const byte = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? byte : byte | 0x80)
  } while (rest !== 0)
  return bytes
}

/** Signed LEB128, as constants have it. */
export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (;;) {
    const byte = rest & 0x7f
    rest >>= 7
    if ((rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)) return [...bytes, byte]
    bytes.push(byte | 0x80)
  }
}

const simd = (opcode: number): number[] => [0xfd, ...unsigned(opcode)]
/** Alignment 2^0 and an offset: parameters of a network start at any multiple of four bytes. */
const at = (offset: number): number[] => [0, ...unsigned(offset)]

/** Instructions, by their names in the specification. */
export const instruction = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  end: [0x0b],
  branch: (depth: number) => [0x0c, ...unsigned(depth)],
  branchIf: (depth: number) => [0x0d, ...unsigned(depth)],
  localGet: (index: number) => [0x20, ...unsigned(index)],
  localSet: (index: number) => [0x21, ...unsigned(index)],
  i32Const: (value: number) => [0x41, ...signed(value)],
  f32Const: (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  i32GreaterOrEqualUnsigned: [0x4f],
  i32Add: [0x6a],
  i32Multiply: [0x6c],
  v128Load: [...simd(0x00), ...at(0)],
  v128Store: [...simd(0x0b), ...at(0)],
  f32x4Splat: simd(0x13),
  f32x4Equal: simd(0x41),
  f32x4Less: simd(0x43),
  f32x4Greater: simd(0x44),
  f32x4LessOrEqual: simd(0x45),
  f32x4GreaterOrEqual: simd(0x46),
  v128And: simd(0x4e),
  v128Or: simd(0x50),
  v128Bitselect: simd(0x52),
  f32x4Abs: simd(0xe0),
  f32x4Sqrt: simd(0xe3),
  f32x4Add: simd(0xe4),
  f32x4Sub: simd(0xe5),
  f32x4Mul: simd(0xe6),
  f32x4Div: simd(0xe7),
  f32x4Min: simd(0xe8),
  f32x4Max: simd(0xe9),
} as const

const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: readonly number[]): number[] => [id, ...unsigned(content.length), ...content]
const name = (text: string): number[] => vector([...new TextEncoder().encode(text)].map((byte) => [byte]))

/** A module that imports `env.memory` and exports one function `run` without a result. */
export function encodeModule(
  parameters: readonly ValueType[],
  locals: readonly ValueType[],
  body: readonly number[],
): Uint8Array<ArrayBuffer> {
  const type = [0x60, ...vector(parameters.map((kind) => [valueType[kind]])), ...vector([])]
  const code = [...vector(locals.map((kind) => [1, valueType[kind]])), ...body, ...instruction.end]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, vector([type])),
    ...section(2, vector([[...name('env'), ...name('memory'), 0x02, 0x00, ...unsigned(1)]])),
    ...section(3, vector([unsigned(0)])),
    ...section(7, vector([[...name('run'), 0x00, ...unsigned(0)]])),
    ...section(10, vector([[...unsigned(code.length), ...code]])),
  ])
}
