import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import '../../index.ts'
import { kFold } from '../../data/index.ts'
import { cosine, reduceOnPlateau } from '../../optim/index.ts'
import { openRun, readDivision, readSummary } from '../../runs/index.ts'
import { classify } from '../../testing/experiments.ts'
import { type Experiment, earlyStopping } from '../../train/index.ts'
import {
  crossValidate,
  type Fold,
  type FoldScore,
  type MaterializedFolds,
  nestedCrossValidation,
  refit,
  refitOf,
} from './index.ts'

const stopping = classify.with({ epochs: 20, earlyStopping: earlyStopping({ patience: 2 }) })
const score = (fold: number, epochs: number, bestEpoch?: number): FoldScore => ({
  ...{ repeat: 0, fold, seed: 0, epochs, status: 'finished', scores: {} },
  ...(bestEpoch !== undefined && { bestEpoch }),
})
const results = [score(0, 8, 6), score(1, 9, 7), score(2, 11, 9)]

describe('the training on all data', () => {
  it.each<readonly [string, Experiment, readonly (readonly [string, unknown])[], string]>([
    ['trains all epochs', classify, [['split', { validation: 0 }]], 'on all training data'],
    ['has nothing to change', classify.with({ split: { validation: 0 } }), [], 'on all training data'],
    [
      'takes the mean of the best epochs',
      stopping,
      [
        ['split', { validation: 0 }],
        ['epochs', 7],
        ['earlyStopping.patience', 7],
        ['earlyStopping.restoreBest', false],
      ],
      'on all training data for 7 epochs, the mean of the folds’ best ones',
    ],
    [
      'takes that of the last ones where the best are not restored',
      stopping.with({
        split: { validation: 0 },
        monitor: 'validation.accuracy',
        earlyStopping: earlyStopping({ restoreBest: false }),
      }),
      [
        ['monitor', 'train.accuracy'],
        ['epochs', 9],
        ['earlyStopping.patience', 9],
        ['earlyStopping.restoreBest', false],
      ],
      'on all training data for 9 epochs, the mean of the folds’ last ones',
    ],
    [
      'stops on its own split where the rate goes by the number of epochs',
      stopping.with({ schedule: cosine() }),
      [],
      'on its own split, because its learning rate goes by when it stops',
    ],
    [
      'or by what is watched',
      classify.with({ split: { validation: 0 }, schedule: reduceOnPlateau() }),
      [['split', { validation: 0.2 }]],
      'on 80 % of the training data, watching the others, because its learning rate goes by when it stops',
    ],
  ])('%s', (_, of, settings, how) => {
    const found = refitOf(of, results, 3)
    expect(found.settings).toEqual([...settings, ['seeds', [3]]])
    expect(found.how).toBe(how)
    expect(found.experiment.seeds).toEqual([3])
  })

  it('is refused where every fold diverged', () => {
    const diverged = results.map((one): FoldScore => ({ ...one, status: 'diverged' }))
    expect(() => refitOf(classify, diverged, 0)).toThrow('clouds diverged on every fold: lower its learning rate')
    expect(refitOf(stopping, [...diverged.slice(1), score(0, 5, 4)], 0).settings).toContainEqual(['epochs', 4])
  })

  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'assay-refit-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('is a run, with one look at the test split', async () => {
    const { id, epochs, test } = await refit(stopping, { results: [score(0, 4, 2)] }, { root, seed: 5 })
    expect(epochs).toHaveLength(2)
    const run = await openRun(root, id)
    expect(run.manifest).toMatchObject({ status: 'finished', seed: 5, data: { splits: { train: 90, validation: 0 } } })
    const settings = run.manifest.overrides ?? []
    expect(settings.map(([path]) => path)).toEqual([
      ...['split', 'epochs', 'earlyStopping.patience', 'earlyStopping.restoreBest'],
    ])
    expect((await readDivision(run)).train).toHaveLength(90)
    expect((await readSummary(run))?.test?.accuracy?.last).toBe(test?.scores.accuracy)
  })
})

describe('nestedCrossValidation', () => {
  it('chooses without the fold that gives the score, and trains what is chosen on all others', async () => {
    const outers: Fold[] = []
    const inners: MaterializedFolds[] = []
    const short = classify.with({ epochs: 1 })
    const found = await nestedCrossValidation(
      short,
      { folds: kFold({ folds: 3 }), choosing: kFold({ folds: 2 }), seeds: [1] },
      async (inner, outer) => {
        inners.push(inner)
        outers.push(outer)
        return short.set('optimizer.lr', 0.01 * (outer.fold + 1))
      },
    )
    if (found === undefined) throw new Error('nobody stopped it')
    for (const [i, { train, score: held }] of outers.entries()) {
      for (const inner of (await inners[i]?.prepare(short)) ?? []) {
        const used = [inner.train, inner.validation, inner.test].flatMap(({ indices }) => [...indices])
        expect(used.sort((a, b) => a - b)).toEqual([...train])
        expect(used.some((sample) => held.includes(sample))).toBe(false)
      }
    }
    expect(found.chosen.map(({ optimizer }) => optimizer.lr)).toEqual([0.01, 0.02, 0.03])
    // What is chosen scores as it does in a cross-validation of its own.
    for (const [fold, one] of found.chosen.entries()) {
      const alone = await crossValidate(one, { folds: kFold({ folds: 3 }), seeds: [1] })
      expect(found.results[fold]?.scores.loss).toBeCloseTo(alone?.results[fold]?.scores.loss ?? Number.NaN, 5)
    }
    expect(found.scores.loss?.n).toBe(3)
    expect(found.outOfFold[0]?.samples).toHaveLength(90)
  })
})
