import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { decodeSafetensors, encodeSafetensors, type SafetensorsTensor } from './safetensors.ts'

const shape = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
const sizeOf = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1)
const tensor: fc.Arbitrary<SafetensorsTensor> = shape.chain((dims) => {
  const exact = { minLength: sizeOf(dims), maxLength: sizeOf(dims) }
  return fc.oneof(
    fc.float32Array({ ...exact }).map((data) => ({ dtype: 'F32' as const, shape: dims, data })),
    fc.float64Array({ ...exact }).map((data) => ({ dtype: 'F64' as const, shape: dims, data })),
    fc.bigInt64Array({ ...exact }).map((data) => ({ dtype: 'I64' as const, shape: dims, data })),
    fc.int32Array({ ...exact }).map((data) => ({ dtype: 'I32' as const, shape: dims, data })),
    fc.uint32Array({ ...exact }).map((data) => ({ dtype: 'U32' as const, shape: dims, data })),
    fc.uint8Array({ ...exact }).map((data) => ({ dtype: 'U8' as const, shape: dims, data })),
  )
})
const name = fc.string({ unit: 'binary' }).filter((s) => s !== '__metadata__')

function file(header: unknown, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + json.length + dataBytes)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true)
  bytes.set(json, 8)
  return bytes
}
const u8 = (begin: number, end: number) => ({ dtype: 'U8', shape: [end - begin], data_offsets: [begin, end] })

describe('safetensors', () => {
  it('reads back what it wrote, from any position in a larger buffer', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, tensor, { noNullPrototype: true }),
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((s) => s !== '__proto__'),
          fc.string(),
          { noNullPrototype: true },
        ),
        fc.integer({ min: 0, max: 9 }),
        (tensors, metadata, offset) => {
          const bytes = encodeSafetensors(tensors, metadata)
          const moved = new Uint8Array(bytes.length + offset)
          moved.set(bytes, offset)
          expect(decodeSafetensors(moved.subarray(offset))).toEqual({ tensors, metadata })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('writes the bytes that the format prescribes', () => {
    const bytes = encodeSafetensors({ a: { dtype: 'F32', shape: [1], data: new Float32Array([1]) } }, { run: 'x' })
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { run: 'x' },
      a: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    })
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63])
  })

  it('gives equal bytes for equal tensors in any order, widest dtype first', () => {
    const a = { dtype: 'U8', shape: [1], data: new Uint8Array([7]) } as const
    const b = { dtype: 'I64', shape: [], data: new BigInt64Array([3n]) } as const
    expect(encodeSafetensors({ a, b })).toEqual(encodeSafetensors({ b, a }))
    expect(encodeSafetensors({ a, b }).at(-1)).toBe(7)
  })

  it.each([
    ['8-byte length', new Uint8Array(3)],
    ['claims', new Uint8Array(8).fill(255)],
    ['header needs', new Uint8Array([9, 0, 0, 0, 0, 0, 0, 0, 1])],
    ['not valid JSON', file('{oops')],
    ['not a JSON object', file('[]')],
    ['not a map of strings', file({ __metadata__: { a: 1 } })],
    ['damaged header entry', file({ a: { dtype: 'U8', shape: [-1], data_offsets: [0, 0] } })],
    ['dtype BF16', file({ a: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] } }, 2)],
    ['truncated', file({ a: u8(0, 4) }, 3)],
    ['needs 2 bytes', file({ a: { dtype: 'U8', shape: [2], data_offsets: [0, 1] } }, 1)],
    ['overlaps', file({ a: u8(0, 2), b: u8(1, 3) }, 3)],
    ['hole', file({ a: u8(0, 1), b: u8(2, 3) }, 3)],
    ['belong to no tensor', file({ a: u8(0, 1) }, 3)],
  ])('refuses a damaged file: %s', (message, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(UsageError)
    expect(() => decodeSafetensors(bytes)).toThrow(message)
  })

  it('refuses a shape that does not match its data, and the reserved name', () => {
    const data = new Float32Array(3)
    expect(() => encodeSafetensors({ w: { dtype: 'F32', shape: [2, 2], data } })).toThrow('"w" has shape [2, 2] but 3')
    expect(() => encodeSafetensors({ __metadata__: { dtype: 'F32', shape: [3], data } })).toThrow('rename it')
  })
})
