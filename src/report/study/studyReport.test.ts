import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { key, normal } from '../../random/index.ts'
import {
  branch,
  choice,
  createStudy,
  describeSpace,
  float,
  logFloat,
  medianPruner,
  random,
  space,
} from '../../search/index.ts'
import { writeScores } from '../../search/searching/records.ts'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { readStudyContent, studyTables, writeStudyReport } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-study-'))
afterAll(() => rmSync(root, { recursive: true }))

const of = space(
  {
    lr: logFloat(1e-4, 1),
    optimizer: branch({ adam: {}, sgd: { momentum: float(0, 1) } }),
    act: choice(['relu', 'tanh']),
  },
  [{ holds: () => true, why: 'what is too slow is left out' }],
)
const folder = join(root, 'studies', 'net')
const FOLDS = 4

beforeAll(async () => {
  const study = await createStudy({
    ...{ name: 'net', space: of, sampler: random(), pruner: medianPruner(), direction: 'maximize', key: key(5) },
    ...{ folder, trials: 40 },
  })
  const noise = normal(key(1), 40 * FOLDS)
  for (let trial = await study.ask(); trial; trial = await study.ask()) {
    const { number, attempt, config } = trial
    if (number % 10 === 3) {
      await study.tell(trial, { failed: 'the loss became NaN' })
      continue
    }
    const base = 0.9 - 0.02 * (Math.log10(config.lr) + 2) ** 2
    const values = Array.from(
      { length: FOLDS },
      (_, fold) => base + 0.01 * fold + 0.004 * (noise[number * FOLDS + fold] ?? 0),
    )
    values.slice(0, -1).forEach((value, fold) => {
      trial.report(fold, value)
    })
    await writeScores(folder, {
      ...{ number, attempt, config: of.json(of.point(config)), seconds: 2 },
      fits: values.map((value, fold) => ({
        seed: 0,
        fold,
        status: 'finished',
        scores: { accuracy: value, loss: 1 },
        curve: [],
      })),
    })
    await study.tell(trial, values.reduce((sum, value) => sum + value, 0) / FOLDS)
  }
  const description = {
    ...{ name: 'net', objective: 'validation.accuracy', crossValidation: { kind: 'kFold', folds: FOLDS } },
    ...{ seeds: [0], space: describeSpace(of) },
  }
  const record = {
    ...{ version: 1, file: '../../net.ts', fileHash: 'abcdef0123456789abcdef', objective: 'validation.accuracy' },
    ...{
      description,
      trials: 50,
      keepRuns: false,
      versions: { assay: '0.0.1', node: '20.19.0', onnxruntime: '1.2.3' },
    },
  }
  writeFileSync(join(folder, 'search.json'), JSON.stringify(record))
  writeFileSync(join(folder, 'best.ts'), 'export default 1')
})

/** A run of the best configuration. */
function finalRun(runs: string, name: string, createdAt: string, accuracy: number): void {
  const manifest = { ...finishedManifest(`${name}-${createdAt.slice(0, 4)}`), name, createdAt }
  writeRunFolder(runs, manifest, [recordOf(1, 'train', 'loss', 0.5), recordOf(1, 'test', 'accuracy', accuracy)])
}

describe('readStudyContent', () => {
  it('knows the folds, the scores of each trial, and the run of the best that came after it', async () => {
    const runs = join(root, 'runs')
    finalRun(runs, 'net-best', '2001-01-01T00:00:00.000Z', 0.1)
    finalRun(runs, 'net-best', '2101-01-01T00:00:00.000Z', 0.85)
    finalRun(runs, 'other-best', '2102-01-01T00:00:00.000Z', 0.2)
    const content = await readStudyContent(folder, { runs })
    expect(content).toMatchObject({
      ...{ objective: 'validation.accuracy', folds: { kind: 'kFold', folds: 4 }, seeds: [0] },
      final: { value: 0.85, ids: ['net-best-2101'] },
      importance: { kind: 'known', trials: 36 },
      luck: { kind: 'known', trials: 36, noise: { from: 'folds' }, test: { value: 0.85 } },
    })
    expect(content.scores.size).toBe(36)
    // Of a fold 0.004; of their mean √(1/4 + 1/3) of that.
    if (content.luck.kind === 'known')
      expect(content.luck.noise.standardError).toBeCloseTo(0.004 * Math.sqrt(7 / 12), 2)
  })
})

