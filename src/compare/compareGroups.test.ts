import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type ClassPredictions,
  createRun,
  encodeSummary,
  groupRuns,
  listRuns,
  type Predictions,
  summarize,
  writePredictions,
} from '../runs/index.ts'
import { manifestOf, recordOf } from '../testing/manifest.ts'
import { type Comparison, compareGroups, comparisonRows, type PairTest } from './index.ts'

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'assay-compare-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Made {
  readonly name: string
  readonly seed: number
  readonly scores?: Readonly<Record<string, number>>
  readonly validation?: Readonly<Record<string, number>>
  readonly predictions?: Predictions
  readonly test?: string
  readonly loss?: string
  readonly threads?: number
  readonly status?: 'finished' | 'interrupted' | 'failed' | 'diverged'
}

/** Writes runs into a folder of their own and groups them. */
async function made(folder: string, runs: readonly Made[]) {
  const place = join(root, folder)
  for (const {
    name,
    seed,
    scores = {},
    validation = {},
    predictions,
    test = 'b2',
    loss = 'crossEntropy',
    status = 'finished',
    threads,
  } of runs) {
    const manifest = manifestOf(name, seed)
    const layers = [
      { name: '0', MACs: 700 },
      { name: '1', MACs: 70 },
    ]
    const run = await createRun(place, {
      ...manifest,
      experiment: {
        name,
        loss: { kind: loss },
        metrics: [{ kind: 'accuracy' }, { kind: 'f1', average: 'macro' }, { kind: 'rocAuc', of: 1 }],
        units: name.length,
      },
      machine: { ...manifest.machine, ...(threads !== undefined && { threads }) },
      data: { ...manifest.data, fingerprint: { train: 'a1', test } },
      model: { name: 'mlp', parameters: 900, layers },
    })
    const records = [
      recordOf(1, 'train', 'loss', 1),
      recordOf(2, 'train', 'loss', 0.5 + seed / 10),
      { ...recordOf(2, 'train', 'batchLoss', 9), time: 99 },
      ...Object.entries(validation).map(([metric, value]) => recordOf(2, 'validation', metric, value)),
      ...Object.entries(scores).map(([metric, value]) => recordOf(3, 'test', metric, value)),
    ]
    run.log(records)
    await run.writeJson('summary.json', encodeSummary(summarize(records, { accuracy: 'max' })))
    if (predictions) await writePredictions(join(run.folder, 'predictions.parquet'), predictions)
    if (status === 'diverged') await run.finish('failed', 'the loss became NaN', true)
    else await run.finish(status, status === 'failed' ? 'no memory' : undefined)
  }
  return groupRuns((await listRuns(place)).runs)
}

const seeds = (name: string, accuracies: readonly number[]): Made[] =>
  accuracies.map((accuracy, seed) => ({ name, seed, scores: { accuracy } }))

/** n examples of two classes; of those in `wrong` the other class is said. */
function answers(n: number, wrong: (i: number) => boolean): ClassPredictions {
  const label = Int32Array.from({ length: n }, (_, i) => i % 2)
  const predicted = label.map((c, i) => (wrong(i) ? 1 - c : c))
  const probabilities = Float32Array.from({ length: 2 * n }, (_, k) => (predicted[k >> 1] === k % 2 ? 0.8 : 0.2))
  return { task: 'classification', index: label.map((_, i) => i), label, predicted, probabilities, classCount: 2 }
}
/** Of n examples the one is given a higher probability of class 1 than all others, which are equal. */
const oneAbove = (n: number, one: number): Float32Array =>
  Float32Array.from({ length: 2 * n }, (_, k) => [0.25, 0.75][(k + Number(k >> 1 !== one)) % 2] ?? 0)

const onlyTest = ({ metrics }: Comparison): PairTest | undefined => metrics[0]?.tests[0]

const A = [0.91, 0.92, 0.93, 0.915, 0.925, 0.905, 0.91, 0.92]
const B = [0.9, 0.905, 0.91, 0.9, 0.92, 0.895, 0.912, 0.9]
const C = [0.905, 0.92, 0.925, 0.918, 0.92, 0.907, 0.905, 0.915]

