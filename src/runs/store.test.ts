import { spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { manifestOf, recordOf } from '../testing/manifest.ts'
import { createRun, listRuns, openRun, readManifest, readMetrics, readSummary, removeRun, reopenRun } from './index.ts'
import { encodeSummary, summarize } from './summary.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-runs-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync(process.execPath, ['--version']).pid
const lockOf = (pid: number, host = hostname()) => JSON.stringify({ pid, host })

describe('createRun', () => {
  it('names the folder by name, seed, time and a suffix, and leaves nothing half-made', async () => {
    const run = await createRun(root, manifestOf('MNIST – ConvNet é!'))
    expect(run.id).toMatch(/^mnist-convnet-e-s7-\d{8}-\d{6}-[0-9a-f]{4}$/)
    expect(readdirSync(root)).toEqual([run.id])
    expect(readdirSync(run.folder).sort()).toEqual(['checkpoints', 'figures', 'lock', 'manifest.json', 'metrics.jsonl'])
    expect(await readManifest(run.folder)).toMatchObject({
      id: run.id,
      status: 'running',
      pid: process.pid,
      version: 1,
    })
  })

  it('refuses a manifest that is not valid, naming the field, and leaves no folder', async () => {
    await expect(createRun(root, { ...manifestOf(), configHash: 'XYZ' })).rejects.toThrow('not valid at configHash')
    expect(readdirSync(root)).toEqual([])
  })
})

describe('RunWriter', () => {
  it('keeps a log that reads back, NaN and infinities included', async () => {
    const run = await createRun(root, manifestOf())
    const records = [1, Number.NaN, Infinity, -Infinity].map((value, i) => recordOf(i, 'train', 'loss', value))
    run.log(records.slice(0, 2))
    run.log(records.slice(2))
    expect(await readMetrics(run)).toEqual(records)
    for (const line of readFileSync(join(run.folder, 'metrics.jsonl'), 'utf8').trim().split('\n')) JSON.parse(line)
  })

  it('writes files inside its folder only', async () => {
    const run = await createRun(root, manifestOf())
    expect(readFileSync(await run.writeJson('a/b.json', { x: 1 }), 'utf8')).toBe('{\n  "x": 1\n}\n')
    expect(readdirSync(join(await run.checkpoint('last', new Uint8Array(3)), '..'))).toEqual(['last.safetensors'])
    for (const name of ['../x', '/x', 'a/../../x', '.']) {
      await expect(run.writeBytes(name, 'x')).rejects.toThrow(UsageError)
    }
  })

  it('ends once, and gives the folder back', async () => {
    const run = await createRun(root, manifestOf())
    await run.finish('failed', 'the loss is NaN')
    expect(existsSync(join(run.folder, 'lock'))).toBe(false)
    expect(await readManifest(run.folder)).toMatchObject({ status: 'failed', error: 'the loss is NaN' })
    expect(() => run.log([recordOf(1, 'train', 'loss', 1)])).toThrow('has ended')
  })

  it('keeps the manifest when a change is not valid', async () => {
    const run = await createRun(root, manifestOf())
    await expect(run.update({ seed: 0.5 })).rejects.toThrow('seed')
    await run.update({ name: 'other' })
    expect(await readManifest(run.folder)).toMatchObject({ seed: 7, name: 'other' })
  })
})

describe('the lock', () => {
  it('keeps a second writer out, in this process too', async () => {
    const run = await createRun(root, manifestOf())
    await expect(reopenRun(run.folder)).rejects.toThrow(`being written by process ${process.pid}`)
    await expect(removeRun(run.folder)).rejects.toThrow('being written')
    await run.finish('interrupted')
    await (await reopenRun(run.folder)).finish('finished')
    await removeRun(run.folder)
    expect(readdirSync(root)).toEqual([])
  })

  it('is taken over from a dead process, and never from another machine', async () => {
    const run = await createRun(root, manifestOf())
    const lock = join(run.folder, 'lock')
    writeFileSync(lock, lockOf(deadPid(), 'elsewhere'))
    await expect(reopenRun(run.folder)).rejects.toThrow('on elsewhere')
    writeFileSync(lock, lockOf(deadPid()))
    const again = await reopenRun(run.folder)
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: process.pid })
    await again.finish('finished')
    expect(readdirSync(run.folder).filter((name) => name.startsWith('lock'))).toEqual([])
  })

  it.runIf(process.platform === 'linux')('sees that a process number was given to a later process', async () => {
    const run = await createRun(root, manifestOf())
    writeFileSync(join(run.folder, 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), start: '1' }))
    await (await reopenRun(run.folder)).finish('finished')
  })
})

