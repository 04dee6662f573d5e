import { expect, it, vi } from 'vitest'
import { sha256 } from './sha256.ts'

/** Runs as in a page, where there is no Node to ask. */
function asInPage<T>(run: () => T): T {
  vi.stubGlobal('process', undefined)
  try {
    return run()
  } finally {
    vi.unstubAllGlobals()
  }
}

// FIPS 180-4's example, and the empty message.
it.each([
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
])('of "%s" is the standard’s, in Node and in pages', (text, hash) => {
  expect(sha256(text)).toBe(hash)
  expect(asInPage(() => sha256(text))).toBe(hash)
})

it('goes through parts in turn, views by their own bytes only, alike in Node and in pages', () => {
  const buffer = Float32Array.from({ length: 10_000 }, (_, i) => Math.sin(i)).buffer
  const parts = ['köpfe', new Float32Array(buffer, 4, 777), Int32Array.of(-1, 2), new Uint8Array(buffer, 3, 5)] as const
  const inNode = sha256(...parts)
  expect(asInPage(() => sha256(...parts))).toBe(inNode)
  expect(sha256(...parts.toReversed())).not.toBe(inNode)
})