describe('groups of several seeds', () => {
  it('get mean, deviation and t-interval, and paired tests with Holm’s correction, as SciPy and a count by hand give them', async () => {
    const groups = await made('seeds', [...seeds('a', A), ...seeds('bb', B), ...seeds('ccc', C)])
    const { metrics, settings, costs, pairing } = await compareGroups(groups, { latency: 'never' })
    const [accuracy] = metrics
    expect(pairing).toBe('all')
    const [score] = accuracy?.scores ?? []
    if (score?.kind !== 'score' || score.interval.over !== 'seeds') throw new Error('no interval over seeds')
    expect(score.estimate).toBeCloseTo(0.916875, 12)
    // scipy.stats.t.interval(0.95, 7, mean, sd / sqrt(8))
    expect(score.interval.sd).toBeCloseTo(0.008425090080061, 10)
    expect(score.interval.low).toBeCloseTo(0.9098314484264541, 10)
    expect(score.interval.high).toBeCloseTo(0.9239185515735461, 10)
    const tests = accuracy?.tests.map((test) => (test.kind === 'tested' ? [test.p, test.corrected, test.differs] : []))
    // scipy.stats.permutation_test(…, permutation_type='samples'), corrected by hand: 3 · 0.015625, 2 · 0.046875, 0.140625
    expect(tests).toEqual([
      [0.015625, 0.046875, true],
      [0.140625, 0.140625, false],
      [0.046875, 0.09375, false],
    ])
    expect(settings.differing).toEqual([{ path: 'units', values: [1, 2, 3] }])
    expect(settings.same).toContain(
      'The same in all: loss, metrics, training data (50,000 samples), test data (10,000 samples)',
    )
    // The time of the last loss of an epoch, and not of a single step after it.
    expect(costs[0]).toMatchObject({ parameters: 900, macs: 770, training: { seconds: 5, sd: 0, n: 8 }, epochs: 2 })
  })

  it('say in words where the seeds are too few, before or after correction', async () => {
    const few = await compareGroups(await made('few', [...seeds('a', A.slice(0, 3)), ...seeds('bb', B.slice(0, 3))]))
    expect(onlyTest(few)).toMatchObject({
      kind: 'silent',
      reason: '3 seeds cannot give a p-value below 0.25, whatever the data: it takes 6',
      difference: { over: 'seeds', method: 't', n: 3 },
    })
    const six = await made('six', [
      ...seeds('a', A.slice(0, 6)),
      ...seeds('bb', B.slice(0, 6)),
      ...seeds('ccc', C.slice(0, 6)),
    ])
    expect(onlyTest(await compareGroups(six))).toMatchObject({
      kind: 'tested',
      differs: false,
      caution: 'no data could give less than 0.094 after correction for 3 tests: it takes 7 seeds, or fewer groups',
    })
    // Against a baseline there are two tests, in which the second group comes last.
    const against = await compareGroups(six, { baseline: six[1]?.id ?? '' })
    expect(against.metrics[0]?.tests.map(({ a, b }) => [a, b])).toEqual([
      [six[0]?.id, six[1]?.id],
      [six[2]?.id, six[1]?.id],
    ])
  })

  it('tell in how many threads they were trained, on which times depend', async () => {
    const [a, bb] = [seeds('a', [0.5]), seeds('bb', [0.5]).map((run) => ({ ...run, threads: 2 }))]
    const { settings } = await compareGroups(await made('threads', [...a, ...bb]))
    expect(settings.differing).toContainEqual({ path: 'threads', values: ['not set', '2'] })
  })

  it('get no interval where all seeds give the same', async () => {
    const same = await compareGroups(await made('constant', seeds('a', [0.7, 0.7, 0.7])))
    expect(same.metrics[0]?.scores).toMatchObject([
      { estimate: 0.7, interval: { over: 'nothing', reason: 'all 3 seeds give the same' } },
    ])
  })

  it('pair the seeds that both have alone, and take no test without', async () => {
    const shifted = seeds('bb', B).map((run) => ({ ...run, seed: run.seed + 7 }))
    const one = await compareGroups(await made('shifted', [...seeds('a', A), ...shifted]))
    expect(onlyTest(one)).toMatchObject({
      kind: 'none',
      reason: 'the groups have one seed in common: train both with the same seeds, at least 2',
    })
  })

  it('are tested against the best by validation where there are more than five, and against the first without', async () => {
    const six = (folder: string, validation: readonly number[]) =>
      made(
        folder,
        ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => ({
          ...{ name, seed: 0, scores: { accuracy: 0.5 + i / 100 } },
          ...(validation[i] !== undefined && { validation: { accuracy: validation[i] } }),
        })),
      )
    const many = await six('many', [0.5, 0.6, 0.9, 0.7, Number.NaN])
    const { pairing, metrics } = await compareGroups(many)
    expect(pairing).toEqual({ baseline: many[2]?.id, because: { validation: 'accuracy' } })
    expect(metrics[0]?.tests).toHaveLength(5)
    const bare = await six('bare', [])
    expect((await compareGroups(bare)).pairing).toEqual({ baseline: bare[0]?.id, because: 'first' })
    const baseline = many[5]?.id ?? ''
    expect((await compareGroups(many, { baseline })).pairing).toEqual({ baseline, because: 'asked' })
  })
})

