import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import '../../runtime/ort/node.ts'
import { kFold } from '../../data/index.ts'
import { linear, relu, sequential } from '../../nn/index.ts'
import { adam } from '../../optim/index.ts'
import { listRuns, versionState } from '../../runs/index.ts'
import { classify } from '../../testing/experiments.ts'
import { earlyStopping, prepare, fit as train } from '../../train/index.ts'
import { medianPruner, type Pruner } from '../pruners/index.ts'
import { grid, random } from '../samplers/index.ts'
import { choice, float } from '../space/index.ts'
import { readStudy } from '../study/index.ts'
import { probesOf } from './check.ts'
import { beginSearch, type SearchSettings } from './folder.ts'
import { materialsOf } from './materials.ts'
import { readScores } from './records.ts'
import { type Search, search } from './search.ts'
import { work } from './work.ts'

const rates = choice([0.003, 0.01, 0.03])
const base = classify.with({ model: sequential(linear(8), relu(), linear(3)), epochs: 3, metrics: classify.metrics })
const rateSearch = (more: Partial<Parameters<typeof search<{ 'optimizer.lr': typeof rates }>>[0]> = {}) =>
  search({ name: 'rates', space: { 'optimizer.lr': rates }, experiment: base, sampler: grid(), ...more })

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-search-'))
  writeFileSync(join(folder, 'file.ts'), '// the search\n')
})
afterEach(() => rmSync(folder, { recursive: true }))
const study = () => join(folder, 'study')

/** Begins a search and works on it to its end. */
async function searched(of: Search, settings: SearchSettings = {}, shouldStop = () => false) {
  const load = async () => of
  await beginSearch(study(), join(folder, 'file.ts'), load, settings, async (one, known) => {
    const materials = materialsOf(one, known)
    const [probe] = probesOf(one)
    if (probe !== undefined) await materials.of(probe.experiment)
    return materials.known()
  })
  const end = await work({ folder: study(), load, shouldStop })
  return { end, ...(await readStudy(study())) }
}

/** The same fit alone. */
async function alone(lr: number, seed: number): Promise<{ readonly loss: number; readonly accuracy: number }> {
  const experiment = base.with({ optimizer: adam({ lr }) })
  const prepared = await prepare(experiment)
  const { evaluate } = await train(experiment, prepared, seed)
  const { loss, predictions } = await evaluate(prepared.validation)
  return { loss, accuracy: experiment.metrics[0]?.compute(predictions) ?? Number.NaN }
}

describe('trials that are trained together', () => {
  it('come to the values that lone fits come to, as means over the seeds', async () => {
    const { end, trials, direction, best } = await searched(rateSearch({ seeds: [0, 3] }))
    expect([end, direction]).toEqual(['done', 'minimize'])
    expect(trials.map(({ config }) => config)).toEqual([0.003, 0.01, 0.03].map((lr) => ({ 'optimizer.lr': lr })))
    const expected: number[] = []
    for (const lr of [0.003, 0.01, 0.03]) {
      const [one, other] = [await alone(lr, 0), await alone(lr, 3)]
      expected.push((one.loss + other.loss) / 2)
    }
    const values = trials.map(({ outcome }) => (outcome?.state === 'complete' ? outcome.value : Number.NaN))
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5)
    expect(best?.number).toBe(expected.indexOf(Math.min(...expected)))
    const scores = await readScores(study(), { number: 1, attempt: 0 })
    expect(scores).toMatchObject({ config: { 'optimizer.lr': 0.01 }, fits: [{ seed: 0 }, { seed: 3 }] })
    expect(scores?.fits[0]?.curve.map(([epoch]) => epoch)).toEqual([1, 2, 3])
  })

  it('are judged by what the objective names', async () => {
    const { trials, direction } = await searched(rateSearch({ objective: 'validation.accuracy' }))
    expect(direction).toBe('maximize')
    expect(trials[1]?.outcome).toEqual({ state: 'complete', value: (await alone(0.01, 0)).accuracy })
  })

  it('end with the best weights where early stopping restores them', async () => {
    const experiment = base.with({ epochs: 12, earlyStopping: earlyStopping({ patience: 2 }) })
    await searched(rateSearch({ experiment }))
    const [fits] = (await readScores(study(), { number: 2, attempt: 0 }))?.fits ?? []
    expect(fits?.scores?.loss).toBeCloseTo(Math.min(...(fits?.curve.map(([, value]) => value) ?? [])), 5)
  })
})

