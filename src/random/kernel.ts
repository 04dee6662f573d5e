import { type Code, code, encodeModule, instruction as i, loopBelow, type ValueType } from '../runtime/wasm/encode.ts'
import { PARITY } from './threefry.ts'

/** Rotations of the four rounds between two additions of the key. */
const ROTATIONS = { odd: [13, 15, 26, 6], even: [17, 29, 16, 24] }
const ADDITIONS = [1, 2, 3, 4, 5]

const LANES = 4
/**
 * Vectors that go through the rounds side by side, because the rounds of one wait for each other. For 0.8 M words 1, 2, 3, 4
 * and 8 took 1.9, 1.6, 1.3, 1.2 and 1.3 ms; with four the module stays below the 4 kB that every page compiles at once.
 */
const GROUPS = 4
/** Words of one turn of the loop. */
const TURN = GROUPS * LANES * 2

/**
 * A WebAssembly module that writes the words of {@link fillBlocks} to its memory, from address 0 on, four blocks a vector.
 * Its function takes the key's two words, the stream, the first counter, and a length in bytes, which it rounds up to whole
 * turns.
 */
export function encodeThreefry(): Uint8Array<ArrayBuffer> {
  const [KEY0, KEY1, STREAM, FIRST, END] = [0, 1, 2, 3, 4]
  const parameters: ValueType[] = ['i32', 'i32', 'i32', 'i32', 'i32']
  const locals: ValueType[] = []
  const local = (type: ValueType): number => parameters.length + locals.push(type) - 1
  const [address, parity] = [local('i32'), local('i32')]
  const before = code(
    ...[i.localGet(KEY0), i.localGet(KEY1), i.i32Xor],
    ...[i.i32Const(PARITY), i.i32Xor, i.localSet(parity)],
  )
  /** A vector that is computed before the loop. */
  const once = (...parts: readonly Code[]): number => {
    const index = local('v128')
    before.push(...code(...parts), ...i.localSet(index))
    return index
  }
  const schedule = [KEY0, KEY1, parity].map((part) => ({ part, vector: once(i.localGet(part), i.i32x4Splat) }))
  const additions = ADDITIONS.map((k) => {
    const [toX, toY] = [schedule[k % 3], schedule[(k + 1) % 3]]
    if (toX === undefined || toY === undefined) throw new Error('a key has three parts')
    return { toX: toX.vector, toY: once(i.localGet(toY.part), i.i32Const(k), i.i32Add, i.i32x4Splat) }
  })
  const four = once(i.i32Const(LANES), i.i32x4Splat)
  const firstY = once(i.localGet(STREAM), i.localGet(KEY1), i.i32Add, i.i32x4Splat)
  // Counters, with the key added.
  const nextX = once(
    ...[i.localGet(FIRST), i.localGet(KEY0), i.i32Add, i.i32x4Splat],
    ...[i.v128ConstI32x4([0, 1, 2, 3]), i.i32x4Add],
  )

  const groups = Array.from({ length: GROUPS }, (_, g) => ({ g, x: local('v128'), y: local('v128') }))
  const inEach = (instructions: (group: (typeof groups)[number]) => Code): Code => code(...groups.map(instructions))
  const start = inEach(({ x, y }) =>
    code(
      ...[i.localGet(nextX), i.localTee(x), i.localGet(four), i.i32x4Add, i.localSet(nextX)],
      ...[i.localGet(firstY), i.localSet(y)],
    ),
  )
  const rounds = additions.flatMap(({ toX, toY }, k) =>
    code(
      ...ROTATIONS[k % 2 === 0 ? 'odd' : 'even'].flatMap((bits) => [
        inEach(({ x, y }) => add(x, y)),
        inEach(({ x, y }) => code(rotated(y, bits), i.localGet(x), i.v128Xor, i.localSet(y))),
      ]),
      inEach(({ x, y }) => code(add(x, toX), add(y, toY))),
    ),
  )
  // The two words of a block are neighbours.
  const neighbours = [i.i32x4Shuffle([0, 4, 1, 5]), i.i32x4Shuffle([2, 6, 3, 7])]
  const stores = inEach(({ g, x, y }) =>
    neighbours.flatMap((shuffle, half) =>
      code(i.localGet(address), i.localGet(x), i.localGet(y), shuffle, i.v128StoreAt(16 * (2 * g + half))),
    ),
  )
  const loop = loopBelow(address, END, TURN * 4, code(start, rounds, stores))
  return encodeModule(parameters, locals, code(before, loop))
}

const add = (to: number, what: number): Code => code(i.localGet(to), i.localGet(what), i.i32x4Add, i.localSet(to))

/** Leaves a vector on the stack with its lanes rotated to the left. */
const rotated = (vector: number, bits: number): Code =>
  bits % 8 === 0
    ? code(i.localGet(vector), i.localGet(vector), i.i32x4RotateLeftBytes(bits / 8))
    : code(
        ...[i.localGet(vector), i.i32Const(bits), i.i32x4ShiftLeft],
        ...[i.localGet(vector), i.i32Const(32 - bits), i.i32x4ShiftRightUnsigned],
        i.v128Or,
      )

/** A number that a conversion is given once and that its instructions see in every lane. */
export type ScalarType = 'i32' | 'f32' | 'f64'

/** What numbers of 32 bits become of words. */
export interface SimdConversion {
  readonly scalars: readonly ScalarType[]
  /**
   * @param word local with four words, which may be overwritten
   * @param scalars locals, each scalar in all lanes
   * @returns instructions that leave four numbers on the stack
   */
  readonly simd: (word: number, ...scalars: number[]) => readonly Code[]
}

/** A WebAssembly module that converts words in place. Its function takes a length in bytes, rounded up to 16, and the scalars. */
export function encodeConversion({ scalars, simd }: SimdConversion): Uint8Array<ArrayBuffer> {
  const [END, FIRST_SCALAR] = [0, 1]
  const address = 1 + scalars.length
  const word = address + 1
  const given = scalars.map((_, s) => word + 1 + s)
  const splat = { i32: i.i32x4Splat, f32: i.f32x4Splat, f64: i.f64x2Splat }
  const before = scalars.flatMap((type, s) =>
    code(i.localGet(FIRST_SCALAR + s), splat[type], i.localSet(given[s] ?? word)),
  )
  const body = code(
    ...[i.localGet(address), i.localGet(address), i.v128Load, i.localSet(word)],
    ...[...simd(word, ...given), i.v128Store],
  )
  const locals = ['i32', 'v128', ...scalars.map(() => 'v128' as const)] as const
  return encodeModule(['i32', ...scalars], locals, code(before, loopBelow(address, END, 16, body)))
}