describe('groups of one run', () => {
  it('get intervals over the test examples, and McNemar’s test of the pair', async () => {
    const [first, second] = [answers(60, (i) => i < 6), answers(60, (i) => i >= 3 && i < 18)]
    const groups = await made('single', [
      { name: 'a', seed: 0, scores: { accuracy: 0.9, f1Macro: 0.9 }, predictions: first },
      { name: 'bb', seed: 4, scores: { accuracy: 0.75, f1Macro: 0.74993 }, predictions: second },
    ])
    const { metrics } = await compareGroups(groups)
    const [accuracy, f1] = metrics
    const [score] = accuracy?.scores ?? []
    // scipy.stats.binomtest(54, 60).proportion_ci(method='wilson')
    expect(score).toMatchObject({ interval: { over: 'examples', method: 'Wilson', n: 60 } })
    if (score?.kind !== 'score' || score.interval.over !== 'examples') throw new Error('no interval over examples')
    expect([score.interval.low, score.interval.high]).toEqual([
      expect.closeTo(0.7985053527602123, 10),
      expect.closeTo(0.9533571655261158, 10),
    ])
    // 3 examples that the second alone got right, 12 the first: scipy.stats.binomtest(3, 15).pvalue
    expect(accuracy?.tests[0]).toMatchObject({
      kind: 'tested',
      test: 'McNemar',
      p: expect.closeTo(0.03515625, 10),
      corrected: expect.closeTo(0.03515625, 10),
      difference: { estimate: expect.closeTo(0.15, 6), over: 'examples', method: 'BCa bootstrap', n: 60 },
    })
    expect(f1?.scores[1]).toMatchObject({ interval: { over: 'examples', method: 'BCa bootstrap', n: 60 } })
    expect(f1?.tests[0]).toMatchObject({ kind: 'interval', differs: true })
  })

  it('are told apart by intervals only where their number is counted', async () => {
    const three = await made('three', [
      { name: 'a', seed: 0, scores: { f1Macro: 0.9 }, predictions: answers(60, (i) => i < 6) },
      { name: 'bb', seed: 0, scores: { f1Macro: 0.74993 }, predictions: answers(60, (i) => i >= 3 && i < 18) },
      { name: 'ccc', seed: 0, scores: { f1Macro: 0.2 }, predictions: answers(60, (i) => i < 48) },
    ])
    const [pair, far] = (await compareGroups(three)).metrics[0]?.tests ?? []
    if (pair?.kind !== 'interval') throw new Error('no interval')
    expect(pair.difference.low).toBeGreaterThan(0)
    expect(pair).toMatchObject({ differs: false, caution: expect.stringContaining('counts as one of 3') })
    expect(far).toMatchObject({ kind: 'interval', differs: true })
    expect(far).not.toHaveProperty('caution')
  })

  it('say where models differ on too few examples, and where predictions are not those of the score', async () => {
    const groups = await made('alike', [
      { name: 'a', seed: 0, scores: { accuracy: 0.9 }, predictions: answers(60, (i) => i < 6) },
      { name: 'bb', seed: 0, scores: { accuracy: 0.95 }, predictions: answers(60, (i) => i < 3) },
      { name: 'ccc', seed: 0, scores: { accuracy: 0.5 }, predictions: answers(60, (i) => i < 3) },
      { name: 'dddd', seed: 0, scores: { accuracy: 0.5 } },
    ])
    const { metrics } = await compareGroups(groups)
    const [accuracy] = metrics
    expect(accuracy?.tests[0]).toMatchObject({
      kind: 'silent',
      reason: 'the models differ in being right on 3 of 60 examples, too few to tell',
    })
    expect(accuracy?.scores.slice(2)).toMatchObject([
      {
        interval: { over: 'nothing', reason: 'one run, and the predictions give another accuracy than the run logged' },
      },
      { interval: { over: 'nothing', reason: 'one run, and the run has no predictions that can be read' } },
    ])
    expect(accuracy?.tests[1]).toMatchObject({ kind: 'none', reason: expect.stringContaining('another accuracy') })
  })

  it('take no test, and do not stop, where an area has one example of a class, or nothing differs', async () => {
    const lone = answers(60, (i) => i < 6)
    const area = { accuracy: 0.9, rocAucClass1: 1 }
    const rare = { ...lone, label: lone.label.map((_, i) => Number(i === 7)), probabilities: oneAbove(60, 7) }
    const { metrics } = await compareGroups(
      await made(
        'rare',
        ['a', 'bb'].map((name) => ({ name, seed: 0, scores: area, predictions: rare })),
      ),
      { metrics: ['rocAucClass1'] },
    )
    expect(metrics[0]).toMatchObject({
      scores: [{ interval: { over: 'nothing', reason: expect.stringContaining('takes 20 of each') } }, {}],
      tests: [{ kind: 'none', reason: expect.stringContaining("DeLong's variance takes 2 of each") }],
    })
    const alike = await made(
      'same',
      ['a', 'bb'].map((name) => ({ name, seed: 0, scores: { f1Macro: 0.9 }, predictions: lone })),
    )
    expect(onlyTest(await compareGroups(alike))).toMatchObject({
      kind: 'none',
      reason: 'all resamples give the same difference of f1Macro',
    })
  })
})

