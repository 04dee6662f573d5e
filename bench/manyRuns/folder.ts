/** A folder of many runs, as a semester of grids leaves it. @module */

import { mnist } from '../../src/data/node.ts'
import { accuracy, f1 } from '../../src/metrics/index.ts'
import { convNet } from '../../src/models/index.ts'
import { crossEntropy, summary } from '../../src/nn/index.ts'
import { adam } from '../../src/optim/index.ts'
import type { MetricRecord } from '../../src/runs/index.ts'
import { finishedManifest, writeRunFolder } from '../../src/testing/runFolder.ts'
import { configHash, describe, experiment } from '../../src/train/index.ts'

/** Seeds of each setting. */
const SEEDS = 5
/** Epochs of a run, with five scores each; the rest of its points are losses of steps. */
const EPOCHS = 40

/** Writes runs of a ConvNet, a setting for every five of them, each with a log of so many points and no more: training is not what is measured. */
export function writeRuns(root: string, runs: number, points: number): void {
  for (let i = 0; i < runs; i++) writeRun(root, i, points)
}

function writeRun(root: string, i: number, points: number): void {
  const seed = i % SEEDS
  const setting = Math.floor(i / SEEDS)
  const lr = 1e-4 * 10 ** ((setting % 100) / 25)
  const chosen = experiment({
    name: `grid-${setting % 10}`,
    data: mnist(),
    split: { validation: 10_000 },
    model: convNet(),
    loss: crossEntropy(),
    optimizer: adam({ lr, weightDecay: setting * 1e-7 }),
    batchSize: 64,
    epochs: EPOCHS,
    seeds: Array.from({ length: SEEDS }, (_, s) => s),
    metrics: [accuracy(), f1({ average: 'macro' })],
  })
  layers ??= layersOf(chosen.model)
  const created = new Date(Date.UTC(2026, 8, 1) + i * 60_000)
  const id = `${chosen.name}-s${seed}-${created.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${(i % 65536).toString(16).padStart(4, '0')}`
  const manifest = finishedManifest(id, {
    name: chosen.name,
    seed,
    experiment: describe(chosen),
    configHash: configHash(chosen, seed),
    createdAt: created.toISOString(),
    finishedAt: new Date(created.getTime() + 50_000).toISOString(),
    model: layers,
  })
  writeRunFolder(root, manifest, recordsOf(points, 0.99 - Math.abs(Math.log10(lr) + 2.5) / 10 + seed / 1000))
}

let layers: ReturnType<typeof layersOf> | undefined
function layersOf(model: Parameters<typeof summary>[0]) {
  const table = summary(model, [1, 28, 28])
  const rows = table.rows.map(({ path, layer, outputShape, parameters, macs, receptiveField }) => ({
    name: path,
    layer,
    'output shape': outputShape.join('×'),
    parameters,
    MACs: macs,
    'receptive field': receptiveField?.join('×') ?? '',
  }))
  return { name: model.kind, parameters: table.parameters, layers: rows }
}

/** A log whose accuracy rises towards a value. */
function recordsOf(points: number, reached: number): MetricRecord[] {
  const scores = EPOCHS * 5 + 2
  const steps = Math.max(EPOCHS, points - scores)
  const records: MetricRecord[] = []
  const note = (step: number, split: string, name: string, value: number): void => {
    records.push({ step, epoch: (step * EPOCHS) / steps, split, name, value, time: step / 20 })
  }
  for (let step = 1; step <= steps; step++) {
    note(step, 'train', 'batchLoss', 2.3 * Math.exp(-step / 200) + 0.1 * Math.abs(Math.sin(step)))
    if (Math.floor((step * EPOCHS) / steps) === Math.floor(((step - 1) * EPOCHS) / steps)) continue
    const now = reached - 0.4 * Math.exp(-step / 100)
    note(step, 'train', 'loss', 1 - now)
    for (const [name, value] of Object.entries({ loss: 1.1 - now, accuracy: now, f1Macro: now - 0.01 }))
      note(step, 'validation', name, value)
    note(step, 'weights', 'sparsity', 0)
  }
  for (const [name, value] of Object.entries({ loss: 1.1 - reached, accuracy: reached }))
    note(steps, 'test', name, value)
  return records
}
