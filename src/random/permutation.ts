import { requireCount } from './count.ts'
import { foldIn, type Key, randomBits } from './key.ts'

/**
 * The numbers 0 … n−1 in random order, every order equally likely: Durstenfeld's form of the Fisher–Yates shuffle (1964)
 * with unbiased bounded integers.
 *
 * @returns [n]
 * @throws UsageError when n is not a count
 *
 * @example
 * const order = permutation(foldIn(foldIn(key(0), 'shuffle'), epoch), 60_000)
 */
export function permutation(key: Key, n: number): Uint32Array {
  requireCount('permutation', n)
  const out = new Uint32Array(n)
  for (let i = 0; i < n; i++) out[i] = i
  const below = boundedIntegers(key, n)
  for (let i = n - 1; i > 0; i--) {
    const j = below(i + 1)
    const moved = out[i] ?? 0
    out[i] = out[j] ?? 0
    out[j] = moved
  }
  return out
}

const WORDS = 1024
/** Words beyond one a number, for those that are thrown away. */
const SPARE = 8

/**
 * Draws whole numbers from 0 to bound − 1. A word in the incomplete last stretch of `bound` words below 2^32 is thrown away,
 * because keeping it would favour small numbers; so the count of words is not known beforehand, and they are made in pages. Of a short
 * first page only the beginning is made: a word depends on its place alone.
 *
 * @param expected about how many numbers will be drawn
 */
function boundedIntegers(key: Key, expected: number): (bound: number) => number {
  let page = new Uint32Array(Math.min(WORDS, expected + SPARE))
  let pages = 0
  let used = page.length
  const turn = (): void => {
    if (pages === 1 && page.length < WORDS) {
      page = new Uint32Array(WORDS)
      randomBits(foldIn(key, 0), page)
      return
    }
    randomBits(foldIn(key, pages++), page)
    used = 0
  }
  return (bound) => {
    for (;;) {
      if (used === page.length) turn()
      const word = page[used++] ?? 0
      const place = word % bound
      if (word - place + bound <= 2 ** 32) return place
    }
  }
}
