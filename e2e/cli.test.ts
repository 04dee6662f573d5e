import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { assay, example, fixture, runFolders, scratch, start, TEMPORARY } from './assay.ts'

let folder = ''
let remove = async (): Promise<void> => {}
beforeAll(async () => {
  ;({ folder, remove } = await scratch())
})
afterAll(() => remove())

const outcomes = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      folder: z.string(),
      status: z.enum(['finished', 'interrupted']),
      losses: z.array(z.number()),
      weights: z.string(),
      test: z.record(z.string(), z.number()).optional(),
    }),
  ),
})

/** A sixth of MNIST, to be quick. */
const QUICK = ['--set', 'split.validation=50000', '--epochs', '1'] as const

async function train(...args: readonly string[]) {
  const { code, stdout, stderr } = await assay(folder, 'run', example('mnist-convnet.ts'), ...QUICK, '--json', ...args)
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const [run] = outcomes.parse(JSON.parse(stdout)).runs
  if (run === undefined) throw new Error('no run was reported')
  return run
}

describe('assay run', () => {
  it('gives the same losses and weights for the same seed, bit for bit, and others for another', async () => {
    const first = await train('--seed', '7')
    const again = await train('--seed', '7')
    const other = await train('--seed', '8')
    expect(first.losses).toHaveLength(Math.ceil(10_000 / 64))
    expect(again.losses).toEqual(first.losses)
    expect(again.weights).toBe(first.weights)
    expect(other.losses).not.toEqual(first.losses)
    expect(other.weights).not.toBe(first.weights)
    expect(first.test?.accuracy).toBeGreaterThan(0.9)
  }, 180_000)

  it('leaves a whole run folder', async () => {
    const { code, stdout } = await assay(folder, 'show', 'latest', '--json')
    expect(code).toBe(0)
    const { folder: run, files } = z
      .object({ folder: z.string(), files: z.array(z.string()) })
      .parse(JSON.parse(stdout))
    for (const file of [
      'manifest.json',
      'metrics.jsonl',
      'summary.json',
      'predictions.parquet',
      'preparation.json',
      'model.onnx',
      'report.html',
      'checkpoints/last.safetensors',
      'figures/training-curves.csv',
      'figures/training-curves.svg',
      'figures/training-curves.vl.json',
    ])
      expect(files).toContain(file)
    expect(await readFile(join(run, 'report.html'), 'utf8')).toMatch(/test accuracy on 10,000 examples/)
    await expect(access(join(run, 'lock'))).rejects.toThrow()
  })

  it.each([
    ['pool-too-large.ts', ['layer "4"', 'MaxPool2d', '[1, 4, 2, 2]', '3×3', 'smaller window']],
    ['eleven-classes.ts', ['10 logits', '11 classes', 'linear(11)']],
    ['label-outside.ts', ['41', '7']],
    ['not-a-number.ts', ['17', 'NaN']],
  ])('ends %s before training: one sentence, exit code 2, no run folder', async (file, parts) => {
    const before = await runFolders(folder)
    const { code, stdout, stderr } = await assay(folder, 'run', fixture(file))
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr.trim().split('\n')).toHaveLength(1)
    for (const part of parts) expect(stderr).toContain(part)
    expect(await runFolders(folder)).toEqual(before)
  })

  it.each([
    [['run', 'nowhere.ts'], 'there is no experiment file'],
    [['run', example('mnist-convnet.ts'), '--epochs', 'many'], '--epochs is "many"'],
    [['run', example('mnist-convnet.ts'), '--set', 'optimizer.speed=1'], 'speed'],
    [['run', example('mnist-convnet.ts'), '--set', 'model.1.p=0.5'], 'model.1.p'],
    [['run', example('mnist-convnet.ts'), '--set', 'batchSize'], 'name=value'],
    [['show', 'no-such-run'], 'no-such-run'],
    [['dance'], 'unknown command'],
  ])('answers wrong use, %j, with exit code 2', async (args, part) => {
    const { code, stderr } = await assay(folder, ...args)
    expect(stderr).toContain(part)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(2)
  })

  it('stops cleanly on Ctrl-C and keeps the run', async () => {
    const before = new Set(await runFolders(folder))
    const running = start(folder, 'run', example('mnist-convnet.ts'))
    await running.said('training samples')
    await new Promise((done) => setTimeout(done, 1500))
    running.kill('SIGINT')
    const { code, stdout } = await running.ended
    expect(code).toBe(130)
    expect(stdout).toContain('the run is kept')
    const [made, ...others] = (await runFolders(folder)).filter((name) => !before.has(name))
    expect(others).toEqual([])
    const run = join(folder, 'runs', made ?? '')
    expect(JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')).status).toBe('interrupted')
    await access(join(run, 'checkpoints/last.safetensors'))
    await expect(access(join(run, 'lock'))).rejects.toThrow()
  }, 60_000)
})