describe('what is left out', () => {
  it('is named: runs that did not finish or are damaged, seeds without a finite value', async () => {
    const groups = await made('broken', [
      { name: 'a', seed: 0, scores: { accuracy: 0.9 } },
      { name: 'a', seed: 1, scores: { accuracy: Number.NaN } },
      { name: 'a', seed: 2, status: 'interrupted' },
      { name: 'a', seed: 3, status: 'failed' },
      { name: 'a', seed: 4, scores: { accuracy: 0.9 } },
      { name: 'bb', seed: 0, status: 'interrupted' },
    ])
    const damaged = groups[0]?.runs.find(({ manifest }) => manifest.seed === 4)
    writeFileSync(join(damaged?.folder ?? '', 'metrics.jsonl'), 'x\ny\n')
    const { leftOut, groups: named, metrics } = await compareGroups(groups)
    expect(named.map(({ label }) => label)).toEqual(['a'])
    expect(leftOut.map(({ reason }) => reason)).toEqual([
      'it was interrupted',
      'it failed (no memory)',
      expect.stringContaining('it is damaged: line 1'),
      'it was interrupted',
    ])
    expect(metrics[0]?.scores).toMatchObject([
      {
        values: [{ seed: 0, value: 0.9 }],
        missing: [
          { seed: 1, reason: 'not finite' },
          { seed: 2, reason: 'interrupted' },
          { seed: 3, reason: 'failed' },
          { seed: 4, reason: 'damaged' },
        ],
      },
    ])
    await expect(compareGroups(groups.slice(1))).rejects.toThrow('no finished run to compare')
  })

  it('is told of scores and tests over the other seeds', async () => {
    const lost = seeds('bb', B).map((run) => (run.seed < 6 ? run : { ...run, status: 'diverged' as const }))
    const { metrics, leftOut } = await compareGroups(await made('lost', [...seeds('a', A), ...lost]))
    const missing = [6, 7].map((seed) => ({ seed, reason: 'diverged' }))
    expect(metrics[0]?.scores).toMatchObject([{ missing: [] }, { missing, interval: { over: 'seeds', n: 6 } }])
    const bb = metrics[0]?.scores[1]?.group
    expect(metrics[0]?.tests).toMatchObject([
      { kind: 'tested', difference: { n: 6 }, without: missing.map((seed) => ({ ...seed, group: bb })) },
    ])
    expect(leftOut[0]?.reason).toBe('it diverged (the loss became NaN)')
  })

  it('are tests across test data, and across losses that are other functions', async () => {
    const others = await made('others', [...seeds('a', A), ...seeds('bb', B).map((run) => ({ ...run, test: 'c3' }))])
    expect(onlyTest(await compareGroups(others))).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('tested on other data'),
    })
    const losses = ['a', 'bb'].flatMap((name, g) =>
      A.map((loss, seed) => ({ name, seed, scores: { loss }, loss: g === 0 ? 'mse' : 'l1' })),
    )
    expect(onlyTest(await compareGroups(await made('losses', losses)))).toMatchObject({
      kind: 'none',
      reason: expect.stringContaining('losses are other functions'),
    })
  })

  it('is what nobody logged, with the names that there are', async () => {
    const groups = await made('unknown', seeds('a', A))
    await expect(compareGroups(groups, { metrics: ['acuracy'] })).rejects.toThrow('did you mean "accuracy"?')
    await expect(compareGroups(groups, { baseline: 'x' })).rejects.toThrow('has no group "x"')
    await expect(compareGroups(groups, { level: 95 })).rejects.toThrow('level is 95')
  })
})

it('becomes flat rows, numbers in full', async () => {
  const groups = await made('rows', [...seeds('a', A.slice(0, 2)), { name: 'bb', seed: 0, scores: { accuracy: 0.5 } }])
  const { scores, tests, costs, settings } = comparisonRows(await compareGroups(groups, { latency: 'never' }))
  expect(scores).toMatchObject([
    { metric: 'accuracy', group: 'a', estimate: 0.915, over: 'seeds', n: 2, seeds: '0 1', values: '0.91 0.92' },
    { group: 'bb', estimate: 0.5, low: null, note: 'one run, and the run has no predictions that can be read' },
  ])
  expect(tests).toMatchObject([{ a: 'a', b: 'bb', outcome: 'none', p: null }])
  expect(costs).toMatchObject([
    { group: 'a', macs: 770, latencyMs: null },
    { group: 'bb', trainingSecondsSd: null },
  ])
  expect(settings).toEqual([{ setting: 'units', a: '1', bb: '2' }])
})
