import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import '../../runtime/ort/node.ts'
import { stateDict } from '../../nn/index.ts'
import { execute, recordedSteps } from '../../runs/index.ts'
import { convolve } from '../../testing/experiments.ts'
import { type Experiment, prepare } from '../../train/index.ts'
import { recordedPoints, recordedWeights } from './recorded.ts'

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-recorded-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const trained = async (of: Experiment) => execute(of, await prepare(of), { root, seed: 0 })
const recording = convolve.with({ epochs: 3, record: { weights: { everyEpochs: 2 }, steps: {} } })

describe('recorded weights', () => {
  it('are those of the network, nested as its layers are, and read in parts', async () => {
    const { id, folder, state } = await trained(recording)
    const points = await recordedPoints({ id, folder })
    expect(points.map(({ epoch }) => epoch)).toEqual([0, 2, 3])
    const snapshots = await recordedWeights({ id, folder })
    expect(snapshots.map(({ label }) => label)).toEqual(['epoch 0', 'epoch 2', 'epoch 3'])
    const last = snapshots.at(-1)?.variables ?? { parameters: {}, buffers: {} }
    expect(Object.entries(stateDict(last))).toEqual(Object.entries(stateDict(state.variables)))
    expect(Object.keys(stateDict({ parameters: {}, buffers: last.buffers }))).toEqual([
      '1.running_mean',
      '1.running_var',
    ])
    const [first] = points
    expect(first?.parameters.map(({ name }) => name)).toEqual(
      Object.keys(stateDict({ parameters: state.variables.parameters, buffers: {} })),
    )
    const whole = stateDict(snapshots[0]?.variables ?? last)['5.weight']?.data
    expect(await first?.read('5.weight', 3, 9)).toEqual(whole?.slice(3, 9))
  })

  it('are beside the measures of steps', async () => {
    const { folder, losses } = await trained(recording)
    const steps = recordedSteps({ folder })
    expect([...(steps?.loss ?? [])]).toEqual(losses)
    expect([...(steps?.updateRatios.keys() ?? [])]).toContain('5.weight')
  })

  it('are missed by name where there are none, or a file is damaged', async () => {
    const { id, folder } = await trained(recording)
    const [name = ''] = (await readdir(join(folder, 'trajectory'))).filter((one) => one.startsWith('weights'))
    await writeFile(join(folder, 'trajectory', name), 'damaged')
    await expect(recordedPoints({ id, folder })).rejects.toThrow(/weights-000000000\.safetensors/)
    await rm(join(folder, 'trajectory'), { recursive: true })
    await expect(recordedPoints({ id, folder })).rejects.toThrow(/has recorded no weights: train with record/)
    expect(recordedSteps({ folder })).toBeUndefined()
  })
})
