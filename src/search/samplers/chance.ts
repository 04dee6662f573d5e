import { foldIn, type Key, randomBits } from '../../random/index.ts'

const WORDS = 64

/** Uniform numbers on [0, 1) with 53 bits, one after the other, as many as are asked for. */
export function uniforms(key: Key): () => number {
  const page = new Uint32Array(WORDS)
  let pages = 0
  let used = WORDS
  return () => {
    if (used === WORDS) {
      randomBits(foldIn(key, pages++), page)
      used = 0
    }
    const [high, low] = [page[used] ?? 0, page[used + 1] ?? 0]
    used += 2
    return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53
  }
}