describe('cross-validation', () => {
  it('gives all trials the folds that are kept, and the mean over them', async () => {
    const { trials } = await searched(rateSearch({ crossValidation: kFold({ folds: 3 }) }))
    const kept = JSON.parse(readFileSync(join(study(), 'folds.json'), 'utf8'))
    expect(kept.folds).toHaveLength(3)
    for (const { number, outcome } of trials) {
      const fits = (await readScores(study(), { number, attempt: 0 }))?.fits ?? []
      expect(fits.map(({ fold }) => fold).sort()).toEqual([0, 1, 2])
      const mean = fits.reduce((sum, { scores }) => sum + (scores?.loss ?? Number.NaN), 0) / 3
      expect(outcome).toEqual({ state: 'complete', value: mean })
    }
  })

  it('reports folds to the pruner, and trains no more of those that it stops', async () => {
    const seen: number[] = []
    const second: Pruner = {
      ...{ kind: 'second', config: {} },
      shouldPrune: ({ number, reports }) => {
        seen.push(reports.at(-1)?.step ?? -1)
        return number === 1
      },
    }
    const { trials } = await searched(rateSearch({ crossValidation: kFold({ folds: 3 }), pruner: second }))
    expect(trials.map(({ outcome }) => outcome?.state)).toEqual(['complete', 'pruned', 'complete'])
    expect(seen).toEqual([0, 1, 0, 0, 1])
    expect((await readScores(study(), { number: 1, attempt: 0 }))?.fits.map(({ fold }) => fold)).toEqual([0])
  })
})

describe('a trial', () => {
  it('that the pruner stops is trained no further, and counts as pruned', async () => {
    const experiment = base.with({ epochs: 20 })
    const { trials } = await searched(
      search({
        ...{ name: 'rates', space: { 'optimizer.lr': choice([0.03, 1e-6]) }, experiment, sampler: grid() },
        ...{ pruner: medianPruner({ startupTrials: 1 }), seeds: [0, 1] },
      }),
    )
    expect(trials[1]).toMatchObject({ outcome: { state: 'pruned' } })
    expect(trials[0]?.reports).toHaveLength(20)
    expect(trials[1]?.reports.length).toBeLessThan(3)
  })

  it('that diverges has failed, says why, and the search goes on', async () => {
    const of = search({
      name: 'far',
      space: { 'optimizer.lr': choice([0.01, 3e38, 0.02]) },
      experiment: base,
      sampler: grid(),
    })
    const { trials, best } = await searched(of)
    expect(trials.map(({ outcome }) => outcome?.state)).toEqual(['complete', 'failed', 'complete'])
    expect(trials[1]?.outcome).toMatchObject({ reason: expect.stringMatching(/became|finite/) })
    expect(best?.number).not.toBe(1)
  })

  it('whose experiment cannot be made or trained has failed, alone, and the others are trained', async () => {
    const of = search({
      name: 'broken',
      space: { 'optimizer.lr': choice([0.01, 0.02, 0.03, 0.04]) },
      experiment: ({ 'optimizer.lr': lr }) =>
        base.with({
          optimizer: adam({ lr }),
          ...(lr === 0.02 && { model: sequential(linear(8), linear(7)) }),
          ...(lr === 0.03 && {
            callbacks: [
              {
                onEpoch: () => {
                  throw new Error('the hook is broken')
                },
              },
            ],
          }),
        }),
      sampler: grid(),
    })
    const { trials } = await searched(of)
    expect(trials.map(({ outcome }) => outcome?.state)).toEqual(['complete', 'failed', 'failed', 'complete'])
    expect(trials[1]?.outcome).toMatchObject({ reason: expect.stringContaining('7') })
    expect(trials[2]?.outcome).toMatchObject({ reason: 'the hook is broken' })
  })

  it('is given back where the work is stopped, and no death is counted', async () => {
    let steps = 0
    const first = await searched(rateSearch(), {}, () => ++steps > 4)
    expect(first.end).toBe('stopped')
    expect(first.trials.filter(({ outcome }) => outcome !== undefined)).toEqual([])
    const { end, trials } = await searched(rateSearch())
    expect(end).toBe('done')
    expect(trials.map(({ attempt, outcome }) => [attempt, outcome?.state])).toEqual([
      [1, 'complete'],
      [0, 'complete'],
      [0, 'complete'],
    ])
  })
})

it('keeps runs where that is asked for: the same values, and no look at the test split', async () => {
  const of = rateSearch({ sampler: random(), trials: 3 })
  const packed = await searched(of)
  rmSync(study(), { recursive: true })
  const { trials } = await searched(of, { keepRuns: true })
  const values = (all: typeof trials) => all.map(({ outcome }) => (outcome?.state === 'complete' ? outcome.value : -1))
  for (const [i, value] of values(trials).entries()) expect(value).toBeCloseTo(values(packed.trials)[i] ?? -1, 5)
  const { runs } = await listRuns(join(study(), 'runs'))
  expect(runs.map(({ manifest }) => manifest.grid?.labels).sort()).toHaveLength(3)
  for (const { manifest } of runs) expect(manifest.data.splits.test).toBe(0)
  expect(readdirSync(runs[0]?.folder ?? '')).not.toContain('predictions.parquet')
})

