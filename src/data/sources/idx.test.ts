import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { parseIdx } from './idx.ts'

function encode(shape: readonly number[], values: readonly number[], type = 8): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + values.length)
  bytes.set([0, 0, type, shape.length])
  for (const [axis, size] of shape.entries()) new DataView(bytes.buffer).setUint32(4 + 4 * axis, size)
  bytes.set(values, 4 + 4 * shape.length)
  return bytes
}

test('reads what was written, also from the middle of a buffer', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(shapes, fc.nat(7), (shape, offset) => {
      const values = Array.from({ length: sizeOf(shape) }, (_, i) => i % 256)
      const encoded = encode(shape, values)
      const buffer = new Uint8Array(offset + encoded.length + 3)
      buffer.set(encoded, offset)
      const found = parseIdx(buffer.subarray(offset, offset + encoded.length), 'file')
      expect({ shape: found.shape, values: [...found.data] }).toEqual({ shape, values })
    }),
  )
})

test.each([
  ['no IDX', Uint8Array.of(80, 75, 3, 4, 0), 'two zero bytes'],
  ['empty', new Uint8Array(0), 'two zero bytes'],
  ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), 'gunzip digits'],
  ['float32', encode([1], [0, 0, 0, 0], 0x0d), 'IDX type 0xd'],
  ['no dimensions', encode([], []), 'within its header'],
  ['cut in the header', encode([2, 2], []).subarray(0, 9), 'within its header (9 bytes, 2 dimensions)'],
  ['cut in the values', encode([2, 2], [1, 2, 3]), 'has 15 bytes and its header, shape [2, 2], needs 16'],
  ['too long', encode([2], [1, 2, 3]), 'has 11 bytes'],
] as const)('refuses a file that is wrong: %s', (_, bytes, message) => {
  expect(() => parseIdx(bytes, 'digits')).toThrow(UsageError)
  expect(() => parseIdx(bytes, 'digits')).toThrow(message)
})
