import { describe, expect, test } from 'vitest'
import { createDataset, type StoredInputs } from './dataset.ts'
import { feeder } from './feed.ts'
import { allocateBatch, gather } from './gather.ts'
import { batches } from './loader.ts'
import { createStoredDataset, loadIntoMemory, subset } from './stored.ts'

const SHAPE = [2, 3]
const COUNT = 11
const data = Uint8Array.from({ length: COUNT * 6 }, (_, i) => i)
const targets = {
  task: 'classification',
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % 2),
  classes: ['even', 'odd'],
} as const
const inRam = createDataset({ name: 'numbered', inputs: { data, shape: SHAPE }, targets })

/** The same samples, read with a delay; `log` notes when reads begin. */
function stored(log: string[] = [], fail = (_: Uint32Array): boolean => false, fingerprint?: string) {
  const inputs: StoredInputs = {
    dtype: 'uint8',
    shape: SHAPE,
    length: COUNT,
    read: async (indices, out) => {
      log.push(`read ${indices.join(' ')}`)
      await new Promise((done) => setTimeout(done, 5))
      if (fail(indices)) throw new Error('the disk is gone')
      for (const [b, i] of indices.entries()) out.set(data.subarray(i * 6, i * 6 + 6), b * 6)
    },
  }
  return createStoredDataset({ name: 'numbered', inputs, targets }, fingerprint)
}

describe('a data set that is not in memory', () => {
  test('has the fingerprint of the same samples in memory, and one that is known is taken', async () => {
    const log: string[] = []
    expect((await stored(log)).fingerprint).toBe(inRam.fingerprint)
    expect(log).toHaveLength(1)
    const { inputs } = await stored()
    expect((await createStoredDataset({ name: 'numbered', inputs, targets }, 'known')).fingerprint).toBe('known')
    const short = { ...targets, labels: Int32Array.of(0) }
    await expect(createStoredDataset({ name: 'numbered', inputs, targets: short })).rejects.toThrow(
      'numbered: there are 11 samples of [2, 3] and there are 1 targets',
    )
  })

  test('gives the samples that one in memory gives', async () => {
    const dataset = await stored()
    const asked = Uint32Array.of(4, 0, 4, 10)
    expect(await gather(dataset, asked)).toEqual(gather(inRam, asked))
    expect(() => gather(dataset, Uint32Array.of(11))).toThrow(
      'numbered has samples 0 to 10, and number 11 was asked for',
    )
    expect(() => gather(dataset, asked, allocateBatch(dataset, 3))).toThrow('use allocateBatch')
    expect(await loadIntoMemory(dataset)).toEqual(inRam)
  })

  test('and so do parts of it', async () => {
    const whole = await stored()
    const part = subset(whole, Uint32Array.of(9, 3, 5))
    expect(part.length).toBe(3)
    expect(await gather(part, Uint32Array.of(2, 0))).toEqual(gather(inRam, Uint32Array.of(5, 9)))
    expect(part.targets.labels).toEqual(Int32Array.of(1, 1, 1))
    const again = subset(await stored(), Uint32Array.of(9, 3, 5))
    expect(again.fingerprint).toBe(part.fingerprint)
    for (const other of [
      [3, 9, 5],
      [9, 3],
    ])
      expect(subset(whole, Uint32Array.from(other)).fingerprint).not.toBe(part.fingerprint)
    const inner = subset(part, Uint32Array.of(1))
    expect(await gather(inner, Uint32Array.of(0))).toEqual(gather(inRam, Uint32Array.of(3)))
    expect((await loadIntoMemory(subset(whole, new Uint32Array()))).length).toBe(0)
  })
})

describe('feeder', () => {
  const parts = () =>
    batches(
      Uint32Array.from({ length: COUNT }, (_, i) => COUNT - 1 - i),
      4,
      { shuffle: false },
    )

  test('gives the batches in turn, from memory and from elsewhere', async () => {
    for (const dataset of [inRam, await stored()]) {
      const feed = feeder(dataset, 4)
      // Epoch after epoch.
      for (let epoch = 0; epoch < 3; epoch++) {
        const found = []
        for (const coming of feed(parts())) {
          const { size, inputs, targets: labels } = await coming
          found.push({ size, inputs: [...inputs], labels: [...labels] })
        }
        const expected = [...parts()].map((part) => gather(inRam, part))
        expect(found).toEqual(
          expected.map(({ size, inputs, targets: labels }) => ({ size, inputs: [...inputs], labels: [...labels] })),
        )
      }
    }
  })

  test('in memory gives each at once, in the same arrays', () => {
    const arrays = new Set<ArrayBufferLike>()
    for (const coming of feeder(inRam, 4)(parts())) {
      if (coming instanceof Promise) throw new Error('nothing is to be waited for')
      arrays.add(coming.inputs.buffer)
    }
    expect(arrays.size).toBe(1)
  })

  test('reads one batch ahead, and leaves the one that is computed with alone', async () => {
    const log: string[] = []
    const dataset = await stored(log)
    log.length = 0
    const arrays = new Set<ArrayBufferLike>()
    for (const coming of feeder(dataset, 4)(parts())) {
      const { inputs } = await coming
      arrays.add(inputs.buffer)
      const before = [...inputs]
      log.push('computed')
      await new Promise((done) => setTimeout(done, 20))
      expect([...inputs]).toEqual(before)
    }
    expect(log).toEqual(['read 10 9 8 7', 'read 6 5 4 3', 'computed', 'read 2 1 0', 'computed', 'computed'])
    expect(arrays.size).toBe(2)
  })

  test('tells of a failure when its batch is asked for, and of none that nobody asks for', async () => {
    const dataset = await stored([], (indices) => indices.includes(5), 'known')
    let seen = 0
    const run = async () => {
      for (const coming of feeder(dataset, 4)(parts())) {
        await coming
        seen += 1
      }
    }
    await expect(run()).rejects.toThrow('the disk is gone')
    expect(seen).toBe(1)
    for (const coming of feeder(dataset, 4)(parts())) {
      await coming
      break
    }
    // An unhandled rejection would fail the test.
    await new Promise((done) => setTimeout(done, 20))
  })
})