describe('studyTables', () => {
  it('has the best with their standard errors, importance, the space and what failed', async () => {
    const content = await readStudyContent(folder)
    const tables = new Map(studyTables(content, { top: 3 }).map((table) => [table.name, table]))
    const best = tables.get('best')
    expect(best?.rows).toHaveLength(3)
    expect(best?.columns.map(({ title }) => title).slice(0, 4)).toEqual([
      'trial',
      'validation.accuracy',
      'standard error',
      'lr',
    ])
    expect(best?.rows[0]?.[0]).toBe(String(content.study.best?.number))
    expect(best?.rows[0]?.[1]).toMatch(/^9\d\.\d\d%$/)
    expect(best?.rows[0]?.[2]).toMatch(/ pp$/)
    expect(tables.get('importance')?.rows[0]?.[0]).toBe('lr')
    expect(tables.get('space')?.rows).toEqual([
      ['lr', '1e−4 to 1', 'logarithmic', ''],
      ['optimizer', 'adam, sgd', 'no order', ''],
      ['optimizer/sgd/momentum', '0 to 1', 'linear', 'optimizer is sgd'],
      ['act', 'relu, tanh', 'no order', ''],
    ])
    expect(tables.get('failures')?.rows).toEqual([['the loss became NaN', '4', '3, 13, 23, 33']])
  })
})

describe('writeStudyReport', () => {
  it('writes one page that needs nothing else, figures and tables', async () => {
    const path = await writeStudyReport(folder, await readStudyContent(folder))
    expect(path).toBe(join(folder, 'report.html'))
    const html = readFileSync(path, 'utf8')
    for (const text of [
      '<h1>net</h1>',
      'Search for the highest validation.accuracy · 36 complete trials, 4 failed',
      'The search has not come to its end: 40 of 50 trials have.',
      'The best of 36 trials has 9',
      'measured by how its folds differ',
      'kFold(folds: 4)',
      'median(startupTrials: 5',
      '144, 1 min 12 s of work',
      'Constraints: what is too slow is left out.',
      'any number of workers makes the same ones',
      'best.ts</code>',
      'abcdef0123456789',
      'Assay 0.0.1, Node 20.19.0, ONNX Runtime 1.2.3',
    ])
      expect(html).toContain(text)
    expect(html).not.toMatch(/<script|<link|NaN(?! at)%|undefined/)
    for (const name of [
      'history',
      'importance',
      'slices',
      'contour',
      'parallel-coordinates',
      'learning-rate',
      'intermediate-values',
    ])
      for (const end of ['svg', 'csv', 'vl.json'])
        expect(existsSync(join(folder, 'figures', `${name}.${end}`)), name).toBe(true)
    expect(readFileSync(join(folder, 'tables', 'best.csv'), 'utf8').split('\n')).toHaveLength(38)
  })

  it('says what cannot be told of a study without files, with few trials, or none', async () => {
    const place = join(root, 'loop')
    const options = {
      name: 'loop',
      space: space({ x: float(0, 1) }),
      sampler: random(),
      direction: 'minimize',
      key: key(0),
    } as const
    const study = await createStudy({ ...options, folder: place })
    const page = async () => readFileSync(await writeStudyReport(place, await readStudyContent(place)), 'utf8')
    expect(await page()).toContain('No trial is complete')
    for (const value of [0.5, 0.25]) {
      const trial = await study.ask()
      if (trial !== undefined) await study.tell(trial, value)
    }
    const html = await page()
    for (const text of [
      'value of trial 1',
      'cannot be told: there are 2 complete trials, and it takes 5',
      'cannot be told: there are 2 complete trials for 1 parameter, and it takes 10',
    ])
      expect(html).toContain(text)
    expect(html).not.toContain('npx assay')
  })
})
