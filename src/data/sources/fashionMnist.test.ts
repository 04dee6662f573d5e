import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { inMemory, type LoadProgress, type Splits } from '../dataset.ts'
import { fashionMnist, fetchFashionMnist } from './fashionMnist.ts'

const INSTALLED = '/usr/share/datasets/fashion-mnist'
const FINGERPRINTS = {
  train: 'f55a5b97020079c1d7017a845207bbb0bb94c373a5e00a7b0c0ea6939f469c83',
  test: '4a97e3611ddc7f059b68096b84156b2b571247d84189ac1d865fd2703c1a44f8',
}
const fingerprints = ({ train, test }: Splits) => ({ train: train.fingerprint, test: test.fingerprint })

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-fashion-'))
})
afterEach(() => rm(folder, { recursive: true }))

// apt-get install dataset-fashion-mnist
describe.skipIf(!existsSync(INSTALLED))('Fashion-MNIST, with the files of Debian’s dataset-fashion-mnist', () => {
  test('is the canonical data set', async () => {
    const splits = await fashionMnist().load()
    for (const [split, length, pixelSum] of [
      [splits.train, 60_000, 3_431_114_169],
      [splits.test, 10_000, 573_469_082],
    ] as const) {
      const { inputs, targets } = inMemory(split)
      expect(split.length).toBe(length)
      expect(inputs.shape).toEqual([1, 28, 28])
      let sum = 0
      for (const pixel of inputs.data) sum += pixel
      expect(sum).toBe(pixelSum)
      if (targets.task !== 'classification') throw new Error('Fashion-MNIST has classes')
      const counts = targets.classes.map((_, c) => targets.labels.filter((label) => label === c).length)
      expect(counts).toEqual(targets.classes.map(() => length / 10))
    }
    if (splits.train.targets.task !== 'classification') throw new Error('Fashion-MNIST has classes')
    const { labels, classes } = splits.train.targets
    expect(Array.from(labels.subarray(0, 3), (label) => classes[label])).toEqual([
      'Ankle boot',
      'T-shirt/top',
      'T-shirt/top',
    ])
    // Splits are seeded by them.
    expect(fingerprints(splits)).toEqual(FINGERPRINTS)
  })

  test('comes from a folder of plain and gzipped files', async () => {
    for (const file of await readdir(INSTALLED)) await symlink(join(INSTALLED, file), join(folder, file))
    const packed = join(folder, 't10k-images-idx3-ubyte.gz')
    await writeFile(packed.replace('.gz', ''), gunzipSync(await readFile(packed)))
    await rm(packed)
    expect(fingerprints(await fashionMnist({ folder }).load())).toEqual(FINGERPRINTS)
  })

  test('is fetched once, with progress, and again where a file is damaged', async () => {
    const asked: string[] = []
    const server = createServer(async ({ url = '' }, response) => {
      asked.push(url)
      if (url.startsWith('/closed/')) response.writeHead(410).end()
      else response.end(await readFile(join(INSTALLED, url)))
    }).listen(0, '127.0.0.1')
    await new Promise((ready) => server.once('listening', ready))
    try {
      const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const told: LoadProgress[] = []
      const load = () =>
        fetchFashionMnist(folder, [`${base}/closed/`, `${base}/`], { onProgress: (progress) => told.push(progress) })
      expect(fingerprints(await load())).toEqual(FINGERPRINTS)
      expect(new Set(told.map(({ what }) => what)).size).toBe(4)
      expect(asked).toHaveLength(8)
      await load()
      expect(asked).toHaveLength(8)
      await writeFile(join(folder, 't10k-labels-idx1-ubyte.gz'), 'damaged')
      expect(fingerprints(await load())).toEqual(FINGERPRINTS)
      expect(asked.slice(8)).toEqual(['/closed/t10k-labels-idx1-ubyte.gz', '/t10k-labels-idx1-ubyte.gz'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})

test('without files and mirrors, three ways out are named', async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const load = fetchFashionMnist(join(folder, 'cache'), [mirror])
  await expect(load).rejects.toThrow(UsageError)
  await expect(load).rejects.toThrow(/train-images-idx3-ubyte\.gz: it answered 404/)
  await expect(load).rejects.toThrow('apt-get install dataset-fashion-mnist')
  await expect(load).rejects.toThrow('fashionMnist({ folder })')
  await expect(load).rejects.toThrow(`the files are kept in ${join(folder, 'cache')}`)
  server.closeAllConnections()
  server.close()
})

test('a folder without the files, or with others, is named', async () => {
  await expect(fashionMnist({ folder }).load()).rejects.toThrow(
    /-ubyte of Fashion-MNIST cannot be read .*four canonical/,
  )
  await mkdir(join(folder, 'other'))
  for (const part of ['train', 't10k'])
    for (const file of ['images-idx3-ubyte', 'labels-idx1-ubyte'])
      await writeFile(join(folder, 'other', `${part}-${file}`), 'not clothes')
  await expect(fashionMnist({ folder: join(folder, 'other') }).load()).rejects.toThrow(
    /is not the canonical file of Fashion-MNIST \(SHA-256 [0-9a-f]{64}\)/,
  )
})

test('the source is a value that can be serialised', () => {
  expect(JSON.parse(JSON.stringify(fashionMnist({ folder: 'x' })))).toEqual({
    kind: 'fashionMnist',
    config: { folder: 'x' },
  })
})
