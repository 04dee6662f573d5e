import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import interpolation from '../examples/training-dynamics/interpolation.ts'
import { cellsOf, prepare, prepareNetwork } from '../src/train/index.ts'
import { assay, fixture, runFolders, scratch, start } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const findings = z.array(z.object({ name: z.string(), sentence: z.string(), picture: z.string() }))
const barrier = z.object({ barriers: z.array(z.object({ pair: z.string(), height: z.number().nonnegative() })) })
const interpolated = z.object({
  ...{ a: z.string(), b: z.string(), statistics: z.string(), isAligned: z.boolean() },
  alignments: z.array(z.object({ units: z.number(), distance: z.object({ before: z.number(), after: z.number() }) })),
  barriers: z.object({ train: barrier, test: barrier }),
  findings,
})

const ok = async (...args: readonly string[]): Promise<unknown> => {
  const { code, stdout, stderr } = await assay(folder, ...args, '--json')
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout)
}

const lines = async (path: string): Promise<string[]> =>
  (await readFile(join(folder, path), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')

it('assay interpolate trains both ends of a file, pairs their seeds, aligns them, and computes nothing twice', async () => {
  const ask = ['interpolate', fixture('curved.ts'), '--axis', 'batchSize=8,40', '--seeds', '0,1', '--points', '7']
  const found = interpolated.parse(await ok(...ask, '--out', 'line', '--layers', 'each'))
  expect([found.a, found.b, found.statistics, found.isAligned]).toEqual(['batchSize 8', 'batchSize 40', 'none', false])
  expect(found.barriers.test.barriers.map(({ pair }) => pair)).toEqual(['seed 0', 'seed 1'])
  expect(found.findings.map(({ name }) => name)).toEqual(['interpolation', 'interpolation-by-layer'])
  for (const { picture } of found.findings) expect(existsSync(picture)).toBe(true)
  expect((await readFile(join(folder, 'line/interpolation.csv'), 'utf8')).split('\n')[0]).toBe(
    'alpha,metric,split,count,value,low,high',
  )
  const runs = await runFolders(folder)
  expect(runs).toHaveLength(4)
  // Seven places on each of three lines, of which A is one: twice.
  expect(await lines('line/points.jsonl')).toHaveLength(2 * 19)
  expect(interpolated.parse(await ok(...ask, '--out', 'line', '--layers', 'each'))).toEqual(found)
  expect(await lines('line/points.jsonl')).toHaveLength(2 * 19)
  expect(await runFolders(folder)).toEqual(runs)

  const aligned = interpolated.parse(await ok('interpolate', ...runs.slice(0, 2), '--align', '--points', '7'))
  expect(aligned.isAligned).toBe(true)
  expect(aligned.alignments[0]?.units).toBe(4)
  expect(aligned.alignments[0]?.distance.after).toBeLessThanOrEqual(aligned.alignments[0]?.distance.before ?? 0)
}, 120_000)

it('assay interpolate says what it needs where there is no line', async () => {
  const [one = ''] = await runFolders(folder)
  const alone = await assay(folder, 'interpolate', one)
  expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('give A and B, a grid of two cells')])
}, 60_000)

it('a network that is not trained to its end is told of beside line and surface', async () => {
  const [one = '', other = ''] = await runFolders(folder)
  const cut = join(folder, 'cut')
  await cp(join(folder, 'runs', one), cut, { recursive: true })
  await rm(join(cut, 'checkpoints/final.safetensors'))
  const manifest = await readFile(join(cut, 'manifest.json'), 'utf8')
  await writeFile(join(cut, 'manifest.json'), manifest.replace('"finished"', '"interrupted"'))
  const notes = z.object({ notes: z.array(z.string()) })
  const told = expect.stringContaining('those of its last checkpoint are used')
  const surface = notes.parse(await ok('landscape', 'cut', '--size', '3', '--out', 'cut-surface'))
  expect(surface.notes).toContainEqual(told)
  const line = notes.parse(await ok('interpolate', other, 'cut', '--points', '2', '--out', 'cut-line'))
  expect(line.notes).toContainEqual(told)
}, 60_000)

it('assay landscape goes on after a kill with the places that it had', async () => {
  const [run = ''] = await runFolders(folder)
  const log = join('runs', run, 'figures/landscape/points.jsonl')
  const ask = ['landscape', run, '--size', '61']
  const first = start(folder, ...ask)
  for (let waited = 0; waited < 600 && (await lines(log)).length === 0; waited++) await setTimeout(50)
  first.kill('SIGKILL')
  await first.ended
  const before = await lines(log)
  expect(before.length).toBeGreaterThan(0)
  const again = z.object({ findings }).parse(await ok(...ask))
  expect(again.findings.map(({ name }) => name)).toEqual(['random-train-loss', 'random-train-accuracy'])
  const after = await lines(log)
  expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1))
  expect(new Set(after.filter((line) => line.startsWith('{"asked"') && line.endsWith('}}}'))).size).toBe(61 * 61)
}, 120_000)

it('assay landscape draws the plane of three runs, lines, and the way of a training', async () => {
  const three = z
    .object({ findings })
    .parse(await ok('landscape', ...(await runFolders(folder)).slice(0, 3), '--size', '5'))
  expect(three.findings[0]?.name).toBe('plane-train-loss')
  expect(three.findings[0]?.sentence).toContain('nearest to C')
  const profile = z
    .object({ findings })
    .parse(await ok('landscape', 'latest', '--profile', '3', '--split', 'train,test', '--size', '5', '--move-biases'))
  expect(profile.findings[0]?.sentence).toContain('Along 3 random directions')
  const recording = ['--set', 'record.weights.everyEpochs=1', '--directions', 'trajectory', '--size', '5']
  const way = z.object({ findings }).parse(await ok('landscape', fixture('curved.ts'), ...recording))
  expect(way.findings[0]?.name).toBe('trajectory-train-loss')
  const none = await assay(folder, 'landscape', (await runFolders(folder))[0] ?? '', '--directions', 'trajectory')
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('has recorded no weights')])
  const both = await assay(folder, 'landscape', 'latest', '--profile', '2', '--directions', 'trajectory')
  expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--profile goes along random directions')])
}, 120_000)

// Its trainings take a minute: here they are only made and checked against the data.
it('the example has two ends with three seeds each', async () => {
  const cells = cellsOf(interpolation)
  expect(cells.map(({ experiment }) => experiment.batchSize)).toEqual([64, 1024])
  const [first] = cells
  if (first === undefined) throw new Error('there is nothing to train')
  const data = await prepare(first.experiment)
  for (const { experiment } of cells) {
    expect(experiment.seeds).toHaveLength(3)
    expect(prepareNetwork(experiment, data).target).toBe(data.target)
  }
}, 60_000)
