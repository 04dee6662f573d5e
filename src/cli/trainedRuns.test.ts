import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { finishedManifest, writeRunFolder } from '../testing/runFolder.ts'
import { trainedRuns } from './trainedRuns.ts'

const runs = mkdtempSync(join(tmpdir(), 'assay-'))
afterAll(() => rmSync(runs, { recursive: true, force: true }))

const experimentOf = (batchSize: number) => ({ name: 'net', batchSize, seeds: [0, 1] })
for (const batchSize of [8, 16])
  for (const seed of [0, 1]) {
    const grid = { name: 'net-grid', labels: { batchSize: String(batchSize) } }
    const createdAt = `2026-11-21T10:${batchSize + 10}:00.000Z`
    const changes = { name: 'net', seed, grid, createdAt, experiment: experimentOf(batchSize) }
    writeRunFolder(runs, finishedManifest(`net-${batchSize}-s${seed}`, changes), [])
  }

it('opens what has been trained, once however often it is named', async () => {
  const cells = await trainedRuns(['grid:net-grid', 'net'], { runs })
  expect(cells?.map(({ label, labels, runs: own }) => ({ label, labels, runs: own.map(({ id }) => id) }))).toEqual([
    { label: 'batchSize 8', labels: { batchSize: '8' }, runs: ['net-8-s0', 'net-8-s1'] },
    { label: 'batchSize 16', labels: { batchSize: '16' }, runs: ['net-16-s0', 'net-16-s1'] },
  ])
})

it('refuses settings for what has been trained, and names that are none', async () => {
  await expect(trainedRuns(['net'], { runs, axes: { batchSize: [4] } })).rejects.toThrow(
    'batchSize cannot be changed in "net", which has been trained: give the experiment’s file',
  )
  await expect(trainedRuns(['nt'], { runs })).rejects.toThrow('did you mean "net"')
})
