import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { packTar } from 'modern-tar'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { gather } from '../gather.ts'
import { cifar10, fetchCifar10 } from './cifar10.ts'

const RECORD = 3073
const LENGTH = 10_000 * RECORD
const FILES = [...[1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`), 'test_batch.bin']

/** A record whose planes are told apart: red 10, green 20, blue 30, and the class in the first pixel. */
const record = (label: number): Uint8Array =>
  Uint8Array.from({ length: RECORD }, (_, i) => (i <= 1 ? label : 10 * Math.ceil(i / 1024)))

/** Black images of class 0, and at the end one of the file's own class. */
async function writeFiles(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const [i, name] of FILES.entries()) {
    const file = await open(join(folder, name), 'w')
    await file.write(record(i + 1), 0, RECORD, LENGTH - RECORD)
    await file.close()
  }
}

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-cifar-'))
  await writeFiles(join(folder, 'plain'))
})
afterAll(() => rm(folder, { recursive: true }))

async function expectMade(source: ReturnType<typeof cifar10>) {
  const splits = await source.load()
  const { train, test: tested } = splits
  expect([train.length, tested.length]).toEqual([50_000, 10_000])
  expect(train.inputs.shape).toEqual([3, 32, 32])
  if (train.targets.task !== 'classification') throw new Error('CIFAR-10 has classes')
  expect(train.targets.classes[9]).toBe('truck')
  const ends = Uint32Array.of(0, 9_999, 19_999, 29_999, 39_999, 49_999)
  const { inputs, targets } = await gather(train, ends)
  expect([...targets]).toEqual([0, 1, 2, 3, 4, 5])
  const pixel = (sample: number, channel: number, place: number) => inputs[sample * 3072 + channel * 1024 + place]
  expect([pixel(0, 0, 0), pixel(2, 0, 0), pixel(2, 0, 1), pixel(2, 1, 0), pixel(2, 2, 1023)]).toEqual([
    0, 2, 10, 20, 30,
  ])
  expect([...(await gather(tested, Uint32Array.of(9_999))).targets]).toEqual([6])
  return splits
}

test('reads a folder of .bin files, or one that holds that folder', async () => {
  const { train } = await expectMade(cifar10({ folder: join(folder, 'plain') }))
  await writeFiles(join(folder, 'above', 'cifar-10-batches-bin'))
  const above = await expectMade(cifar10({ folder: join(folder, 'above') }))
  expect(above.train.fingerprint).toBe(train.fingerprint)
})

test('reads the archive', async () => {
  const bodies = FILES.map((name, i) => {
    const data = new Uint8Array(LENGTH)
    data.set(record(i + 1), LENGTH - RECORD)
    return { header: { name: `cifar-10-batches-bin/${name}`, size: LENGTH }, body: data }
  })
  const readme = { header: { name: 'cifar-10-batches-bin/readme.html', size: 2 }, body: 'hi' }
  await mkdir(join(folder, 'packed'))
  await writeFile(
    join(folder, 'packed', 'cifar-10-binary.tar.gz'),
    gzipSync(await packTar([readme, ...bodies.reverse()]), { level: 1 }),
  )
  await expectMade(cifar10({ folder: join(folder, 'packed') }))
})

describe('refuses', () => {
  const broken = async (name: string, change: (folder: string) => Promise<void>) => {
    const place = join(folder, name)
    await writeFiles(place)
    await change(place)
    return cifar10({ folder: place }).load()
  }
  test('a file that is cut short', async () => {
    const load = broken('short', (place) => writeFile(join(place, 'data_batch_3.bin'), new Uint8Array(RECORD)))
    await expect(load).rejects.toThrow(UsageError)
    await expect(load).rejects.toThrow(/data_batch_3\.bin has 3073 bytes, and 10,000 records of 3073 are 30730000/)
  })
  test('a file that is missing', async () => {
    const load = broken('missing', (place) => rm(join(place, 'data_batch_5.bin')))
    await expect(load).rejects.toThrow(/data_batch_5\.bin of CIFAR-10 cannot be read .*all six/)
  })
  test('a label that is no class, as in a file of CIFAR-100', async () => {
    const load = broken('label', async (place) => {
      const file = await open(join(place, 'data_batch_2.bin'), 'r+')
      await file.write(Uint8Array.of(10), 0, 1, 7 * RECORD)
      await file.close()
    })
    await expect(load).rejects.toThrow('data_batch_2.bin: record 7 has class 10')
  })
  test('a folder without CIFAR-10, and an archive that is none', async () => {
    const place = join(folder, 'other')
    await mkdir(place)
    await expect(cifar10({ folder: place }).load()).rejects.toThrow(
      'has neither test_batch.bin nor cifar-10-binary.tar.gz',
    )
    await writeFile(join(place, 'cifar-10-binary.tar.gz'), 'no archive')
    await expect(cifar10({ folder: place }).load()).rejects.toThrow('cannot be unpacked')
    await writeFile(join(place, 'cifar-10-binary.tar.gz'), gzipSync(await packTar([])))
    await expect(cifar10({ folder: place }).load()).rejects.toThrow('has no data_batch_1.bin')
  })
})

test('an archive that is not the canonical one is not kept, and the ways out are named', async () => {
  const server = createServer((_, response) => response.end('another file')).listen(0, '127.0.0.1')
  await new Promise((ready) => server.once('listening', ready))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cifar-10-binary.tar.gz`
  const load = fetchCifar10(join(folder, 'cache'), [url])
  await expect(load).rejects.toThrow(UsageError)
  await expect(load).rejects.toThrow(/its SHA-256 is [0-9a-f]{64} and should be c4a38c50/)
  await expect(load).rejects.toThrow('cifar10({ folder })')
  server.closeAllConnections()
  server.close()
})

test('the source is a value that can be serialised', () => {
  expect(JSON.parse(JSON.stringify(cifar10()))).toEqual({ kind: 'cifar10', config: {} })
})
