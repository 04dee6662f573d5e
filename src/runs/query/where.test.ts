import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { listRuns, type SummarizedRun, summariesOf } from '../read.ts'
import { runsWhere } from './where.ts'

let root = ''
let runs: readonly SummarizedRun[] = []
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-where-'))
  for (const [i, lr] of [0.1, 0.01, 0.001].entries()) {
    const experiment = { optimizer: { kind: 'adam', lr } }
    const manifest = finishedManifest(`r${i}`, { experiment, createdAt: `2026-11-21T10:15:0${i}.000Z` })
    const scores = [
      recordOf(1, 'validation', 'accuracy', 0.9),
      recordOf(2, 'validation', 'accuracy', 0.5),
      recordOf(2, 'test', 'accuracy', 0.7 + i / 10),
      // A score by the name of a setting.
      recordOf(2, 'test', 'Seed', 99),
    ]
    writeRunFolder(root, manifest, i === 2 ? [recordOf(1, 'train', 'loss', Number.NaN)] : scores)
  }
  runs = (await summariesOf((await listRuns(root)).runs)).summaries
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const where = async (condition: string) => (await runsWhere(runs, condition)).map(({ id }) => id)

describe('runs for which a condition holds', () => {
  it.each([
    ['lr < 0.05', ['r2', 'r1']],
    ['lr < 0.05 AND accuracy > 0.7', ['r1']],
    ['validation_accuracy = 0.5', ['r1', 'r0']],
    ['accuracy IS NULL -- not tested', ['r2']],
    ['isnan(train_loss)', ['r2']],
    ['seed = 7', ['r2', 'r1', 'r0']],
    ["experiment->>'$.optimizer.lr' = '0.1' OR id LIKE '%1'", ['r1', 'r0']],
    ['lr = (SELECT max(lr) FROM runs)', ['r0']],
    ['EXISTS (FROM runs AS other WHERE other.id = runs.id AND other.accuracy > 0.75)', ['r1']],
    ['false', []],
  ])('%s', async (condition, ids) => expect(await where(condition)).toEqual(ids))

  it.each([
    ['acuracy > 0.9', /--where: .*"acuracy" not found.*accuracy/s],
    ['lr <', /--where: .*syntax error/s],
    ['true); SELECT (1', /2 statements/],
    ["lr IN (SELECT 1 FROM read_text('/etc/hosts'))", /disabled/],
  ])('%s is refused', async (condition, message) => {
    await expect(where(condition)).rejects.toThrow(message)
  })
})
