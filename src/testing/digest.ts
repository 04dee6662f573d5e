import { expect } from 'vitest'
import type { NdArray } from '../tensor/index.ts'
import { type Digest, digest } from './golden/formula.ts'

/** A computed array against a digest of PyTorch's, within `tolerance` of the tensor's scale. */
export function expectDigest(found: NdArray, golden: Digest, tolerance: number, what: string): void {
  const own = digest(found.shape, found.data)
  expect(own.shape, what).toEqual(golden.shape)
  const near = (name: string, value: number | undefined, expected: number, scale: number) => {
    if (!(Math.abs((value ?? Number.NaN) - expected) <= tolerance * scale))
      expect.fail(`${what}: ${name} is ${value} but PyTorch has ${expected} (scale ${scale})`)
  }
  if ('values' in golden) {
    const scale = Math.max(1e-3, ...golden.values.map(Math.abs))
    const values = 'values' in own ? own.values : []
    golden.values.forEach((value, i) => {
      near(`value ${i}`, values[i], value, scale)
    })
    return
  }
  if ('values' in own) throw new Error(`${what}: a digest of sums stands against a tensor of ${own.values.length}`)
  const size = found.data.length
  const scale = Math.sqrt(golden.sumOfSquares / size)
  near('sum', own.sum, golden.sum, scale * size)
  near('sum of squares', own.sumOfSquares, golden.sumOfSquares, 2 * golden.sumOfSquares)
  golden.samples.forEach((value, k) => {
    near(`sample ${k}`, own.samples[k], value, Math.max(scale, ...golden.samples.map(Math.abs)))
  })
}
