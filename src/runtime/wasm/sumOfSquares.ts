import { code, encodeModule, instruction as i, instantiate, loopBelow } from './encode.ts'

/** Numbers that one turn of the loop reads. */
const LANES = 4
/** Bytes that the sums take: two vectors of two float64. */
export const SUMS_BYTES = 32

/**
 * Compiles a WebAssembly loop that sums the squares of float32 in float64, where a float32 squared always fits: NaN and infinities come
 * through, and nothing else gives them. Several times as fast as JavaScript.
 *
 * @returns the sum over `length` numbers, a multiple of four, from a byte address on; `sums` is the address of {@link SUMS_BYTES}
 *   bytes that it may write over
 */
export function sumOfSquaresLoop(
  memory: WebAssembly.Memory,
): (address: number, length: number, sums: number) => number {
  const [FROM, END, SUMS, LOW, HIGH, SQUARED] = [0, 1, 2, 3, 4, 5]
  const addSquares = (offset: number, sum: number): number[] =>
    code(
      ...[i.localGet(FROM), i.v128Load64Zero(offset), i.f64x2PromoteLowF32x4, i.localTee(SQUARED)],
      ...[i.localGet(SQUARED), i.f64x2Mul, i.localGet(sum), i.f64x2Add, i.localSet(sum)],
    )
  const program = code(
    loopBelow(FROM, END, 4 * LANES, code(addSquares(0, LOW), addSquares(8, HIGH))),
    ...[i.localGet(SUMS), i.localGet(LOW), i.v128Store],
    ...[i.localGet(SUMS), i.localGet(HIGH), i.v128StoreAt(16)],
  )
  const run = instantiate(encodeModule(['i32', 'i32', 'i32'], ['v128', 'v128', 'v128'], program), memory)
  return (address, length, sums) => {
    run(address, address + 4 * length, sums)
    return new Float64Array(memory.buffer, sums, SUMS_BYTES / 8).reduce((sum, part) => sum + part, 0)
  }
}
