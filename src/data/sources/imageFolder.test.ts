import { mkdir, mkdtemp, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { UsageError } from '../../errors.ts'
import { type Dataset, inMemory, isInMemory, type LoadProgress } from '../dataset.ts'
import { gather } from '../gather.ts'
import { validateDataset } from '../validate.ts'
import { type ImageFolderOptions, imageFolder } from './imageFolder.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-images-'))
  vi.stubEnv('ASSAY_CACHE', join(folder, '.cache'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

type Pixels = readonly number[]
const image = (pixels: Pixels, width: number, channels: 1 | 2 | 3 | 4 = 3) =>
  sharp(Uint8Array.from(pixels), { raw: { width, height: pixels.length / channels / width, channels } })
const put = async (item: string, content: Uint8Array | string): Promise<void> => {
  await mkdir(dirname(join(folder, item)), { recursive: true })
  await writeFile(join(folder, item), content)
}
const png = (pixels: Pixels, width: number, channels: 1 | 2 | 3 | 4 = 3) =>
  image(pixels, width, channels).png().toBuffer()
/** An image of one colour. */
const plain = (level: number, [height, width] = [2, 2]) => png(Array(3 * height * width).fill(level), width)

const labelsOf = ({ targets }: Dataset): number[] => (targets.task === 'classification' ? [...targets.labels] : [])
const classesOf = ({ targets }: Dataset): readonly string[] =>
  targets.task === 'classification' ? targets.classes : []
/** The first pixel of each image. */
const firsts = (dataset: Dataset): number[] => {
  const { data } = inMemory(dataset).inputs
  return Array.from({ length: dataset.length }, (_, i) => data[(i * data.length) / dataset.length] ?? -1)
}
/** All in the training split, in the order of the folder. */
const whole = (options: ImageFolderOptions = {}) => imageFolder(folder, { test: 0, ...options }).load()

test('classes and files come in the order of code points, whatever the file system says', async () => {
  // 𝔸 is above ﬀ as a code point, and below it in UTF-16.
  const classes = ['B', 'a', 'ä', 'ﬀ', '𝔸']
  let level = 10
  for (const name of classes.toReversed())
    for (const file of ['b.png', 'B.png', '10.png', '9.png']) await put(`${name}/${file}`, await plain(level++))
  const { train } = await whole()
  expect(classesOf(train)).toEqual(classes)
  expect(labelsOf(train)).toEqual(classes.flatMap((_, c) => [c, c, c, c]))
  // Written in the order b, B, 10, 9 and taken as 10, 9, B, b.
  expect(firsts(train)).toEqual(classes.flatMap((_, c) => [12, 13, 11, 10].map((first) => first + 4 * (4 - c))))
  validateDataset(train)
})

describe('decodes', () => {
  const decoded = async (content: Uint8Array, options: ImageFolderOptions = {}, file = 'x.png') => {
    await put(`a/${file}`, content)
    await put('b/y.png', await plain(1))
    const { train, leftOut } = await whole({ size: 2, ...options })
    expect(leftOut).toBeUndefined()
    const { inputs } = await gather(train, Uint32Array.of(0))
    return [...inputs]
  }
  const colours = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]
  const planes = [255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30]

  test('PNG, planes apart', async () => expect(await decoded(await png(colours, 2))).toEqual(planes))
  test('WebP without loss', async () =>
    expect(await decoded(await image(colours, 2).webp({ lossless: true }).toBuffer(), {}, 'x.webp')).toEqual(planes))
  test('JPEG, by any case of its name', async () => {
    const jpeg = await image(Array(12).fill(77), 2).jpeg({ quality: 100 }).toBuffer()
    for (const value of await decoded(jpeg, {}, 'x.JPEG')) expect(Math.abs(value - 77)).toBeLessThanOrEqual(1)
  })
  test('grey as BT.601 has it, as PIL’s convert("L") does', async () =>
    expect(await decoded(await png(colours, 2), { channels: 'grey' })).toEqual([76, 150, 29, 18]))
  test('grey images as they are, in grey and in colour', async () => {
    const grey = await png([0, 1, 200, 255], 2, 1)
    expect(await decoded(grey, { channels: 'grey' })).toEqual([0, 1, 200, 255])
    expect(await decoded(grey)).toEqual([0, 1, 200, 255, 0, 1, 200, 255, 0, 1, 200, 255])
  })
  test('16 bits a channel as 8', async () => {
    const deep = await sharp(Uint16Array.from([0, 0x1234, 0x80ff, 0xffff]), {
      raw: { width: 2, height: 2, channels: 1 },
    })
      .toColourspace('grey16')
      .png()
      .toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    expect(await decoded(deep, { channels: 'grey' })).toEqual([0, 0x12, 0x80, 0xff])
  })
  test('a palette', async () => {
    const indexed = await image(colours, 2).png({ palette: true, colours: 4, dither: 0 }).toBuffer()
    expect((await sharp(indexed).metadata()).isPalette).toBe(true)
    for (const [i, value] of (await decoded(indexed)).entries())
      expect(Math.abs(value - (planes[i] ?? 0))).toBeLessThanOrEqual(3)
  })
  test('transparent pixels over the background', async () => {
    const half = [200, 100, 0, 255, 200, 100, 0, 0, 200, 100, 0, 0, 200, 100, 0, 128]
    expect(await decoded(await png(half, 2, 4))).toEqual([200, 0, 0, 100, 100, 0, 0, 50, 0, 0, 0, 0])
    const over = await decoded(await png(half, 2, 4), { background: [10, 20, 30] })
    expect(over.slice(0, 3)).toEqual([200, 10, 10])
    expect(over.slice(4, 7)).toEqual([100, 20, 20])
    expect(
      await decoded(await png([9, 255, 9, 0, 9, 255, 9, 255], 2, 2), { channels: 'grey', background: 50 }),
    ).toEqual([9, 50, 9, 9])
  })
  test('upright, as EXIF says', async () => {
    // Taken with the camera turned: stored are the columns of what was seen.
    const turned = await png([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6], 3)
    await put('b/y.png', await plain(1, [3, 2]))
    await put('a/x.png', await sharp(turned).withMetadata({ orientation: 6 }).png().toBuffer())
    const { train } = await whole({ channels: 'grey' })
    expect(train.inputs.shape).toEqual([1, 3, 2])
    expect([...(await gather(train, Uint32Array.of(0))).inputs]).toEqual([4, 1, 5, 2, 6, 3])
  })
})

describe('brings images of other shapes to one size', () => {
  /** White at the left quarter and the right one, black between: 8 wide, 4 high. */
  const wide = Array.from({ length: 32 }, (_, i) => (i % 8 < 2 || i % 8 > 5 ? 255 : 0))
  const brought = async (options: ImageFolderOptions) => {
    await put('a/x.png', await png(wide, 8, 1))
    await put('b/y.png', await plain(1))
    const { train } = await whole({ size: 4, channels: 'grey', ...options })
    const { inputs } = await gather(train, Uint32Array.of(0))
    return Array.from({ length: 4 }, (_, row) => [...inputs.subarray(4 * row, 4 * row + 4)])
  }
  test('cover cuts off what stands over at both sides', async () =>
    expect(await brought({})).toEqual(Array(4).fill([0, 0, 0, 0])))
  test('contain shows the whole between bars', async () => {
    const rows = await brought({ fit: 'contain', background: 128 })
    expect([rows[0], rows[3]]).toEqual([Array(4).fill(128), Array(4).fill(128)])
    for (const row of rows.slice(1, 3)) {
      expect(row[0]).toBeGreaterThan(200)
      expect(row[1]).toBeLessThan(50)
      expect(row[3]).toBeGreaterThan(200)
    }
  })
  test('stretch distorts', async () => {
    for (const row of await brought({ fit: 'stretch' })) {
      expect(row[0]).toBeGreaterThan(200)
      expect(row[1]).toBeLessThan(50)
    }
  })
  test('height comes first', async () => {
    await put('a/x.png', await plain(5))
    await put('b/y.png', await plain(6))
    expect((await whole({ size: [3, 7] })).train.inputs.shape).toEqual([3, 3, 7])
  })
})

test('what cannot be used is listed, and hidden files are not', async () => {
  for (const [name, level] of [
    ['a', 1],
    ['b', 2],
  ] as const)
    for (let i = 0; i < 3; i++) await put(`${name}/${i}.png`, await plain(10 * level + i))
  await put('a/1.png', 'this is no image')
  const large = image(
    Array.from({ length: 30_000 }, (_, i) => (i * i) % 255),
    100,
  )
  const half = (content: Uint8Array): Uint8Array => content.subarray(0, content.length / 2)
  await put('b/0.png', half(await large.png().toBuffer()))
  await put('a/half.jpg', half(await large.jpeg().toBuffer()))
  await put('b/half.webp', half(await large.webp().toBuffer()))
  await put('a/notes.txt', 'notes')
  await put('a/.hidden.png', 'hidden')
  await put('a/empty.png', '')
  await symlink(join(folder, 'nowhere.png'), join(folder, 'b/link.png'))
  await put('README.md', 'read me')
  const { train, leftOut = [] } = await whole({ size: 2 })
  expect(firsts(train)).toEqual([10, 12, 21, 22])
  expect(labelsOf(train)).toEqual([0, 0, 1, 1])
  expect(leftOut.map(({ item }) => item).sort()).toEqual(
    ['README.md', 'a/1.png', 'a/empty.png', 'a/half.jpg', 'a/notes.txt', 'b/0.png', 'b/half.webp', 'b/link.png'].sort(),
  )
  for (const { reason } of leftOut) expect(reason).toMatch(/^\S.{8,}/)
  // An earlier call's records bring the same list.
  expect((await whole({ size: 2 })).leftOut).toEqual(leftOut)
})

describe('divides', () => {
  test('as the folders train and test do', async () => {
    await put('train/cat/1.png', await plain(1))
    await put('train/dog/1.png', await plain(2))
    await put('train/eel/1.png', await plain(3))
    await put('test/dog/1.png', await plain(4))
    await put('test/eel/bad.png', 'bad')
    await put('valid/dog/1.png', await plain(5))
    const { train, test: tested, leftOut } = await imageFolder(folder).load()
    expect(classesOf(tested)).toEqual(['cat', 'dog', 'eel'])
    expect([firsts(train), labelsOf(train)]).toEqual([
      [1, 2, 3],
      [0, 1, 2],
    ])
    expect([firsts(tested), labelsOf(tested)]).toEqual([[4], [1]])
    expect(leftOut).toEqual([
      { item: 'valid/', reason: expect.stringContaining('beside train/ and test/') },
      { item: 'test/eel/bad.png', reason: expect.any(String) },
    ])
    await expect(imageFolder(folder, { test: 0.5 }).load()).rejects.toThrow(
      'has a test split of its own, so "test" cannot be 0.5',
    )
    await put('test/fox/1.png', await plain(6))
    await expect(imageFolder(folder).load()).rejects.toThrow(/test\/fox is a class that .*train does not have/)
  })

  test('else holds out a share of each class, by seed and content', async () => {
    for (const [c, name] of ['a', 'b'].entries())
      for (let i = 0; i < 20; i++) await put(`${name}/${i}.png`, await plain(100 * c + i))
    const load = (options: ImageFolderOptions = {}) => imageFolder(folder, options).load()
    const { train, test: tested } = await load()
    expect(
      [labelsOf(train), labelsOf(tested)].map((labels) => [0, 1].map((c) => labels.filter((l) => l === c).length)),
    ).toEqual([
      [16, 16],
      [4, 4],
    ])
    expect([...firsts(train), ...firsts(tested)].sort((a, b) => a - b)).toEqual([
      ...Array(20).keys(),
      ...Array.from({ length: 20 }, (_, i) => 100 + i),
    ])
    expect((await load()).test.fingerprint).toBe(tested.fingerprint)
    expect((await load({ seed: 1 })).test.fingerprint).not.toBe(tested.fingerprint)
    expect((await load({ test: 10 })).test.length).toBe(10)
    expect((await load({ test: 0 })).test.length).toBe(0)
    await expect(load({ test: 40 })).rejects.toThrow('test is 40 of 40 samples: give a count from 1 to 39')
  })

  test('alike in memory and on disk', async () => {
    for (const [c, name] of ['a', 'b'].entries())
      for (let i = 0; i < 8; i++) await put(`${name}/${i}.png`, await plain(100 * c + i))
    const inRam = await imageFolder(folder, { keep: 'memory' }).load()
    const onDisk = await imageFolder(folder, { keep: 'disk' }).load()
    for (const split of ['train', 'test'] as const) {
      expect([isInMemory(inRam[split]), isInMemory(onDisk[split])]).toEqual([true, false])
      expect(onDisk[split].fingerprint).toBe(inRam[split].fingerprint)
      const asked = Uint32Array.of(2, 0, 1, 2)
      expect(await gather(onDisk[split], asked)).toEqual(await gather(inRam[split], asked))
    }
    expect(JSON.stringify(imageFolder(folder, { keep: 'disk' }))).toBe(JSON.stringify(imageFolder(folder)))
  })
})

describe('keeps what it decoded', () => {
  beforeEach(async () => {
    for (const name of ['a', 'b']) for (let i = 0; i < 3; i++) await put(`${name}/${i}.png`, await plain(10 + i))
  })
  const decodedFiles = async (options: ImageFolderOptions = {}) => {
    const told: LoadProgress[] = []
    const { train } = await imageFolder(folder, { test: 0, size: 2, ...options }).load({
      onProgress: (at) => told.push(at),
    })
    return { train, told }
  }
  test('until a file or an option is another', async () => {
    const { train, told } = await decodedFiles()
    expect(told.at(-1)).toMatchObject({ unit: 'files', done: 6, total: 6 })
    const again = await decodedFiles()
    expect(again.told).toEqual([])
    expect(again.train).toEqual(train)
    expect((await decodedFiles({ channels: 'grey' })).told).toHaveLength(6)
    await put('a/1.png', await plain(99))
    await utimes(join(folder, 'a/1.png'), 0, 0)
    const changed = await decodedFiles()
    expect(changed.told).toHaveLength(6)
    expect(firsts(changed.train)).toEqual([10, 99, 12, 10, 11, 12])
    // What nobody will ask for again is gone: one version of each option is left.
    const kept = await readdir(join(folder, '.cache'), { recursive: true })
    expect(
      kept
        .filter((name) => /\.(bin|json|part)$/.test(name))
        .map((name) => name.split('.').at(-1))
        .sort(),
    ).toEqual(['bin', 'bin', 'json', 'json'])
  })
  test('and decodes again what was damaged since', async () => {
    await decodedFiles()
    const kept = await readdir(join(folder, '.cache'), { recursive: true })
    const records = kept.find((name) => name.endsWith('.bin')) ?? ''
    await truncate(join(folder, '.cache', records), 5)
    expect((await decodedFiles()).told).toHaveLength(6)
  })
  test('and nothing of a call that was stopped', async () => {
    const stopped = imageFolder(folder, { size: 2 }).load({
      onProgress: ({ done }) => {
        if (done === 4) throw new Error('enough')
      },
    })
    await expect(stopped).rejects.toThrow('enough')
    const kept = await readdir(join(folder, '.cache'), { recursive: true })
    expect(kept.filter((name) => /\.(bin|json|part)$/.test(name))).toEqual([])
  })
  test('and says where, when it cannot', async () => {
    await writeFile(join(folder, '.cache'), 'a file')
    await expect(decodedFiles()).rejects.toThrow(
      /cannot be kept in .*: make room there, or name another folder in ASSAY_CACHE/,
    )
  })
})

describe('refuses', () => {
  const refused = async (message: string | RegExp, options: ImageFolderOptions = {}, place = folder) => {
    const load = imageFolder(place, options).load()
    await expect(load).rejects.toThrow(UsageError)
    await expect(load).rejects.toThrow(message)
  }
  test('no folder, an empty one, and one with images only', async () => {
    await refused(/nowhere cannot be listed .*one folder for each class/, {}, join(folder, 'nowhere'))
    await refused('has no folders: put the images of each class into a folder of its own')
    await put('x.png', await plain(1))
    await refused('has no folders')
  })
  test('one class, and classes without images', async () => {
    await put('a/x.png', await plain(1))
    await refused('has one class, a: give a folder for each of two classes or more')
    await mkdir(join(folder, 'b'))
    await refused('the class b has no image that can be read: add some, or remove its folder')
    await put('b/y.png', 'bad')
    await refused(/the class b has no image that can be read \(b\/y\.png: .+\): add some/)
    await rm(join(folder, 'a/x.png'))
    await rm(join(folder, 'b/y.png'))
    await refused('has no images (.jpg, .jpeg, .png, .webp)')
  })
  test('images of several sizes without a size', async () => {
    await put('a/x.png', await plain(1))
    await put('b/y.png', await plain(1, [3, 5]))
    await refused(/a\/x\.png is 2 pixels wide and 2 high, b\/y\.png 5 and 3\): give a size/)
  })
  test.each<[object, string]>([
    [{ size: 0 }, 'size is 0: Too small'],
    [{ size: [3] }, 'size is [3]: give a whole number of pixels, or height and width'],
    [{ background: 256 }, 'background is 256: Too big'],
    [{ test: -1 }, 'test is -1'],
    [{ crop: true }, 'no option "crop"; the options are test, seed, keep, size'],
  ])('%j', (options, message) => {
    expect(() => imageFolder('x', options)).toThrow(UsageError)
    expect(() => imageFolder('x', options)).toThrow(message)
  })
})
