import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { literal, withDuckDb } from '../../data/duckdb/connect.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { writePredictions } from '../predictions.ts'
import { listRuns } from '../read.ts'
import { exportViews } from './exportViews.ts'

let root = ''
beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'assay-export-'))
  for (const seed of [0, 1]) {
    const manifest = finishedManifest(`r${seed}`, { seed, createdAt: `2026-11-21T10:15:0${seed}.000Z` })
    const folder = writeRunFolder(join(root, 'runs'), manifest, [
      recordOf(1, 'train', 'loss', Number.NaN),
      recordOf(1, 'test', 'accuracy', 0.5 + seed / 4),
    ])
    await writePredictions(join(folder, 'predictions.parquet'), {
      ...{ task: 'classification', index: Int32Array.of(0), label: Int32Array.of(1), predicted: Int32Array.of(0) },
      ...{ probabilities: Float32Array.of(0.75, 0.25), classCount: 2 },
    })
  }
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const NAMES = ['metrics', 'predictions', 'runs', 'seeds', 'summary']

it('writes the views as CSV', async () => {
  const { runs } = await listRuns(join(root, 'runs'))
  const { files, leftOut } = await exportViews(runs, join(root, 'new/tables'), 'csv')
  expect(leftOut).toEqual([])
  expect(readdirSync(join(root, 'new/tables'))).toEqual(NAMES.map((name) => `${name}.csv`))
  expect(files.map(({ view, rows }) => [view, rows])).toEqual([
    ['runs', 2],
    ['summary', 4],
    ['seeds', 2],
    ['metrics', 4],
    ['predictions', 2],
  ])
  const text = (name: string): string => readFileSync(join(root, `new/tables/${name}.csv`), 'utf8')
  expect(text('metrics').split('\n').slice(0, 3)).toEqual([
    'run,split,metric,step,epoch,value,time',
    'r0,test,accuracy,100,1.0,0.5,2.5',
    'r0,train,loss,100,1.0,nan,2.5',
  ])
  expect(text('predictions')).toContain('r0,0,1,0,0.75,"[0.75, 0.25]",,\n')
})

it('writes chosen runs as Parquet, over what was there', async () => {
  const { runs } = await listRuns(join(root, 'runs'))
  await exportViews(runs, join(root, 'tables'), 'parquet')
  await exportViews(runs.slice(0, 1), join(root, 'tables'), 'parquet')
  expect(readdirSync(join(root, 'tables'))).toEqual(NAMES.map((name) => `${name}.parquet`))
  const rows = await withDuckDb(async (connection) => {
    const path = literal(join(root, 'tables/seeds.parquet'))
    return (await connection.runAndReadAll(`FROM ${path} SELECT n, mean ORDER BY metric`)).getRows()
  })
  expect(rows).toEqual([
    [1n, 0.75],
    [1n, Number.NaN],
  ])
})

it('has a file for each view of no runs, and refuses a folder that is a file', async () => {
  const { files } = await exportViews([], join(root, 'tables'), 'csv')
  expect(files.map(({ rows }) => rows)).toEqual([0, 0, 0, 0, 0])
  expect(readFileSync(join(root, 'tables/predictions.csv'), 'utf8')).toMatch(/^run,index,label,.*\n$/)
  writeFileSync(join(root, 'file'), '')
  await expect(exportViews([], join(root, 'file'), 'csv')).rejects.toThrow(/file cannot be made a folder/)
})

it('leaves out what is damaged and tells of it', async () => {
  writeFileSync(join(root, 'runs/r0/metrics.jsonl'), '{"step"\n{"step"\n')
  writeFileSync(join(root, 'runs/r0/predictions.parquet'), 'PAR1')
  const { runs } = await listRuns(join(root, 'runs'))
  const { files, leftOut } = await exportViews(runs, join(root, 'tables'), 'csv')
  expect(files.find(({ view }) => view === 'metrics')?.rows).toBe(2)
  expect(files.find(({ view }) => view === 'predictions')?.rows).toBe(1)
  expect(leftOut.map(({ reason }) => reason)).toEqual([
    expect.stringContaining('line 1 of'),
    expect.stringContaining('predictions.parquet is damaged'),
  ])
})
