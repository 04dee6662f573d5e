import { sha256 as portable } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * SHA-256 of texts (UTF-8) and arrays (their bytes), one after the other, in hexadecimal; in Node and in pages, at once.
 *
 * @example
 * sha256('abc') // ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
 */
export const sha256 = (...parts: readonly Part[]): string =>
  hasher()
    .add(...parts)
    .hex()

/** {@link sha256} of parts that come one after the other. */
export interface Hasher {
  add(...parts: readonly Part[]): Hasher
  /** To be asked once, at the end. */
  hex(): string
}

type Part = string | ArrayBufferView

export function hasher(): Hasher {
  const hash = nodeHash() ?? portable.create()
  const itself: Hasher = {
    add: (...parts) => {
      for (const part of parts) hash.update(bytesOf(part))
      return itself
    },
    hex: () => {
      const digest = hash.digest()
      return bytesToHex(new Uint8Array(digest.buffer, digest.byteOffset, digest.byteLength))
    },
  }
  return itself
}

/**
 * Node's own is twelve times as fast (MNIST in 27 ms and not in 330), and a page's is asynchronous. It is asked for and not
 * imported, so that bundlers for pages have nothing to stumble over.
 */
const nodeHash = () =>
  typeof process === 'undefined' ? undefined : process.getBuiltinModule?.('node:crypto')?.createHash('sha256')

const bytesOf = (part: Part): Uint8Array =>
  typeof part === 'string' ? utf8ToBytes(part) : new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
