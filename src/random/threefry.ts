/** Skein's key-schedule parity word, truncated to 32 bits. */
export const PARITY = 0x1bd11bda

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

/** Writes the block of one counter to `out[at]` and `out[at + 1]`; a write beyond the end is dropped, as typed arrays do. */
function writeBlock(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
  at: number,
): void {
  let a = key1 | 0
  let b = PARITY ^ key0 ^ key1
  let c = key0 | 0
  let x = (counter0 + key0) | 0
  let y = (counter1 + key1) | 0
  for (let step = 1; step <= 5; step++) {
    if ((step & 1) === 1) {
      x = (x + y) | 0
      y = rotate(y, 13) ^ x
      x = (x + y) | 0
      y = rotate(y, 15) ^ x
      x = (x + y) | 0
      y = rotate(y, 26) ^ x
      x = (x + y) | 0
      y = rotate(y, 6) ^ x
    } else {
      x = (x + y) | 0
      y = rotate(y, 17) ^ x
      x = (x + y) | 0
      y = rotate(y, 29) ^ x
      x = (x + y) | 0
      y = rotate(y, 16) ^ x
      x = (x + y) | 0
      y = rotate(y, 24) ^ x
    }
    x = (x + a) | 0
    y = (y + b + step) | 0
    const first = a
    a = b
    b = c
    c = first
  }
  out[at] = x
  out[at + 1] = y
}

/**
 * Threefry-2x32 with 20 rounds: a bijection on 64-bit counters for each 64-bit key, whose outputs pass BigCrush.
 * It is the generator of JAX, so the bits of one block can be checked there. Not for cryptography.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; Random123.
 *
 * @returns two words, uint32
 *
 * @example
 * threefry2x32(0, 0, 0, 0) // [0x6b200159, 0x99ba4efe]
 */
export function threefry2x32(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const out = new Uint32Array(2)
  writeBlock(key0, key1, counter0, counter1, out, 0)
  return [out[0] ?? 0, out[1] ?? 0]
}

/**
 * Fills `out` with the blocks of the counters (0, `stream`), (1, `stream`), …: two words a block, nothing allocated.
 * Streams of one key do not overlap.
 *
 * @param stream - the counter's upper word, uint32 (default 0)
 *
 * @example
 * const bits = new Uint32Array(3)
 * fillBlocks(0, 0, bits)
 * bits[0] // 0x6b200159
 */
export function fillBlocks(key0: number, key1: number, out: Uint32Array, stream = 0): void {
  for (let at = 0; at < out.length; at += 2) writeBlock(key0, key1, at / 2, stream, out, at)
}
