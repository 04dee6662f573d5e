import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { UsageError } from '../../errors.ts'
import { type Dataset, isInMemory } from '../dataset.ts'
import { gather } from '../gather.ts'
import { validateDataset } from '../validate.ts'
import { type AudioFolderOptions, audioFolder } from './audioFolder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-audio-'))
  vi.stubEnv('ASSAY_CACHE', join(folder, '.cache'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

/** A WAV file of floats. */
function wav(rate: number, ...channels: readonly (readonly number[])[]): Buffer {
  const frames = channels[0]?.length ?? 0
  const file = Buffer.alloc(44 + 4 * frames * channels.length)
  file.write('RIFF')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(3, 20)
  file.writeUInt16LE(channels.length, 22)
  file.writeUInt32LE(rate, 24)
  file.writeUInt32LE(rate * 4 * channels.length, 28)
  file.writeUInt16LE(4 * channels.length, 32)
  file.writeUInt16LE(32, 34)
  file.write('data', 36)
  file.writeUInt32LE(file.length - 44, 40)
  for (let i = 0; i < frames; i++)
    for (const [c, channel] of channels.entries())
      file.writeFloatLE(channel[i] ?? 0, 44 + 4 * (i * channels.length + c))
  return file
}
const put = async (item: string, content: Uint8Array | string): Promise<void> => {
  await mkdir(dirname(join(folder, item)), { recursive: true })
  await writeFile(join(folder, item), content)
}
const sample = async (dataset: Dataset, i: number): Promise<number[]> => [
  ...(await gather(dataset, Uint32Array.of(i))).inputs,
]
/** Four samples a second, two seconds. */
const load = (options: Partial<AudioFolderOptions> = {}) =>
  audioFolder(folder, { seconds: 2, rate: 4, test: 0, ...options }).load()

test('brings recordings to one length: cut off, or followed by silence', async () => {
  await put('long/1.wav', wav(4, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]))
  await put('short/1.WAV', wav(4, [-1, 1, 2]))
  const { train, leftOut } = await load()
  expect(leftOut).toBeUndefined()
  expect(train.inputs.shape).toEqual([1, 8])
  expect(train.targets).toEqual({ task: 'classification', classes: ['long', 'short'], labels: Int32Array.of(0, 1) })
  expect(await sample(train, 0)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8].map(Math.fround))
  expect(await sample(train, 1)).toEqual([-1, 1, 2, 0, 0, 0, 0, 0])
  validateDataset(train)
})

test('mono is the mean of the channels, stereo has mono on both', async () => {
  await put('a/mono.wav', wav(4, [0.5, 1]))
  await put('b/stereo.wav', wav(4, [0.5, 1], [0, -1]))
  const mono = await load({ seconds: 0.5 })
  expect([await sample(mono.train, 0), await sample(mono.train, 1)]).toEqual([
    [0.5, 1],
    [0.25, 0],
  ])
  const { train } = await load({ seconds: 0.5, channels: 'stereo' })
  expect(train.inputs.shape).toEqual([2, 2])
  expect([await sample(train, 0), await sample(train, 1)]).toEqual([
    [0.5, 1, 0.5, 1],
    [0.5, 1, 0, -1],
  ])
})

test('brings recordings to one rate', async () => {
  const tone = (rate: number) => Array.from({ length: rate }, (_, i) => Math.sin((2 * Math.PI * 440 * i) / rate))
  await put('a/low.wav', wav(8000, tone(8000)))
  await put('b/high.wav', wav(44_100, tone(44_100)))
  const { train } = await audioFolder(folder, { seconds: 1, test: 0 }).load()
  expect(train.inputs.shape).toEqual([1, 16_000])
  const expected = tone(16_000)
  for (const i of [0, 1]) {
    const found = await sample(train, i)
    for (let at = 200; at < 15_800; at += 37) expect(found[at]).toBeCloseTo(expected[at] ?? 0, 3)
  }
})

test('what cannot be decoded is listed', async () => {
  for (const name of ['a', 'b']) await put(`${name}/good.wav`, wav(4, [1]))
  await put('a/cut.wav', wav(4, [1, 2, 3]).subarray(0, -5))
  await put('a/mp3.wav', 'ID3 and so on')
  await put('a/notes.txt', 'notes')
  await put('b/nan.wav', wav(4, [1, Number.NaN]))
  await put('b/silent.wav', wav(4, []))
  const { train, leftOut = [] } = await load()
  expect(train.length).toBe(2)
  expect(leftOut).toEqual([
    { item: 'a/notes.txt', reason: 'is no recording by its name (.wav, .wave)' },
    { item: 'a/cut.wav', reason: 'it is cut short: its "data" chunk has 7 of 12 bytes' },
    { item: 'a/mp3.wav', reason: 'it does not begin as a WAV file' },
    { item: 'b/nan.wav', reason: 'it holds a value that is no finite number' },
    { item: 'b/silent.wav', reason: 'it has no sound: its length is 0' },
  ])
})

test('is alike in memory and on disk, and held out by seed and content', async () => {
  for (const name of ['a', 'b'])
    for (let i = 0; i < 10; i++) await put(`${name}/${i}.wav`, wav(4, [i, name.charCodeAt(0)]))
  const inRam = await load({ test: 0.2 })
  const onDisk = await load({ test: 0.2, keep: 'disk' })
  for (const split of ['train', 'test'] as const) {
    expect([isInMemory(inRam[split]), isInMemory(onDisk[split])]).toEqual([true, false])
    expect(onDisk[split].fingerprint).toBe(inRam[split].fingerprint)
    expect(await sample(onDisk[split], 3)).toEqual(await sample(inRam[split], 3))
  }
  expect([inRam.train.length, inRam.test.length]).toEqual([16, 4])
})

describe('refuses', () => {
  test.each<[object, string]>([
    [{ seconds: 0 }, 'seconds is 0'],
    [{}, 'seconds is undefined'],
    [{ seconds: 1, rate: 0.5 }, 'rate is 0.5'],
    [{ seconds: 1, size: 3 }, 'no option "size"; the options are test, seed, keep, seconds'],
  ])('%j', (options, message) => {
    const use = () => audioFolder('x', { ...options } as AudioFolderOptions)
    expect(use).toThrow(UsageError)
    expect(use).toThrow(message)
  })
  test('a folder without recordings', async () => {
    await put('a/x.mp3', 'mp3')
    await put('b/x.mp3', 'mp3')
    await expect(load()).rejects.toThrow('has no recordings (.wav, .wave)')
  })
})

test('the source is a value that can be serialised', () => {
  expect(JSON.parse(JSON.stringify(audioFolder('words', { seconds: 1, keep: 'disk' })))).toEqual({
    kind: 'audioFolder',
    config: { folder: 'words', seconds: 1, rate: 16_000, channels: 'mono' },
  })
})