describe('assay run, once more', () => {
  it('ends at once on a second Ctrl-C, and what was logged is kept', async () => {
    const before = new Set(await runFolders(folder))
    const running = start(folder, 'run', example('mnist-convnet.ts'))
    await running.said('training samples')
    await new Promise((done) => setTimeout(done, 2500))
    running.kill('SIGINT')
    running.kill('SIGINT')
    await running.ended
    const [made] = (await runFolders(folder)).filter((name) => !before.has(name))
    const log = await readFile(join(folder, 'runs', made ?? '', 'metrics.jsonl'), 'utf8')
    expect(log.split('\n').length).toBeGreaterThan(10)
    const { stdout } = await assay(folder, 'show', made ?? '', '--json')
    expect(JSON.parse(stdout).manifest.status).toBe('interrupted')
  }, 60_000)

  it('says in the report how to repeat the very run', async () => {
    const args = ['--seed', '5', '--epochs', '1', '--set', 'split.validation=59000', '--set', 'optimizer.lr=0.02']
    const { code, stdout } = await assay(folder, 'run', example('deep-and-narrow.ts'), '--json', ...args)
    expect(code).toBe(0)
    const [run] = outcomes.parse(JSON.parse(stdout)).runs
    const report = await readFile(join(run?.folder ?? '', 'report.html'), 'utf8')
    expect(report).toContain('--seed 5 --set split.validation=59000 --set optimizer.lr=0.02 --set epochs=1')
  })

  it('tells of a failure as JSON too', async () => {
    const { code, stdout } = await assay(folder, 'run', fixture('eleven-classes.ts'), '--json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({ runs: [], error: expect.stringContaining('linear(11)') })
  })
})

describe('assay runs, doctor, --help', () => {
  it('lists runs newest first', async () => {
    const { stdout } = await assay(folder, 'runs', '--json')
    const { runs } = z
      .object({ runs: z.array(z.object({ manifest: z.object({ createdAt: z.string(), status: z.string() }) })) })
      .parse(JSON.parse(stdout))
    const times = runs.map(({ manifest }) => manifest.createdAt)
    expect(times.length).toBeGreaterThanOrEqual(4)
    expect(times).toEqual(times.toSorted().reverse())
    expect((await assay(folder, 'runs')).stdout).toContain('finished')
  })

  it('finds everything in place', async () => {
    const { code, stdout } = await assay(folder, 'doctor', '--json')
    expect(code).toBe(0)
    const { findings } = z
      .object({ findings: z.array(z.object({ what: z.string(), ok: z.boolean() })) })
      .parse(JSON.parse(stdout))
    expect(findings.map(({ what }) => what)).toEqual([
      'assay',
      'node',
      'onnxruntime',
      'machine',
      'threads',
      'runtime',
      'data',
    ])
    expect(findings.every(({ ok }) => ok)).toBe(true)
  })

  it('leave nothing behind outside the runs, ONNX Runtime’s telemetry included', async () => {
    await assay(folder, 'doctor')
    expect(await readdir(join(folder, TEMPORARY))).toEqual([])
    expect(await readdir(folder)).toEqual(expect.arrayContaining([TEMPORARY, 'runs']))
    expect(await readdir(folder)).toHaveLength(2)
  })

  it.each(['run', 'runs', 'show', 'doctor'])('shows an example in the help of %s', async (command) => {
    const { code, stdout } = await assay(folder, command, '--help')
    expect(code).toBe(0)
    expect(stdout).toMatch(/Examples?:\n {2}assay /)
  })
})
