import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { groupRuns, listRuns, writePredictions } from '../../runs/index.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { groupReportFolder, groupTitle, writeGroupReport } from '../index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-group-'))
afterAll(() => rmSync(root, { recursive: true }))

const base = finishedManifest('base')

/** One run of a grid of models and rates; the model `loud` diverges at a rate of 1. */
async function cell(
  place: string,
  model: string,
  lr: string,
  seed: number,
  accuracy: number,
  { epochs = 1, createdAt = base.createdAt } = {},
): Promise<void> {
  const id = `${model}-${lr}-${epochs}-s${seed}`
  const lost = model === 'loud' && lr === '1'
  const manifest = {
    ...base,
    ...{ id, name: model, seed, createdAt },
    experiment: { name: model, lr, epochs, loss: { kind: 'crossEntropy' }, metrics: [{ kind: 'accuracy' }] },
    grid: { name: 'rates', labels: { experiment: model, lr } },
    data: { ...base.data, classes: ['no', 'yes'] },
    ...(lost && { status: 'failed' as const, error: 'the loss became NaN', diverged: true as const }),
  }
  const folder = writeRunFolder(place, manifest, [
    recordOf(1, 'train', 'loss', 0.7),
    recordOf(2, 'train', 'loss', 0.3),
    ...(lost ? [] : [recordOf(2, 'test', 'accuracy', accuracy)]),
  ])
  if (lost) return
  const label = Int32Array.of(0, 0, 1, 1)
  const probabilities = Float32Array.of(0.9, 0.1, 0.4, 0.6, 0.5 - 0.1 * seed, 0.5 + 0.1 * seed, 0.2, 0.8)
  await writePredictions(join(folder, 'predictions.parquet'), {
    task: 'classification',
    index: Int32Array.of(0, 1, 2, 3),
    label,
    predicted: Int32Array.of(0, 1, 1, 1),
    probabilities,
    classCount: 2,
  })
  if (seed === 0) writeFileSync(join(folder, 'report.html'), '<p>its own</p>')
}

describe('writeGroupReport', () => {
  it('gathers a grid: scores, heat maps, curves, ROC, classes, and links to the runs', async () => {
    const place = join(root, 'grid', 'runs')
    for (const model of ['calm', 'loud'])
      for (const lr of ['1', '0.1'])
        for (const seed of [0, 1]) await cell(place, model, lr, seed, (model === 'calm' ? 0.8 : 0.6) + seed / 50)
    const groups = groupRuns((await listRuns(place)).runs)
    const folder = groupReportFolder(place, groupTitle(groups))
    expect(folder).toBe(join(root, 'grid', 'reports', 'rates'))
    const html = readFileSync(await writeGroupReport(folder, groups), 'utf8')
    for (const text of [
      '<h1>rates</h1>',
      '3 groups, 6 finished runs of 8',
      '81.00%',
      '2 runs are left out',
      'the loss became NaN',
      '>diverged<',
      'The best of 3 on the test split',
      'F1 of each class on the test split',
      '<a href="../../runs/calm-1-1-s0/report.html">calm-1-1-s0</a>',
      'yes against no, with the area under the curve. One curve a seed.',
    ])
      expect(html).toContain(text)
    expect(html).not.toContain('calm-1-1-s1/report.html')
    expect(html).not.toMatch(/<script|<link/)
    for (const file of ['figures/grid-accuracy.csv', 'figures/roc.svg', 'figures/curves.vl.json', 'tables/scores.csv'])
      expect(existsSync(join(folder, file)), file).toBe(true)
    const map = readFileSync(join(folder, 'figures/grid-accuracy.csv'), 'utf8')
    expect(map).toContain('experiment,lr,mean,sd,seeds,diverged,withoutNumber')
    expect(map).toContain('loud,1,,,0,2,0')
  })

  it('maps the newest group of each cell where a grid was edited and run again, and says so', async () => {
    const place = join(root, 'edited', 'runs')
    for (const lr of ['1', '0.1']) {
      await cell(place, 'calm', lr, 0, 0.6)
      const again = { epochs: 9, createdAt: new Date(Date.parse(base.createdAt) + 1000).toISOString() }
      await cell(place, 'calm', lr, 0, lr === '1' ? 0.9 : Number.NaN, again)
    }
    const groups = groupRuns((await listRuns(place)).runs)
    expect(groups).toHaveLength(4)
    for (const order of [groups, groups.toReversed()]) {
      const folder = join(root, 'edited', 'page')
      const html = readFileSync(await writeGroupReport(folder, order), 'utf8')
      expect(html).toContain('the newest group of each cell')
      const [, ...cells] = readFileSync(join(folder, 'figures/grid-accuracy.csv'), 'utf8').trim().split('\n')
      // A metric that is not a number is no divergence.
      expect(cells.toSorted()).toEqual(['rates,0.1,,,0,0,1', 'rates,1,0.9,,1,0,0'])
    }
  })

  it('removes what an earlier report left and it does not have, and nothing else', async () => {
    const place = join(root, 'stale', 'runs')
    for (const lr of ['1', '0.1']) await cell(place, 'calm', lr, 0, 0.8)
    const groups = groupRuns((await listRuns(place)).runs)
    const folder = join(root, 'stale', 'page')
    await writeGroupReport(folder, groups)
    const map = ['svg', 'csv', 'vl.json'].map((type) => join(folder, `figures/grid-accuracy.${type}`))
    const settings = join(folder, 'tables/settings.csv')
    const own = ['figures/mine.svg', 'figures/mine.vl.json', 'figures/grid-mine.svg', 'tables/mine.csv']
    for (const file of own) writeFileSync(join(folder, file), 'mine')
    expect([...map, settings].map((file) => existsSync(file))).toEqual([true, true, true, true])
    await writeGroupReport(folder, groups.slice(0, 1))
    expect([...map, settings].map((file) => existsSync(file))).toEqual([false, false, false, false])
    for (const file of [...own, 'figures/curves.svg', 'tables/scores.csv'])
      expect(existsSync(join(folder, file)), file).toBe(true)
  })

  it('gathers the seeds of one experiment, without a map', async () => {
    const place = join(root, 'seeds', 'runs')
    for (const seed of [0, 1, 2]) await cell(place, 'calm', '0.1', seed, 0.8 + seed / 50)
    const groups = groupRuns((await listRuns(place)).runs)
    const folder = join(root, 'seeds', 'page')
    const html = readFileSync(await writeGroupReport(folder, groups, { title: 'Calm' }), 'utf8')
    for (const text of ['<h1>Calm</h1>', '82.00%', 'mean over 3 seeds', 'calm, seed 2: ', 'Scores of each class'])
      expect(html).toContain(text)
    expect(existsSync(join(folder, 'figures/grid-accuracy.csv'))).toBe(false)
  })

  it('has a folder in reports/, whatever the name', () => {
    const names = ['..', '.', 'Großes Gitter/../x', 'sinc, dense']
    const folders = names.map((name) => groupReportFolder(join(root, 'runs'), name))
    expect(folders).toEqual(['run', 'run', 'gro-es-gitter-x', 'sinc-dense'].map((name) => join(root, 'reports', name)))
  })

  it('refuses groups of which nothing has finished', async () => {
    const place = join(root, 'none', 'runs')
    await cell(place, 'loud', '1', 0, 0)
    const groups = groupRuns((await listRuns(place)).runs)
    await expect(writeGroupReport(join(root, 'none', 'page'), groups)).rejects.toThrow('no finished run')
  })
})
