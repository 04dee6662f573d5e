import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { key } from '../random/key.ts'
import { createDataset } from './dataset.ts'
import { allocateBatch, gather } from './gather.ts'
import { batches } from './loader.ts'

const numbered = (n: number) => Uint32Array.from({ length: n }, (_, i) => 3 * i)
const size = fc.integer({ min: 1, max: 50 })

describe('batches', () => {
  test('an epoch has every sample once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), size, fc.nat(), fc.nat(9), (n, batchSize, seed, epoch) => {
        const all = [...batches(numbered(n), batchSize, { key: key(seed), epoch })]
        expect(all.length).toBe(Math.ceil(n / batchSize))
        for (const batch of all.slice(0, -1)) expect(batch.length).toBe(batchSize)
        expect(all.flatMap((batch) => [...batch]).sort((a, b) => a - b)).toEqual([...numbered(n)])
      }),
    )
  })

  test('dropLast leaves out what is not full', () => {
    const sizes = [...batches(numbered(10), 4, { key: key(0), epoch: 0, dropLast: true })].map(({ length }) => length)
    expect(sizes).toEqual([4, 4])
  })

  test('each batch can be made without those before it', () => {
    const options = { key: key(7), epoch: 3 }
    const whole = [...batches(numbered(100), 16, options)]
    for (let b = 0; b <= whole.length; b++) {
      const resumed = batches(numbered(100), 16, options)
      expect([...resumed.from(b)]).toEqual(whole.slice(b))
      if (b < resumed.length) expect(resumed.at(b)).toEqual(whole[b])
    }
  })

  test('epochs and keys have orders of their own', () => {
    const order = (seed: number, epoch: number) => [...batches(numbered(50), 50, { key: key(seed), epoch })].join()
    expect(new Set([order(0, 0), order(0, 1), order(1, 0), order(1, 1)]).size).toBe(4)
  })

  test('unshuffled, the order is kept and no key is needed', () => {
    expect([...batches(numbered(5), 2, { shuffle: false })].map((b) => [...b])).toEqual([[0, 3], [6, 9], [12]])
  })

  const options = { key: key(0), epoch: 0 }
  test.each([
    ['batchSize 0', () => batches(numbered(5), 0, options), 'batchSize is 0'],
    ['batchSize 1.5', () => batches(numbered(5), 1.5, options), 'batchSize is 1.5'],
    ['no sample', () => batches(numbered(0), 1, options), 'no samples'],
    ['no full batch', () => batches(numbered(5), 8, { ...options, dropLast: true }), 'dropLast leaves no batch'],
    ['epoch -1', () => batches(numbered(5), 2, { ...options, epoch: -1 }), 'is -1'],
    ['batch 3 of 3', () => batches(numbered(5), 2, options).at(3), 'there is no batch 3: the epoch has batches 0 to 2'],
  ] as const)('refuses %s', (_, use, message) => {
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })
})

describe('gather', () => {
  const shapes = fc.constantFrom<number[]>([1], [3], [2, 2], [1, 5, 5])
  test('copies the asked rows side by side, for every type and width', () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), fc.boolean(), fc.array(fc.nat(9)), (shape, bytes, classes, asked) => {
        const width = shape.reduce((a, b) => a * b)
        const values = Array.from({ length: 10 * width }, (_, i) => i % 256)
        const dataset = createDataset({
          name: 'data',
          inputs: { data: bytes ? Uint8Array.from(values) : Float32Array.from(values), shape },
          targets: classes
            ? { task: 'classification', labels: Int32Array.from({ length: 10 }, (_, i) => i), classes: [] }
            : { task: 'regression', values: Float32Array.from({ length: 20 }, (_, i) => i), shape: [2] },
        })
        const room = allocateBatch(dataset, asked.length + 2)
        const indices = Uint32Array.from(asked)
        const found = gather(dataset, indices, room)
        expect([...found.inputs]).toEqual(asked.flatMap((i) => values.slice(i * width, (i + 1) * width)))
        expect([...found.targets]).toEqual(asked.flatMap((i) => (classes ? [i] : [2 * i, 2 * i + 1])))
        expect(found.inputs.buffer).toBe(room.inputs.buffer)
        expect(gather(dataset, indices)).toEqual(found)
      }),
    )
  })

  test('refuses a sample that is not there, and room that does not fit', () => {
    const dataset = createDataset({
      name: 'data',
      inputs: { data: Float32Array.of(1, 2), shape: [1] },
      targets: { task: 'classification', labels: Int32Array.of(0, 1), classes: ['a', 'b'] },
    })
    expect(() => gather(dataset, Uint32Array.of(2))).toThrow('data has samples 0 to 1, and number 2 was asked for')
    expect(() => gather(dataset, Uint32Array.of(0, 1), allocateBatch(dataset, 1))).toThrow('use allocateBatch')
    const room = { ...allocateBatch(dataset, 2), inputs: new Uint8Array(2) }
    expect(() => gather(dataset, Uint32Array.of(0), room)).toThrow('out.inputs is uint8 [2]')
  })
})