it('ends where it has taken too much memory, after its trials', async () => {
  const of = rateSearch()
  const load = async () => of
  await searched(of, { trials: 1 })
  await beginSearch(study(), join(folder, 'file.ts'), load, { trials: 3 }, async (_, known) => known)
  let asked = 0
  const end = await work({ folder: study(), load, shouldStop: () => false, isFull: () => ++asked > 1 })
  expect(end).toBe('full')
  expect((await readStudy(study())).trials.filter(({ outcome }) => outcome)).toHaveLength(2)
})

describe('what has changed since a search was begun', () => {
  it.each<[string, Partial<Parameters<typeof rateSearch>[0]>, string]>([
    [
      'another objective',
      { objective: 'validation.accuracy' },
      'objective: "validation.loss" is now "validation.accuracy"',
    ],
    ['other seeds', { seeds: [1] }, 'seeds.0: 0 is now 1'],
    ['other experiments', { experiment: base.with({ epochs: 4 }) }, 'epochs of the experiment of {"optimizer.lr":'],
    ['another sampler', { sampler: random() }, 'sampler.kind: "grid" is now "random"'],
  ])('is told: %s', async (_, more, message) => {
    await searched(rateSearch(), { trials: 1 })
    await expect(searched(rateSearch(more))).rejects.toThrow(message)
    await expect(
      work({ folder: study(), load: async () => rateSearch(more), shouldStop: () => false }),
    ).rejects.toThrow(message)
  })

  it('is another range, or a sampler that the command line names', async () => {
    await searched(rateSearch(), { trials: 1 })
    const other = search({
      name: 'rates',
      space: { 'optimizer.lr': float(0.01, 0.02, { step: 0.01 }) },
      experiment: base,
      sampler: grid(),
    })
    await expect(searched(other)).rejects.toThrow('space.parameters.optimizer.lr')
    await expect(searched(rateSearch(), { sampler: 'sobol' })).rejects.toThrow('"grid" is now "sobol"')
  })

  it.each([undefined, kFold({ folds: 3 })])(
    'is other data of the same description (folds: %j)',
    async (crossValidation) => {
      const of = (first: number) => {
        const { load, ...data } = base.data
        const changed = async () => {
          const { train, test } = await load()
          return { train: { ...train, fingerprint: `${first}${train.fingerprint}` }, test }
        }
        return rateSearch({
          experiment: base.with({ data: { ...data, load: changed } }),
          ...(crossValidation && { crossValidation }),
        })
      }
      await searched(of(1), { trials: 1 })
      await expect(searched(of(2))).rejects.toThrow('holds other training data than')
    },
  )

  it('is a text that says the same: that is told, and allowed', async () => {
    const before = await searched(rateSearch(), { trials: 1 })
    expect(before.trials).toHaveLength(1)
    writeFileSync(join(folder, 'file.ts'), '// another text\n')
    const load = async () => rateSearch()
    const keep = async (_: Search, known: object) => known
    const { warnings } = await beginSearch(study(), join(folder, 'file.ts'), load, { trials: 3 }, keep)
    expect(warnings).toEqual([expect.stringContaining('has another text than when the search was begun')])
  })

  it('is fewer trials than have begun', async () => {
    await searched(rateSearch(), { trials: 3 })
    await expect(searched(rateSearch(), { trials: 2 })).rejects.toThrow(
      '2 trials are asked for, and 3 have begun: ask for 3 or more',
    )
    expect(JSON.parse(readFileSync(join(study(), 'search.json'), 'utf8')).trials).toBe(3)
  })

  it('is other versions of what computes: that is told, each time', async () => {
    await searched(rateSearch(), { trials: 1 })
    const path = join(study(), 'search.json')
    const record = JSON.parse(readFileSync(path, 'utf8'))
    expect(record.versions).toEqual(await versionState())
    writeFileSync(path, JSON.stringify({ ...record, versions: { ...record.versions, onnxruntime: '1.0.0' } }))
    const again = () =>
      beginSearch(
        study(),
        join(folder, 'file.ts'),
        async () => rateSearch(),
        {},
        async (_, known) => known,
      )
    for (const { warnings, record: now } of [await again(), await again()]) {
      expect(warnings).toEqual([
        `the search was begun with onnxruntime 1.0.0, now ${record.versions.onnxruntime}: trials may come to other values than they did then`,
      ])
      expect(now.versions.onnxruntime).toBe('1.0.0')
    }
  })
})
