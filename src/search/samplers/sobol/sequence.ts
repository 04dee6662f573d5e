import { type Key, threefry2x32 } from '../../../random/index.ts'
import { directionNumbers } from './directionNumbers.ts'

/** So many dimensions the table has. */
export const LARGEST_DIMENSION = directionNumbers.length + 1
/** So many points differ in 32 bits. */
export const LARGEST_LENGTH = 2 ** 32

/**
 * Coordinate `dimension` of point `index` of Sobol's sequence, times 2^32. Points come in the order of Gray codes (Antonov and Saleev, 1979), as
 * in SciPy: the first 2^k points are the same set in either order.
 *
 * @param dimension - from 0 to 127
 * @param index - from 0 to 2^32 − 1
 */
export function sobolWord(dimension: number, index: number): number {
  const directions = directionsOf(dimension)
  let word = 0
  for (let code = (index ^ (index >>> 1)) >>> 0, bit = 0; code !== 0; code >>>= 1, bit++)
    if ((code & 1) === 1) word ^= directions[bit] ?? 0
  return word >>> 0
}

/**
 * Owen's nested uniform scrambling: each bit is turned over or not by a coin of its own for every pattern of the bits above it. The points stay
 * a (t, m, s)-net and each is uniformly distributed, which unscrambled ones are not: the first is the corner of all lows.
 *
 * Source: Owen, "Randomly permuted (t, m, s)-nets and (t, s)-sequences" (1995). Coins are bits of the key's generator.
 */
export function scramble(word: number, key: Key): number {
  let coins = 0
  for (let bit = 31; bit >= 0; bit--) {
    const above = bit === 31 ? 0 : word >>> (bit + 1)
    const [coin] = threefry2x32(key.low, key.high, above, bit)
    coins |= (coin & 1) << bit
  }
  return (word ^ coins) >>> 0
}

const known = new Map<number, Uint32Array>()

/** v_k = m_k · 2^(32−k), by the recurrence of the dimension's polynomial. */
function directionsOf(dimension: number): Uint32Array {
  const made = known.get(dimension) ?? directions(directionNumbers[dimension - 1])
  known.set(dimension, made)
  return made
}

function directions(row: readonly number[] | undefined): Uint32Array {
  if (row === undefined) return Uint32Array.from({ length: 32 }, (_, k) => 2 ** (31 - k))
  const [polynomial = 1, ...first] = row
  const degree = first.length
  const words = new Uint32Array(32)
  for (let k = 0; k < 32; k++) {
    if (k < degree) words[k] = (first[k] ?? 0) * 2 ** (31 - k)
    else {
      const oldest = words[k - degree] ?? 0
      let word = oldest ^ (oldest >>> degree)
      for (let j = 1; j < degree; j++) if (((polynomial >> (degree - j)) & 1) === 1) word ^= words[k - j] ?? 0
      words[k] = word
    }
  }
  return words
}
