import { instantiate } from '../runtime/wasm/encode.ts'
import { encodeConversion, encodeThreefry, type SimdConversion } from './kernel.ts'
import type { Key } from './key.ts'
import { fillBlocks } from './threefry.ts'

type Numbers = Float32Array | Uint32Array

/** What numbers of 32 bits become of random words, one a word: in plain JavaScript and, to the same bits, in SIMD. */
export interface Conversion<N extends Numbers> extends SimdConversion {
  /** `words` lies in the memory of `out`: each word is read just before its number is written over it. */
  readonly plain: (words: Uint32Array, out: N, ...scalars: number[]) => void
}

/** Fills an array with the numbers of a key; number i depends on the key, the scalars and i alone. */
export type Draw<N extends Numbers> = (key: Key, out: N, ...scalars: number[]) => void

/** Shorter draws are over before a call into WebAssembly pays, and programs that make no others never compile it. */
const SHORT = 512

/** Long draws go through WebAssembly where that has SIMD. Without a conversion the words themselves are given out. */
export function makeDraw<N extends Numbers>(conversion?: Conversion<N>): Draw<N> {
  const plain = plainDraw(conversion)
  let long: Draw<N> | undefined
  return (key, out, ...scalars) => {
    if (out.length < SHORT) plain(key, out, ...scalars)
    else {
      long ??= simdDraw(conversion) ?? plain
      long(key, out, ...scalars)
    }
  }
}

/** The readable way, and the reference for the other. */
export function plainDraw<N extends Numbers>(conversion?: Conversion<N>): Draw<N> {
  return ({ low, high }, out, ...scalars) => {
    const words = wordsOf(out)
    fillBlocks(low, high, words)
    conversion?.plain(words, out, ...scalars)
  }
}

/**
 * Numbers made at a time. They stay in the processor's first cache until they are copied out: a memory that held the whole
 * array would be as slow to read and, having grown, never shrink.
 */
const TILE = 4096

/** The generator that writes words to address 0 of its memory. All draws share it: each is over before another begins. */
function makeGenerator() {
  const bytes = encodeThreefry()
  if (!WebAssembly.validate(bytes)) return undefined
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
  return { memory, tile: new Uint32Array(memory.buffer, 0, TILE), generate: instantiate(bytes, memory) }
}
let generator: ReturnType<typeof makeGenerator>

/** Undefined where WebAssembly has no SIMD. */
export function simdDraw(conversion?: SimdConversion): Draw<Numbers> | undefined {
  generator ??= makeGenerator()
  if (generator === undefined) return undefined
  const { memory, tile, generate } = generator
  const convert = conversion && instantiate(encodeConversion(conversion), memory)
  return ({ low, high }, out, ...scalars) => {
    const words = wordsOf(out)
    for (let start = 0; start < words.length; start += TILE) {
      const length = Math.min(TILE, words.length - start)
      generate(low, high, 0, start / 2, length * 4)
      convert?.(length * 4, ...scalars)
      words.set(length === TILE ? tile : tile.subarray(0, length), start)
    }
  }
}

/** The 32 bits of each number. */
const wordsOf = (out: Numbers): Uint32Array =>
  out instanceof Uint32Array ? out : new Uint32Array(out.buffer, out.byteOffset, out.length)
