import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { dropout, kaimingNormal, linear, relu, sequential } from '../../nn/index.ts'
import { sgd } from '../../optim/index.ts'
import { openRun, type Run } from '../../runs/index.ts'
import { classify } from '../../testing/experiments.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { describe, type Experiment } from '../../train/index.ts'
import { requireComparable } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-comparable-'))
let made = 0

async function runOf(experiment: Experiment, { train = 't'.repeat(64), split = '0-3' } = {}): Promise<Run> {
  const id = `run-${made++}`
  const manifest = finishedManifest(id, { experiment: describe(experiment) })
  const fingerprint = { train, test: 'u'.repeat(64) }
  const folder = writeRunFolder(root, { ...manifest, data: { ...manifest.data, fingerprint } }, [])
  const division = { fingerprint: train, samples: 8, train: split, validation: '6 7' }
  writeFileSync(join(folder, 'split.json'), JSON.stringify(division))
  return openRun(root, id)
}

const hidden = (units: number, p = 0.2) => sequential(linear(units), relu(), dropout(p), linear(3))

it('runs that differ in how they were trained lie on a line', async () => {
  const a = await runOf(classify)
  const init = sequential(linear(16, { init: kaimingNormal() }), relu(), dropout(0.5), linear(3))
  await requireComparable(a, await runOf(classify.with({ batchSize: 64, optimizer: sgd({ lr: 1 }), seeds: [7] })))
  await requireComparable(a, await runOf(classify.with({ model: init })))
})

it.each<readonly [string, () => Promise<Run>, string]>([
  ['other units', () => runOf(classify.with({ model: hidden(8) })), 'model.children.0.outFeatures (16 and 8)'],
  ['other preparation', () => runOf(classify.with({ prepare: [] })), 'prepare'],
  ['other data', () => runOf(classify, { train: 'v'.repeat(64) }), 'training data (tttttttttttt and vvvvvvvvvvvv)'],
  ['another division', () => runOf(classify, { split: '0-4' }), 'the division of the data (4 and 5 training samples)'],
])('there is no line between runs with %s, and it is said why', async (_, other, text) => {
  const ask = requireComparable(await runOf(classify), await other())
  await expect(ask).rejects.toThrow(UsageError)
  await expect(ask).rejects.toThrow(text)
})
