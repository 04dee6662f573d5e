import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openRecords } from '../data/files/recordFile.ts'
import { type DataSource, inMemory, standardize } from '../data/index.ts'
import { createStoredDataset } from '../data/stored.ts'
import '../index.ts'
import { createDataset } from '../data/dataset.ts'
import { conv2d, flatten, linear, relu, sequential } from '../nn/index.ts'
import { key, uniform } from '../random/index.ts'
import { classify, trained } from '../testing/experiments.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-stored-'))
})
afterAll(() => rm(folder, { recursive: true }))

const SHAPE = [2, 6, 6]
const COUNT = 97
const bytes = Uint8Array.from(uniform(key(1), COUNT * 72, { high: 256 }))
const floats = uniform(key(2), COUNT * 72)
const targets = {
  task: 'classification',
  labels: Int32Array.from({ length: COUNT }, (_, i) => i % 3),
  classes: ['a', 'b', 'c'],
} as const

it.each([
  ['bytes', bytes, 'uint8'],
  ['floats', floats, 'float32'],
] as const)('%s that are read batch by batch train to the same weights and scores', async (_, data, dtype) => {
  const path = join(folder, dtype)
  await writeFile(path, data)
  const inRam = createDataset({ name: 'made', inputs: { data, shape: SHAPE }, targets })
  const onDisk = await createStoredDataset({
    name: 'made',
    inputs: await openRecords(path, { dtype, shape: SHAPE, length: COUNT }),
    targets,
  })
  expect(() => inMemory(onDisk)).toThrow('made is kept on disk (97 samples of [2, 6, 6]) and has to be in memory here')
  const of = (dataset: typeof inRam | typeof onDisk) => {
    const data: DataSource = { kind: 'made', config: {}, load: async () => ({ train: dataset, test: dataset }) }
    return classify.with({
      data,
      split: { validation: 20 },
      prepare: [standardize()],
      model: sequential(conv2d(4, 3), relu(), flatten(), linear(3)),
      batchSize: 16,
      epochs: 2,
    })
  }
  const [fromRam, fromDisk] = [await trained(of(inRam), 0), await trained(of(onDisk), 0)]
  expect(fromDisk.state.parameters).toEqual(fromRam.state.parameters)
  expect(fromDisk.prepared.transforms.map(({ state }) => state)).toEqual(
    fromRam.prepared.transforms.map(({ state }) => state),
  )
  expect(await fromDisk.evaluate(fromDisk.prepared.test)).toEqual(await fromRam.evaluate(fromRam.prepared.test))
})
