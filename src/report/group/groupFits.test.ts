import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { groupRuns, listRuns, writePredictions } from '../../runs/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { groupFits } from './groupFits.ts'
import { writeGroupReport } from './groupReport.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-fits-'))
afterAll(() => rmSync(root, { recursive: true }))

const base = finishedManifest('base')
const [x, truth] = [Float32Array.of(1, -1, 0), Float32Array.of(2, -2, 0)]

/** A run of a model that is off by so much. */
async function run(model: string, data: string, seed: number, off: number, hasInputs = true): Promise<void> {
  const id = `${model}-${data}-s${seed}`
  const manifest = {
    ...base,
    ...{ id, name: model, seed },
    experiment: { name: model, data, loss: { kind: 'mse' }, metrics: [] },
    grid: { name: 'functions', labels: { experiment: model, function: data } },
    data: { ...base.data, name: data, fingerprint: { train: data, test: data } },
  }
  const records = [recordOf(1, 'train', 'loss', 0.7), recordOf(2, 'test', 'loss', off ** 2)]
  const folder = writeRunFolder(join(root, 'runs'), manifest, records)
  await writePredictions(join(folder, 'predictions.parquet'), {
    ...{ task: 'regression', index: Int32Array.of(0, 1, 2), targets: truth, width: 1 },
    outputs: truth.map((value) => value + off),
    ...(hasInputs && { inputs: x }),
  })
}

it('draws what all models of a grid say against x, a panel for each function, the seeds together', async () => {
  for (const seed of [0, 1])
    for (const data of ['line', 'other']) {
      await run('near', data, seed, 0.1 + seed / 5)
      await run('far', data, seed, 1)
    }
  const groups = groupRuns((await listRuns(join(root, 'runs'))).runs)
  const fits = await groupFits(groups)
  const rows = fits?.figure.rows ?? []
  expect(rows).toHaveLength(2 * 2 * 3)
  // In the order of x, whatever that of the samples; a mean over seeds with its least and largest.
  expect(rows.filter((row) => row.function === 'line' && row.label === 'near')).toEqual([
    { function: 'line', label: 'near', x: -1, truth: -2, ...around(-1.8), seeds: 2 },
    { function: 'line', label: 'near', x: 0, truth: 0, ...around(0.2), seeds: 2 },
    { function: 'line', label: 'near', x: 1, truth: 2, ...around(2.2), seeds: 2 },
  ])
  expect(fits?.figure.alt).toContain('line: near is nearest (mean squared error of its mean 0.04) and far farthest (1)')
  const page = join(root, 'page')
  expect(readFileSync(await writeGroupReport(page, groups), 'utf8')).toContain('a panel for each data set')
  expect(existsSync(join(page, 'figures/fits.csv'))).toBe(true)
})

const around = (value: number) => ({
  prediction: expect.closeTo(value, 5),
  low: expect.closeTo(value - 0.1, 5),
  high: expect.closeTo(value + 0.1, 5),
})

it('is nothing where inputs are not one number', async () => {
  await run('blind', 'elsewhere', 0, 0.5, false)
  const groups = groupRuns((await listRuns(join(root, 'runs'))).runs).filter(({ name }) => name === 'blind')
  expect(groups).toHaveLength(1)
  expect(await groupFits(groups)).toBeUndefined()
})
