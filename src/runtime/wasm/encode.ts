/**
 * The few parts of WebAssembly's binary format that a fused loop needs (https://webassembly.github.io/spec/core/binary/):
 * one function over one imported memory.
 */
export const valueType = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const
export type ValueType = keyof typeof valueType

/** Instructions as bytes. */
export type Code = readonly number[]

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

/** The bytes are numbered through both vectors, 0 to 31. */
const shuffle = (bytes: readonly number[]): number[] => [...simd(0x0d), ...bytes]
type Lanes = readonly [number, number, number, number]

/** Instructions, by their names in the specification. */
export const instruction = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  end: [0x0b],
  branch: (depth: number) => [0x0c, ...unsigned(depth)],
  branchIf: (depth: number) => [0x0d, ...unsigned(depth)],
  localGet: (index: number) => [0x20, ...unsigned(index)],
  localSet: (index: number) => [0x21, ...unsigned(index)],
  localTee: (index: number) => [0x22, ...unsigned(index)],
  i32Const: (value: number) => [0x41, ...signed(value)],
  f32Const: (value: number) => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)],
  i32GreaterUnsigned: [0x4b],
  i32GreaterOrEqualUnsigned: [0x4f],
  i32Add: [0x6a],
  i32Multiply: [0x6c],
  i32And: [0x71],
  i32Xor: [0x73],
  v128Load: [...simd(0x00), ...at(0)],
  /** Two float32 from memory; the upper half is 0. */
  v128Load64Zero: (offset: number) => [...simd(0x5d), ...at(offset)],
  v128Store: [...simd(0x0b), ...at(0)],
  v128StoreAt: (offset: number) => [...simd(0x0b), ...at(offset)],
  v128Store32Lane: (offset: number, lane: number) => [...simd(0x5a), ...at(offset), lane],
  v128ConstI32x4: (lanes: Lanes) => [...simd(0x0c), ...new Uint8Array(Int32Array.from(lanes).buffer)],
  /** Takes lanes 0 to 3 from the first vector on the stack and 4 to 7 from the second. */
  i32x4Shuffle: (lanes: Lanes) => shuffle(lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte))),
  /** Rotates every lane by whole bytes: one instruction of the machine instead of three. */
  i32x4RotateLeftBytes: (bytes: number) =>
    shuffle([0, 1, 2, 3].flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + ((byte + 4 - bytes) % 4)))),
  i32x4Splat: simd(0x11),
  f32x4Splat: simd(0x13),
  f64x2Splat: simd(0x14),
  i32x4GreaterSigned: simd(0x3b),
  f32x4Equal: simd(0x41),
  f32x4Less: simd(0x43),
  f32x4Greater: simd(0x44),
  f32x4LessOrEqual: simd(0x45),
  f32x4GreaterOrEqual: simd(0x46),
  v128And: simd(0x4e),
  v128Or: simd(0x50),
  v128Xor: simd(0x51),
  v128Bitselect: simd(0x52),
  /** Two float64 become the first two lanes, the others 0. */
  f32x4DemoteF64x2Zero: simd(0x5e),
  i32x4ShiftLeft: simd(0xab),
  i32x4ShiftRightUnsigned: simd(0xad),
  i32x4Add: simd(0xae),
  f32x4Abs: simd(0xe0),
  f32x4Sqrt: simd(0xe3),
  f32x4Add: simd(0xe4),
  f32x4Sub: simd(0xe5),
  f32x4Mul: simd(0xe6),
  f32x4Div: simd(0xe7),
  f32x4Min: simd(0xe8),
  f32x4Max: simd(0xe9),
  /** min and max that take the first where the second is not smaller or greater: one instruction of the machine. */
  f32x4PseudoMin: simd(0xea),
  f32x4PseudoMax: simd(0xeb),
  /** The first two float32 become float64. */
  f64x2PromoteLowF32x4: simd(0x5f),
  f64x2Add: simd(0xf0),
  f64x2Mul: simd(0xf2),
  /** The first two lanes become float64. */
  f64x2ConvertLowI32x4Signed: simd(0xfe),
} as const

const nothing: number[] = []
/** Instructions, or any bytes, one part after another. (`flat` would take ten times as long.) */
export const code = (...parts: readonly Code[]): number[] => nothing.concat(...parts)

/** Repeats `body` while local `index` is below local `end`, adding `step` to it each time; both are unsigned. */
export const loopBelow = (index: number, end: number, step: number, body: Code): number[] =>
  code(
    ...[instruction.block, instruction.loop],
    ...[instruction.localGet(index), instruction.localGet(end)],
    ...[instruction.i32GreaterOrEqualUnsigned, instruction.branchIf(1)],
    body,
    ...[instruction.localGet(index), instruction.i32Const(step), instruction.i32Add, instruction.localSet(index)],
    ...[instruction.branch(0), instruction.end, instruction.end],
  )

const vector = (items: readonly Code[]): number[] => code(unsigned(items.length), ...items)
const section = (id: number, content: Code): number[] => code([id], unsigned(content.length), content)
const name = (text: string): number[] => vector([...new TextEncoder().encode(text)].map((byte) => [byte]))

/** A module that imports `env.memory` and exports one function `run` without a result. */
export function encodeModule(
  parameters: readonly ValueType[],
  locals: readonly ValueType[],
  body: Code,
): Uint8Array<ArrayBuffer> {
  const type = code([0x60], vector(parameters.map((kind) => [valueType[kind]])), vector([]))
  const content = code(vector(locals.map((kind) => [1, valueType[kind]])), body, instruction.end)
  return Uint8Array.from(
    code(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, vector([type])),
      section(2, vector([code(name('env'), name('memory'), [0x02, 0x00], unsigned(1))])),
      section(3, vector([unsigned(0)])),
      section(7, vector([code(name('run'), [0x00], unsigned(0))])),
      section(10, vector([code(unsigned(content.length), content)])),
    ),
  )
}

/** The function of an encoded module, over its memory. */
export function instantiate(
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): (...values: readonly number[]) => void {
  const { run } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports
  if (typeof run !== 'function') throw new Error('the encoded module exports no function')
  return (...values) => {
    run(...values)
  }
}
