import { expect, test } from 'vitest'
import { fillBlocks, threefry2x32 } from './threefry.ts'

// Known answers of Random123 (kat_vectors, threefry2x32 20).
test.each([
  { key: [0, 0], counter: [0, 0], out: [0x6b200159, 0x99ba4efe] },
  { key: [0xffffffff, 0xffffffff], counter: [0xffffffff, 0xffffffff], out: [0x1cb996fc, 0xbb002be7] },
  { key: [0x13198a2e, 0x03707344], counter: [0x243f6a88, 0x85a308d3], out: [0xc4923a9c, 0x483df7a0] },
] as const)('agrees with Random123 on key $key and counter $counter', ({ key, counter, out }) => {
  expect(threefry2x32(key[0], key[1], counter[0], counter[1])).toEqual(out)
})

test.each([0, 1, 2, 5])('fills %i words with consecutive blocks', (length) => {
  const expected = [0, 1, 2].flatMap((i) => threefry2x32(3, 4, i, 9)).slice(0, length)
  const out = new Uint32Array(length)
  fillBlocks(3, 4, out, 9)
  expect([...out]).toEqual(expected)
})

test('one flipped bit of key or counter flips half of the 64 bits of a block', () => {
  const differing = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, word, i) => sum + ((word ^ (b[i] ?? 0)) >>> 0).toString(2).replaceAll('0', '').length, 0)
  let flipped = 0
  const trials = 64 * 8
  for (let i = 0; i < 8; i++) {
    const base = threefry2x32(i, 7, 11, i)
    for (let bit = 0; bit < 32; bit++) {
      flipped += differing(base, threefry2x32(i ^ (1 << bit), 7, 11, i))
      flipped += differing(base, threefry2x32(i, 7, 11, i ^ (1 << bit)))
    }
  }
  // 32 bits a trial, standard deviation 4: the mean of 512 lies within 5 standard errors.
  expect(Math.abs(flipped / trials - 32)).toBeLessThan((5 * 4) / Math.sqrt(trials))
})
