import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrays, inMemory, standardize } from '../data/index.ts'
import { accuracy, r2 } from '../metrics/index.ts'
import {
  batchNorm2d,
  conv2d,
  crossEntropy,
  decodeSafetensors,
  dropout,
  flatten,
  layer,
  linear,
  mse,
  relu,
  sequential,
  tanh,
} from '../nn/index.ts'
import { adam, sgd } from '../optim/index.ts'
import { key, uniform } from '../random/index.ts'
import '../runtime/ort/node.ts'
import { mul } from '../tensor/index.ts'
import { experiment, prepare } from '../train/index.ts'
import { execute, openRun, readMetrics, readPredictions, readSummary } from './index.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-runs-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** y = x² on 120 points, tested on 30 others. */
const points = (n: number, seed: number) => {
  const x = uniform(key(seed), n, { low: -1, high: 1 })
  return {
    inputs: { data: x, shape: [1] },
    targets: { task: 'regression' as const, values: x.map((v) => v * v), shape: [1] },
  }
}

const parabola = experiment({
  name: 'parabola',
  data: arrays({ name: 'parabola', ...points(120, 1), test: points(30, 2) }),
  split: { validation: 20 },
  model: sequential(linear(16), tanh(), linear(1)),
  loss: mse(),
  optimizer: adam({ lr: 0.02 }),
  batchSize: 32,
  epochs: 60,
  metrics: [r2()],
})

/** Which half of a 6×6 picture is brighter. */
const halves = experiment({
  name: 'halves',
  data: arrays({
    name: 'halves',
    inputs: {
      data: Uint8Array.from({ length: 90 * 36 }, (_, i) => {
        const [sample, column] = [Math.floor(i / 36), i % 6]
        return (sample % 2 === 0) === column < 3 ? 200 + (i % 7) : 20 + (i % 5)
      }),
      shape: [1, 6, 6],
    },
    targets: {
      task: 'classification',
      labels: Int32Array.from({ length: 90 }, (_, i) => i % 2),
      classes: ['left', 'right'],
    },
  }),
  prepare: [standardize()],
  model: sequential(conv2d(4, 3), batchNorm2d(), relu(), flatten(), dropout(0.2), linear(2)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.01 }),
  batchSize: 32,
  epochs: 5,
  metrics: [accuracy()],
})

describe('execute', () => {
  it('keeps a regression: predictions, metrics, checkpoint', async () => {
    const run = await execute(parabola, await prepare(parabola), { root, seed: 3 })
    expect(run.status).toBe('finished')
    expect(run.test?.scores.r2).toBeGreaterThan(0.95)
    const predictions = await readPredictions(join(run.folder, 'predictions.parquet'))
    if (predictions.task !== 'regression') throw new Error('a regression was kept as a classification')
    expect(predictions.targets).toEqual(points(30, 2).targets.values)
    const errors = predictions.outputs.map((output, i) => (output - (predictions.targets[i] ?? 0)) ** 2)
    expect(errors.reduce((a, b) => a + b, 0) / errors.length).toBeCloseTo(run.test?.scores.loss ?? Number.NaN, 6)
    const opened = await openRun(root, run.id)
    expect(opened.manifest.status).toBe('finished')
    expect((await readSummary(opened))?.test?.r2?.last).toBe(run.test?.scores.r2)
    const records = await readMetrics(opened)
    expect(records.filter(({ name }) => name === 'batchLoss').map(({ value }) => value)).toEqual(run.losses)
    const { tensors, metadata } = decodeSafetensors(await readFile(join(run.folder, 'checkpoints/last.safetensors')))
    expect(metadata).toMatchObject({ run: run.id, seed: '3', epoch: '60', step: '240' })
    expect(tensors['0.weight']?.shape).toEqual([16, 1])
    expect(Object.keys(tensors)).toContain('training/exp_avg_sq.2.bias')
  })

  it('writes a model.onnx that takes raw samples in any batch and gives what the network gives', async () => {
    const prepared = await prepare(halves)
    const run = await execute(halves, prepared, { root, seed: 0 })
    expect(run.test).toBeUndefined()
    const { outputs } = await evaluated(run.folder, inMemory(prepared.train.dataset).inputs.data.subarray(0, 7 * 36), 7)
    const single = await evaluated(run.folder, inMemory(prepared.train.dataset).inputs.data.subarray(0, 36), 1)
    expect(outputs).toHaveLength(14)
    expect(Math.abs((outputs[0] ?? 0) - (single.outputs[0] ?? 9))).toBeLessThan(1e-5)
    for (let i = 0; i < 7; i++) expect((outputs[2 * i] ?? 0) > (outputs[2 * i + 1] ?? 0)).toBe(i % 2 === 0)
  })

  it('writes a model.onnx for single samples where a layer computes with the size of the batch', async () => {
    const grow = layer('Grow', { apply: (_, x) => mul(x, x.shape[0] ?? 1) })
    const odd = halves.with({ model: sequential(flatten(), grow, linear(2)), epochs: 1 })
    const prepared = await prepare(odd)
    const run = await execute(odd, prepared, { root, seed: 0 })
    const { outputs } = await evaluated(run.folder, inMemory(prepared.train.dataset).inputs.data.subarray(0, 36), 1)
    expect(outputs).toHaveLength(2)
    await expect(
      evaluated(run.folder, inMemory(prepared.train.dataset).inputs.data.subarray(0, 72), 2),
    ).rejects.toThrow()
  })

  it('keeps a run whose loss became infinite as failed, with the reason', async () => {
    const wild = parabola.with({ name: 'wild', optimizer: sgd({ lr: 1e6 }) })
    await expect(execute(wild, await prepare(wild), { root, seed: 0 })).rejects.toThrow(/learning rate below 1000000/)
    const { manifest } = await openRun(root, 'wild')
    expect(manifest.status).toBe('failed')
    expect(manifest.error).toMatch(/the loss became/)
  })

  it('makes no folder when the experiment cannot run', async () => {
    const before = await readdir(root)
    const wrong = halves.with({ model: sequential(flatten(), linear(3)) })
    await expect(prepare(wrong)).rejects.toThrow('3 logits and the data have 2 classes')
    expect(await readdir(root)).toEqual(before)
  })

  it('stops when asked to and says where', async () => {
    let steps = 0
    const run = await execute(parabola, await prepare(parabola), {
      root,
      seed: 0,
      onStep: ({ step }) => {
        steps = step
      },
      shouldStop: () => steps >= 6,
    })
    expect(run).toMatchObject({ status: 'interrupted', position: { epoch: 1, step: 6 } })
    expect((await openRun(root, run.id)).manifest.status).toBe('interrupted')
    const { metadata } = decodeSafetensors(await readFile(join(run.folder, 'checkpoints/last.safetensors')))
    expect(metadata).toMatchObject({ step: '6' })
  })
})

async function evaluated(folder: string, samples: Uint8Array | Float32Array, batch: number) {
  const session = await ort.InferenceSession.create(join(folder, 'model.onnx'))
  if (!(samples instanceof Uint8Array)) throw new Error('the pictures are bytes')
  const { output } = await session.run({ input: new ort.Tensor('uint8', samples, [batch, 1, 6, 6]) })
  return { outputs: Float32Array.from(output?.data ?? [], Number) }
}
