import { mkdtempSync, rmSync } from 'node:fs'
import { copyFile, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../../runtime/ort/node.ts'
import { decodeStateDict } from '../../nn/index.ts'
import { classify, convolve } from '../../testing/experiments.ts'
import { type Experiment, earlyStopping, prepare } from '../../train/index.ts'
import { execute, openRun } from '../index.ts'
import { recordedFiles } from './files.ts'
import { readTable } from './npyTable.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-recorder-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Trains, or goes on, up to a step. */
async function trained(of: Experiment, { upTo = Number.POSITIVE_INFINITY, id = '', checkpointEvery = 1e-9 } = {}) {
  let at = 0
  const { id: made, losses } = await execute(of, await prepare(of), {
    ...{ root, seed: 4, checkpointEvery },
    ...(id !== '' && { resume: await openRun(root, id) }),
    onStart: ({ position }) => {
      at = position.step
    },
    onStep: ({ step }) => {
      at = step
    },
    shouldStop: () => at >= upTo,
  })
  return { id: made, losses, folder: join(root, made) }
}

/** Every file that was recorded, byte for byte. */
async function recorded(folder: string): Promise<Record<string, string>> {
  const inside = join(folder, 'trajectory')
  const names = (await readdir(inside)).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await readFile(join(inside, name))).toString('hex')] as const)),
  )
}

const weightsIn = async (path: string) => decodeStateDict(await readFile(path))

/** Five steps an epoch, three epochs. */
const recording = classify.with({ record: { weights: { everySteps: 4 }, steps: {} } })

describe('a run that records', () => {
  it('keeps the weights at the beginning, every so often and at the end, running statistics with them', async () => {
    const of = convolve.with({ epochs: 3, record: { weights: { everyEpochs: 2 } } })
    const { folder, losses } = await trained(of)
    const files = await recordedFiles(folder)
    const stepsPerEpoch = losses.length / 3
    expect(files.map(({ step }) => step)).toEqual([0, 2 * stepsPerEpoch, losses.length])
    const final = await weightsIn(join(folder, 'checkpoints', 'final.safetensors'))
    expect(await weightsIn(files[2]?.path ?? '')).toEqual(final)
    expect(Object.keys(final)).toContain('1.running_mean')
    expect(await weightsIn(files[0]?.path ?? '')).not.toEqual(final)
  })

  it('keeps the layers that are named alone, and ends where early stopping does', async () => {
    const { folder, losses } = await trained(
      classify.with({
        epochs: 40,
        monitor: 'validation.accuracy',
        earlyStopping: earlyStopping({ patience: 1 }),
        record: { weights: { everySteps: 1000, layers: ['3'] } },
      }),
    )
    const files = await recordedFiles(folder)
    expect(losses.length).toBeLessThan(200)
    expect(files.map(({ step }) => step)).toEqual([0, losses.length])
    expect(Object.keys(await weightsIn(files[0]?.path ?? ''))).toEqual(['3.bias', '3.weight'])
  })

  it('keeps the measures of every step', async () => {
    const { folder, losses } = await trained(recording, { checkpointEvery: 5 })
    const table = readTable(join(folder, 'trajectory', 'steps.npy'))
    expect([...(table?.keys() ?? [])]).toEqual([
      ...['step', 'epoch', 'loss', 'gradientNorm', 'gradientCosine'],
      ...['updateRatio.0.weight', 'updateRatio.0.bias', 'updateRatio.3.weight', 'updateRatio.3.bias'],
    ])
    expect([...(table?.get('step') ?? [])]).toEqual(losses.map((_, i) => i + 1))
    expect([...(table?.get('loss') ?? [])]).toEqual(losses)
    expect(table?.get('updateRatio.3.weight')?.every((ratio) => ratio > 0 && ratio < 1)).toBe(true)
  })

  it('leaves nothing where it records nothing, and makes no run for a layer that is not there', async () => {
    const { folder } = await trained(classify)
    expect(await readdir(folder)).not.toContain('trajectory')
    const before = await readdir(root)
    await expect(trained(classify.with({ record: { weights: { layers: ['9'] } } }))).rejects.toThrow(
      'experiment: record.weights.layers has "9", where the model has no weights; it has 0, 3',
    )
    expect(await readdir(root)).toEqual(before)
  })
})

describe('a run that is interrupted has recorded at its end what the unbroken one has, byte for byte', () => {
  let unbroken: Record<string, string> = {}
  let steps = 0
  beforeAll(async () => {
    const { folder, losses } = await trained(recording)
    steps = losses.length
    unbroken = await recorded(folder)
  })

  it('stopped early, late, and in mid-epoch', async () => {
    expect(Object.keys(unbroken).length).toBeGreaterThan(4)
    for (let upTo = 1; upTo < steps; upTo += 3) {
      const { id, folder } = await trained(recording, { upTo })
      await trained(recording, { id })
      expect(await recorded(folder)).toEqual(unbroken)
    }
  })

  it('killed long after its last checkpoint, with rows and weights from after it', async () => {
    const { id, folder } = await trained(recording, { upTo: 3 })
    const [last, kept] = [join(folder, 'checkpoints', 'last.safetensors'), join(root, 'kept')]
    await copyFile(last, kept)
    await trained(recording, { id, upTo: steps - 1 })
    await copyFile(kept, last)
    const { folder: again } = await trained(recording, { id, upTo: 3 })
    expect(Object.keys(await recorded(again))).toEqual(['steps.npy', 'weights-000000000.safetensors'])
    await trained(recording, { id })
    expect(await recorded(folder)).toEqual(unbroken)
  })

  it('killed before its first checkpoint', async () => {
    const { id, folder } = await trained(recording, { upTo: 6 })
    for (const file of await readdir(join(folder, 'checkpoints'))) await rm(join(folder, 'checkpoints', file))
    await trained(recording, { id })
    expect(await recorded(folder)).toEqual(unbroken)
  })

  it('unless its table has gone', async () => {
    const { id, folder } = await trained(recording, { upTo: 6 })
    await rm(join(folder, 'trajectory', 'steps.npy'))
    await expect(trained(recording, { id })).rejects.toThrow(
      /steps\.npy has 0 steps and the checkpoint was made after 6/,
    )
  })
})
