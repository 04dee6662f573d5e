import { UsageError } from '../errors.ts'
import { makeDraw } from './draw.ts'
import { threefry2x32 } from './threefry.ts'

/**
 * A position in the space of random numbers: 64 bits, immutable, a plain object that goes through `postMessage` and JSON.
 * The same key gives the same numbers on every machine; two uses of chance take two keys, made with {@link foldIn} or {@link split}.
 */
export interface Key {
  /** Lower word, uint32. */
  readonly low: number
  /** Upper word, uint32. */
  readonly high: number
}

const WORD = 2 ** 32

/**
 * The counter's upper byte says what a block is for, so that a child key never equals numbers drawn from its parent.
 * Draws have 0; the 21 bits that a safe integer leaves above 32 stay below this byte.
 */
const PURPOSE = { number: 1 << 24, text: 2 << 24, split: 3 << 24 }

/**
 * The key of a seed. Every bit of the seed counts: `key(1)` and `key(1 + 2 ** 32)` are different.
 *
 * @param seed - a whole number from 0 to 2^53 − 1
 * @throws UsageError for any other number
 *
 * @example
 * const root = key(0)
 * const weights = normal(foldIn(root, 'weights'), 784 * 128, { std: 0.05 })
 */
export function key(seed: number): Key {
  requireSafe('the seed', seed)
  return { low: seed >>> 0, high: Math.floor(seed / WORD) }
}

/**
 * A key derived from a key and a name or a number: independent of the parent's numbers and of every other child's.
 * Prefer it to {@link split} where uses have names, because a new use then leaves the others' numbers as they are.
 *
 * Text goes through FNV-1a (32 bits, UTF-8) first, so two of a thousand names of one parent meet with probability 10^-4.
 *
 * @param data - text, or a whole number from 0 to 2^53 − 1
 * @throws UsageError for any other number
 *
 * @example
 * const epochKey = foldIn(foldIn(key(0), 'shuffle'), epoch)
 */
export function foldIn(parent: Key, data: number | string): Key {
  if (typeof data === 'string') return child(parent, fnv1a(data), PURPOSE.text)
  requireSafe('the number to fold in', data)
  return child(parent, data >>> 0, PURPOSE.number | Math.floor(data / WORD))
}

/**
 * `n` independent keys. The first keys of a larger split are those of a smaller one.
 *
 * @throws UsageError when n is not a whole number of at least 0
 *
 * @example
 * const [initKey, shuffleKey] = split(key(0), 2)
 */
export function split(parent: Key, n: number): Key[] {
  requireSafe('the number of keys', n)
  return Array.from({ length: n }, (_, i) => child(parent, i, PURPOSE.split))
}

/**
 * Random words, uint32, written over all of `out`: the raw material of every distribution, and of masks made elsewhere.
 * The first k words of a longer array are those of a shorter one.
 *
 * @example
 * const bits = randomBits(key(0), new Uint32Array(64 * 128))
 */
export function randomBits(from: Key, out: Uint32Array): Uint32Array {
  drawWords(from, out)
  return out
}

const drawWords = makeDraw<Uint32Array>()

/**
 * The key as two words [low, high], for a checkpoint or a program's input.
 *
 * @example
 * keyData(key(7)) // Uint32Array [7, 0]
 */
export const keyData = (from: Key): Uint32Array => Uint32Array.of(from.low, from.high)

/**
 * The other direction of {@link keyData}.
 *
 * @param data - two words, uint32
 * @throws UsageError when there are not two, or one is not a uint32
 *
 * @example
 * keyFromData(keyData(key(7))) // the same as key(7)
 */
export function keyFromData(data: ArrayLike<number>): Key {
  const [low, high] = [data[0], data[1]]
  if (data.length !== 2 || low === undefined || high === undefined || low !== low >>> 0 || high !== high >>> 0)
    throw new UsageError(`a key cannot be made of [${Array.from(data).join(', ')}]: give the two uint32 of keyData`)
  return { low, high }
}

function child(parent: Key, counter: number, purpose: number): Key {
  const [low, high] = threefry2x32(parent.low, parent.high, counter, purpose)
  return { low, high }
}

/** Fowler, Noll and Vo's hash, variant 1a, 32 bits, over UTF-8. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

function requireSafe(what: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UsageError(`${what} is ${value}: give a whole number from 0 to 2^53 - 1`)
}
