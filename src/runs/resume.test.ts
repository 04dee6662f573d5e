import { mkdtempSync, rmSync } from 'node:fs'
import { copyFile, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../runtime/ort/node.ts'
import { UsageError } from '../errors.ts'
import { warmup } from '../optim/index.ts'
import { classify } from '../testing/experiments.ts'
import { clouds } from '../testing/made.ts'
import { earlyStopping, type Prepared, prepare } from '../train/index.ts'
import { execute, openRun, readMetrics } from './index.ts'

let root = ''
let prepared: Prepared
let unbroken: Awaited<ReturnType<typeof outcome>>
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-resume-'))
  prepared = await prepare(long)
  unbroken = await outcome(await trained())
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const long = classify.with({ epochs: 4, evaluation: { everySteps: 3 }, earlyStopping: earlyStopping({ patience: 20 }) })

/** Trains from the beginning, or goes on, up to a step; a checkpoint is made after each. */
const trained = async (upTo = Number.POSITIVE_INFINITY, id?: string): Promise<string> => {
  let at = 0
  const execution = await execute(long, prepared, {
    ...{ root, seed: 4, checkpointEvery: 1e-9 },
    ...(id !== undefined && { resume: await openRun(root, id) }),
    onStart: ({ position }) => {
      at = position.step
    },
    onStep: ({ step }) => {
      at = step
    },
    shouldStop: () => at >= upTo,
  })
  return execution.id
}

const checkpoint = (id: string, name: string): string => join(root, id, 'checkpoints', `${name}.safetensors`)

/** What a run comes to: its log without the times, and the numbers of its weights. */
async function outcome(id: string) {
  const records = await readMetrics({ folder: join(root, id) })
  const weights = async (name: string): Promise<string> => {
    const bytes = await readFile(checkpoint(id, name))
    return bytes.subarray(8 + Number(bytes.readBigUInt64LE())).toString('hex')
  }
  return {
    records: records.map(({ time: _, ...record }) => record),
    final: await weights('final'),
    best: await weights('best'),
  }
}

/** Makes a run look as if it had been killed. */
async function killed(id: string): Promise<void> {
  const path = join(root, id, 'manifest.json')
  await writeFile(path, (await readFile(path, 'utf8')).replace('"finished"', '"running"'))
}

describe('a run ends where the unbroken one ends, killed', () => {
  it('before its first checkpoint', async () => {
    const id = await trained(5)
    for (const file of await readdir(join(root, id, 'checkpoints'))) await rm(join(root, id, 'checkpoints', file))
    await trained(undefined, id)
    expect(await outcome(id)).toEqual(unbroken)
  })

  it('between the best checkpoint and the last one', async () => {
    const id = await trained(4)
    const [last, kept] = [checkpoint(id, 'last'), join(root, 'kept')]
    await copyFile(last, kept)
    const best = await readFile(checkpoint(id, 'best'))
    await trained(12, id)
    expect(best.equals(await readFile(checkpoint(id, 'best')))).toBe(false)
    await copyFile(kept, last)
    await trained(5, id)
    await trained(undefined, id)
    expect(await outcome(id)).toEqual(unbroken)
  })

  it('after the test scores were logged', async () => {
    const id = await trained()
    const whole = await outcome(id)
    expect(whole.records.filter(({ split }) => split === 'test').length).toBeGreaterThan(0)
    await killed(id)
    await trained(undefined, id)
    expect(await outcome(id)).toEqual(whole)
  })
})

describe('a run is not gone on with', () => {
  it('where the log lacks steps before the checkpoint, and stays as it is', async () => {
    const id = await trained(5)
    const log = join(root, id, 'metrics.jsonl')
    const lines = (await readFile(log, 'utf8')).split('\n')
    await writeFile(log, lines.toSpliced(1, 1).join('\n'))
    await expect(trained(undefined, id)).rejects.toThrow(/the losses of 4 steps and the checkpoint was made after 5/)
    await writeFile(log, lines.join('\n'))
    await trained(undefined, id)
    expect((await openRun(root, id)).manifest.status).toBe('finished')
  })

  it('on other data', async () => {
    const id = await trained(5)
    const other = await prepare(long.with({ data: clouds({ samples: 93, test: 30 }) }))
    const resumed = execute(long, other, { root, seed: 4, resume: await openRun(root, id) })
    await expect(resumed).rejects.toThrow(/are others than those that run clouds-s4-.* was begun with/)
    expect((await openRun(root, id)).manifest.status).toBe('interrupted')
  })
})

it('a schedule that cannot be is a mistake of use, and leaves no run', async () => {
  const before = await readdir(root)
  const of = long.with({ schedule: warmup({ epochs: 4 }) })
  const failed = execute(of, prepared, { root, seed: 0 })
  await expect(failed).rejects.toThrow(UsageError)
  await expect(failed).rejects.toThrow(/^warmup: it takes/)
  expect(await readdir(root)).toEqual(before)
})