describe('reopenRun', () => {
  it('drops the torn line and what came after the checkpoint', async () => {
    const run = await createRun(root, manifestOf())
    run.log([recordOf(1, 'train', 'loss', 1), recordOf(2, 'train', 'loss', 0.5), recordOf(3, 'train', 'loss', 0.4)])
    await run.finish('interrupted')
    appendFileSync(join(run.folder, 'metrics.jsonl'), '{"step":400,"ep')
    const again = await reopenRun(run.folder, { afterStep: 200 })
    expect(again.manifest.status).toBe('running')
    expect(again.manifest).not.toHaveProperty('finishedAt')
    again.log([recordOf(3, 'train', 'loss', 0.3)])
    expect((await readMetrics(again)).map((r) => r.value)).toEqual([1, 0.5, 0.3])
    await again.finish('finished')
  })
})

describe('listRuns and openRun', () => {
  it('lists the newest first and reports damaged folders beside them', async () => {
    const a = await createRun(root, manifestOf('a'))
    await a.update({ createdAt: '2026-01-01T00:00:00.000Z' })
    const b = await createRun(root, manifestOf('b'))
    mkdirSync(join(root, 'empty'))
    mkdirSync(join(root, '.new-x'))
    const { runs, damaged } = await listRuns(root)
    expect(runs.map((run) => run.id)).toEqual([b.id, a.id])
    expect(damaged).toMatchObject([{ folder: join(root, 'empty') }])
    expect((await openRun(root, 'latest')).id).toBe(b.id)
    expect(await listRuns(join(root, 'none'))).toEqual({ runs: [], damaged: [] })
  })

  it('shows a running run as interrupted once its process is gone', async () => {
    const run = await createRun(root, manifestOf())
    const status = async () => (await openRun(root, run.id)).manifest.status
    expect(await status()).toBe('running')
    writeFileSync(join(run.folder, 'lock'), lockOf(deadPid()))
    expect(await status()).toBe('interrupted')
    rmSync(join(run.folder, 'lock'))
    expect(await status()).toBe('interrupted')
    expect((await readManifest(run.folder)).status).toBe('running')
  })

  it('finds a run by id, prefix and path, and explains what it cannot find', async () => {
    await expect(openRun(root, 'latest')).rejects.toThrow('no run')
    await expect(openRun(root, 'x')).rejects.toThrow('holds no runs')
    const a = await createRun(root, manifestOf('mnist', 1))
    const b = await createRun(root, manifestOf('mnist', 2))
    for (const reference of [a.id, 'mnist-s1', a.folder]) expect((await openRun(root, reference)).id).toBe(a.id)
    await expect(openRun(root, 'mnist')).rejects.toThrow(/fits 2 runs.*mnist-s2/)
    await expect(openRun(root, 'minst-s2')).rejects.toThrow(`nearest are ${b.id}`)
    writeFileSync(join(a.folder, 'manifest.json'), '{}')
    await expect(openRun(root, a.id)).rejects.toThrow('damaged at version')
  })
})

describe('the metric log', () => {
  it('tolerates a torn last line and nothing else', async () => {
    const run = await createRun(root, manifestOf())
    const log = join(run.folder, 'metrics.jsonl')
    run.log([recordOf(1, 'train', 'loss', 1)])
    appendFileSync(log, '{"step":2,"epoch"')
    expect(await readMetrics(run)).toHaveLength(1)
    appendFileSync(log, '\n')
    await expect(readMetrics(run)).rejects.toThrow('line 2')
    rmSync(log)
    await expect(readMetrics(run)).rejects.toThrow('is not there')
  })
})

describe('summarize', () => {
  const records = [
    recordOf(1, 'validation', 'loss', 0.5),
    recordOf(2, 'validation', 'loss', 0.3),
    recordOf(3, 'validation', 'loss', Number.NaN),
    recordOf(1, 'validation', 'accuracy', Number.NaN),
    recordOf(2, 'validation', 'accuracy', 0.9),
    recordOf(3, 'validation', 'accuracy', 0.9),
    recordOf(1, 'train', 'rmse', 2),
    recordOf(2, 'train', 'rmse', 3),
  ]

  it('keeps best and last apart, with the direction of each metric', () => {
    expect(summarize(records, { rmse: 'min' })).toEqual({
      validation: {
        loss: { goal: 'min', best: 0.3, bestEpoch: 2, last: Number.NaN, lastEpoch: 3 },
        accuracy: { goal: 'max', best: 0.9, bestEpoch: 2, last: 0.9, lastEpoch: 3 },
      },
      train: { rmse: { goal: 'min', best: 2, bestEpoch: 1, last: 3, lastEpoch: 2 } },
    })
  })

  it('survives JSON, and is made from the log where it is missing', async () => {
    const run = await createRun(root, manifestOf())
    expect(await readSummary(run)).toBeUndefined()
    run.log(records)
    expect(await readSummary(run)).toEqual(summarize(records))
    await run.writeJson('summary.json', encodeSummary(summarize(records, { rmse: 'min' })))
    expect(await readSummary(run)).toEqual(summarize(records, { rmse: 'min' }))
  })
})
