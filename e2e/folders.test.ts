import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { writePngs } from '../src/testing/media.ts'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
  vi.stubEnv('ASSAY_CACHE', join(folder, 'cache'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await remove()
})

/** Bars that lie and bars that stand, 30 of each, and two files that are no images. */
async function writeShapes(): Promise<void> {
  for (const name of ['lying', 'standing']) {
    await mkdir(join(folder, 'shapes', name), { recursive: true })
    for (let i = 0; i < 30; i++) {
      const long = 10 + (i % 5)
      const [width, height] = name === 'lying' ? [long, 3] : [3, long]
      const bar = await sharp({ create: { width, height, channels: 3, background: { r: 255, g: 200, b: i } } })
        .png()
        .toBuffer()
      await sharp({ create: { width: 24, height: 24, channels: 3, background: { r: 0, g: 0, b: 40 } } })
        .composite([{ input: bar, left: i % 7, top: i % 6 }])
        [i % 2 === 0 ? 'png' : 'jpeg']()
        .toFile(join(folder, 'shapes', name, `${i}.${i % 2 === 0 ? 'png' : 'jpg'}`))
    }
  }
  await writeFile(join(folder, 'shapes', 'lying', '3.jpg'), 'no image')
  await writeFile(join(folder, 'shapes', 'standing', '7.jpg'), '')
}

it('trains on a folder of images that are read batch by batch, and says which could not be read', async () => {
  await writeShapes()
  const { code, stdout, stderr } = await assay(folder, 'run', fixture('shapes.ts'))
  expect(stderr).toMatch(
    /left out of the data: 2 \(lying\/3\.jpg: .+; standing\/7\.jpg: .+\); all are in the run’s left-out\.json/,
  )
  expect(code).toBe(0)
  expect(Number(/Test accuracy ([\d.]+) %/.exec(stdout)?.[1])).toBeGreaterThan(90)
  const [name = ''] = await runFolders(folder)
  const run = join(folder, 'runs', name)
  const leftOut = JSON.parse(await readFile(join(run, 'left-out.json'), 'utf8'))
  expect(
    z
      .array(z.object({ item: z.string() }))
      .parse(leftOut)
      .map(({ item }) => item),
  ).toEqual(['lying/3.jpg', 'standing/7.jpg'])
  const manifest = JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8'))
  expect(manifest.data).toMatchObject({ name: 'shapes', inputShape: [1, 12, 12], inputDtype: 'uint8', leftOut: 2 })
  expect(manifest.data.splits).toEqual({ train: 37, validation: 9, test: 12 })
  expect(await readFile(join(run, 'report.html'), 'utf8')).toContain('shapes')

  // What was decoded is there, and is the same data set.
  const cached = async () => (await readdir(join(folder, 'cache'), { recursive: true })).sort()
  const before = await cached()
  expect((await assay(folder, 'run', fixture('shapes.ts'), '--json', '--epochs', '1')).code).toBe(0)
  expect(await cached()).toEqual(before)
  const [, second = ''] = await runFolders(folder)
  const again = JSON.parse(await readFile(join(folder, 'runs', second, 'manifest.json'), 'utf8'))
  expect(again.data).toEqual(manifest.data)
}, 120_000)

it('names a class without images, and ends with wrong use', async () => {
  await mkdir(join(folder, 'shapes', 'round'))
  const { code, stderr } = await assay(folder, 'run', fixture('shapes.ts'))
  expect(code).toBe(2)
  expect(stderr).toContain('shapes: the class round has no image that can be read: add some, or remove its folder')
}, 60_000)

describe('interrupted while files are decoded', () => {
  const cached = async (): Promise<string[]> =>
    (await readdir(join(folder, 'cache'), { recursive: true })).filter((name) => /\.(bin|part|json)$/.test(name))

  it.each([
    ['run', fixture('shapes.ts')],
    ['profile', 'shapes'],
  ])(
    'assay %s ends at once, leaves nothing half done, and works the next time',
    async (command, what) => {
      await rm(join(folder, 'shapes'), { recursive: true, force: true })
      await rm(join(folder, 'runs'), { recursive: true, force: true })
      await rm(join(folder, 'cache'), { recursive: true, force: true })
      await writePngs(join(folder, 'shapes'), { each: 400 })
      const running = start(folder, command, what)
      await vi.waitUntil(async () => (await cached().catch(() => [])).some((name) => name.endsWith('.part')), {
        timeout: 60_000,
        interval: 5,
      })
      running.kill('SIGINT')
      expect((await running.ended).code).toBe(130)
      expect(await cached()).toEqual([])
      expect(await runFolders(folder)).toEqual([])

      const again = await assay(folder, command, what, ...(command === 'run' ? ['--epochs', '1'] : []))
      expect(again.code).toBe(0)
      expect((await cached()).map((name) => name.replace(/^.*\./, '')).sort()).toEqual(['bin', 'json'])
    },
    120_000,
  )
})
