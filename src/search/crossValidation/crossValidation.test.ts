import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import '../../index.ts'
import {
  arrays,
  type DataSource,
  expandingWindow,
  type FoldStrategy,
  groupedKFold,
  holdOut,
  kFold,
  repeated,
  standardize,
  stratifiedKFold,
  timeOrdered,
} from '../../data/index.ts'
import { fashionMnist } from '../../data/node.ts'
import { mae, mse as meanSquaredError, r2 } from '../../metrics/index.ts'
import { crossEntropy, dropout, flatten, linear, mse, relu, sequential } from '../../nn/index.ts'
import { adam, sgd } from '../../optim/index.ts'
import { classify } from '../../testing/experiments.ts'
import { sine } from '../../testing/made.ts'
import { type Experiment, earlyStopping, experiment, type Prepared } from '../../train/index.ts'
import { fitAll } from '../fits/index.ts'
import expected from './fixtures/least-squares.json' with { type: 'json' }
import { type CrossValidation, crossValidate, type FoldResult, type Folds, materializeFolds } from './index.ts'

const wave = experiment({
  name: 'wave',
  data: sine(60),
  prepare: [standardize()],
  model: sequential(linear(8), relu(), dropout(0.1), linear(1)),
  loss: mse(),
  optimizer: adam({ lr: 0.02 }),
  batchSize: 16,
  epochs: 2,
  metrics: [mae()],
})

/** The fixture's data; they come to the network as float32. */
function points({ inputs = expected.x.flat(), targets = expected.y } = {}): DataSource {
  return arrays({
    name: 'points',
    inputs: { data: Float32Array.from(inputs), shape: [3] },
    targets: { task: 'regression', values: Float32Array.from(targets), shape: [1] },
    columns: { group: expected.groups },
    test: {
      inputs: { data: new Float32Array(3), shape: [3] },
      targets: { task: 'regression', values: new Float32Array(1), shape: [1] },
    },
  })
}

/** Folds that hold these samples out. */
function given(held: readonly (readonly number[])[]): FoldStrategy {
  const divide: FoldStrategy['divide'] = ({ length }) =>
    held.map((own) => ({
      train: Uint32Array.from({ length }, (_, i) => i).filter((i) => !own.includes(i)),
      validation: Uint32Array.from(own),
    }))
  return { kind: 'given', config: {}, count: held.length, divide, fold: () => holdOut({ validation: 0.5 }) }
}

const parts = ({ train, validation, test }: Prepared) => [train, validation, test].map(({ indices }) => [...indices])
const contents = ({ division: _, ...rest }: CrossValidation) => rest
const numbers = (length: number): number[] => Array.from({ length }, (_, i) => i)
const sorted = (all: Iterable<number>): number[] => [...all].sort((a, b) => a - b)
const stopping = (of: Experiment) => of.with({ epochs: 6, earlyStopping: earlyStopping({ patience: 2 }) })

describe('folds', () => {
  it('of a regression hold each sample out once, and watch none where nothing is watched', async () => {
    const folds = await materializeFolds(wave, { folds: kFold({ folds: 7 }) })
    const prepared = await folds.prepare(wave)
    expect(sorted(prepared.flatMap(({ test }) => [...test.indices]))).toEqual(numbers(60))
    const sizes = prepared.map(({ test }) => test.indices.length)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBe(1)
    for (const one of prepared) {
      const [train = [], validation, score = []] = parts(one)
      expect(validation).toEqual([])
      expect(sorted([...train, ...score])).toEqual(numbers(60))
    }
  })

  it('hold what is watched out of what is trained on, the same each time, and never of the fold', async () => {
    const of = stopping(classify)
    const folds = await materializeFolds(of, { folds: stratifiedKFold({ folds: 5 }) })
    const prepared = await folds.prepare(of)
    for (const one of prepared) {
      const [train = [], validation = [], score = []] = parts(one)
      expect([train, validation, score].map(({ length }) => length)).toEqual([58, 14, 18])
      expect(sorted([...train, ...validation, ...score])).toEqual(numbers(90))
      // Of three classes of 30.
      const held = [0, 1, 2].map((c) => validation.filter((i) => i % 3 === c).length)
      expect(Math.max(...held) - Math.min(...held)).toBeLessThanOrEqual(1)
    }
    const again = await materializeFolds(of, { folds: stratifiedKFold({ folds: 5 }) })
    expect((await again.prepare(of)).map(parts)).toEqual(prepared.map(parts))
    // Who watches nothing trains on all of it, on the same folds.
    const all = await folds.prepare(classify)
    expect(all.map(({ train, validation, test }) => [train, validation, test].map((s) => s.indices.length))).toEqual(
      Array.from({ length: 5 }, () => [72, 0, 18]),
    )
    expect(all.map(({ test }) => test.indices)).toEqual(prepared.map(({ test }) => test.indices))
  })

  it('keep groups whole, those that are watched too', async () => {
    const of = stopping(wave.with({ data: points(), model: linear(1) }))
    const folds = await materializeFolds(of, { folds: repeated(groupedKFold({ folds: 3, by: 'group' }), { times: 2 }) })
    expect(folds.division.folds.map(({ repeat, fold }) => [repeat, fold])).toEqual(
      [0, 1].flatMap((repeat) => [0, 1, 2].map((fold) => [repeat, fold])),
    )
    for (const one of await folds.prepare(of)) {
      const groups = parts(one).map((own) => new Set(own.map((i) => expected.groups[i])))
      expect(groups.every(({ size }) => size > 0)).toBe(true)
      expect(new Set(groups.flatMap((own) => [...own])).size).toBe(groups.reduce((sum, { size }) => sum + size, 0))
    }
  })

  it('in time watch the latest of what comes before the fold', async () => {
    const of = stopping(wave)
    const folds = await materializeFolds(of, { folds: expandingWindow({ folds: 3 }) })
    for (const one of await folds.prepare(of)) {
      const [train = [], validation = [], score = []] = parts(one)
      expect(Math.max(...train)).toBeLessThan(Math.min(...validation))
      expect(Math.max(...validation)).toBeLessThan(Math.min(...score))
    }
  })

  it('are those of a division made before, of the same data alone', async () => {
    const { division } = await materializeFolds(wave, { folds: kFold({ folds: 4, seed: 3 }) })
    const again = await materializeFolds(wave, { folds: division })
    expect(again.division.folds).toEqual(division.folds)
    await expect(materializeFolds(wave.with({ data: sine(61) }), { folds: division })).rejects.toThrow(
      /^sine holds other training data than the folds are of/,
    )
    await expect(again.prepare(classify)).rejects.toThrow(
      'clouds is on other data than the folds are of (wave’s): make folds of its own',
    )
  })

  const installed = existsSync('/usr/share/datasets/fashion-mnist')
  // apt-get install dataset-fashion-mnist
  it.skipIf(!installed)('of Fashion-MNIST keep the proportions of the classes to one sample', async () => {
    const of = experiment({
      ...{ name: 'fashion', data: fashionMnist(), model: sequential(flatten(), linear(10)) },
      ...{ loss: crossEntropy(), optimizer: sgd({ lr: 0.1 }), epochs: 1 },
    })
    const { targets } = (await of.data.load()).train
    if (targets.task !== 'classification') throw new Error('Fashion-MNIST has classes')
    const { division } = await materializeFolds(of, { folds: stratifiedKFold({ folds: 7 }) })
    const held = new Uint8Array(60_000)
    for (const { score } of division.folds) for (const i of score) held[i] = (held[i] ?? 0) + 1
    expect(held.every((times) => times === 1)).toBe(true)
    for (const { score, train } of division.folds) {
      const counts = new Array<number>(10).fill(0)
      for (const i of score) counts[targets.labels[i] ?? 0] = (counts[targets.labels[i] ?? 0] ?? 0) + 1
      // 6000 of each class.
      for (const count of counts) expect(Math.abs(count - 6000 / 7)).toBeLessThan(1)
      expect(train.length + score.length).toBe(60_000)
    }
  })
})

/** The same division for data whose content is another. */
async function sameFolds(division: Folds, data: DataSource): Promise<Folds> {
  return { ...division, fingerprint: (await data.load()).train.fingerprint }
}

describe('nothing of the fold that gives the score comes into its training', () => {
  const of = stopping(wave.with({ data: points(), model: sequential(linear(4), relu(), linear(1)) }))
  const changed = async (which: 'inputs' | 'targets') => {
    // Without chance, which comes from all of the data's content.
    const inner = timeOrdered({ validation: 0.2 })
    const { division } = await materializeFolds(of, { folds: kFold({ folds: 4 }), inner })
    const [first] = division.folds
    if (first === undefined) throw new Error('there are four folds')
    const width = which === 'inputs' ? 3 : 1
    const before = which === 'inputs' ? expected.x.flat() : expected.y
    const data = points({
      [which]: before.map((value, i) => (first.score.includes(Math.floor(i / width)) ? 1000 - value : value)),
    })
    const other = of.with({ data })
    return {
      before: await materializeFolds(of, { folds: division }),
      other,
      after: await materializeFolds(other, { folds: await sameFolds(division, data) }),
    }
  }

  it('its preparation is fitted without it', async () => {
    const { before, after, other } = await changed('inputs')
    const states = async (folds: typeof before, one: Experiment) =>
      (await folds.prepare(one)).map(({ transforms }) => transforms.map(({ state }) => state))
    const [first, ...others] = await states(before, of)
    const [same, ...different] = await states(after, other)
    expect(same).toEqual(first)
    // The other folds train on these samples.
    for (const [i, state] of others.entries()) expect(different[i]).not.toEqual(state)
  })

  it.each(['inputs', 'targets'] as const)('early stopping does not see its %s', async (which) => {
    const { before, after, other } = await changed(which)
    const weights = async (folds: typeof before, one: Experiment) => {
      const seen: { readonly trained: Float32Array; readonly scores: FoldResult['scores'] }[] = []
      const [prepared] = await folds.prepare(one)
      if (prepared === undefined) throw new Error('there are four folds')
      await fitAll([{ experiment: one, prepared, seed: 0 }], async ({ state, evaluate }) => {
        const trained = Float32Array.from(state.flat.parameters)
        seen.push({ trained, scores: { loss: (await evaluate(prepared.test)).loss } })
      })
      return seen[0]
    }
    const [one, two] = [await weights(before, of), await weights(after, other)]
    expect(two?.trained).toEqual(one?.trained)
    expect(two?.scores).not.toEqual(one?.scores)
  })
})

describe('crossValidate', () => {
  const least = experiment({
    name: 'least-squares',
    data: points(),
    prepare: [standardize()],
    model: linear(1),
    loss: mse(),
    optimizer: sgd({ lr: 0.1, momentum: 0.8 }),
    batchSize: 60,
    epochs: 300,
    metrics: [meanSquaredError(), mae(), r2()],
  })

  it.each(['KFold', 'GroupKFold'] as const)('scores as scikit-learn does on its folds: %s', async (name) => {
    const { folds, scores, pooled, predicted } = expected.cases[name]
    const cv = await crossValidate(least, { folds: given(folds) })
    if (cv === undefined) throw new Error('nobody stopped it')
    for (const metric of ['mse', 'mae', 'r2'] as const) {
      const found = cv.results.map((result) => result.scores[metric] ?? Number.NaN)
      scores[metric].forEach((value, i) => {
        expect(found[i]).toBeCloseTo(value, 4)
      })
      expect(cv.scores[metric]?.mean).toBeCloseTo(scores[metric].reduce((a, b) => a + b) / folds.length, 4)
      expect(cv.pooled[metric]).toBeCloseTo(pooled[metric], 4)
    }
    for (const { scores: own } of cv.results) expect(own.loss).toBeCloseTo(own.mse ?? Number.NaN, 5)
    expect(cv.pooled.loss).toBeCloseTo(pooled.mse, 4)
    const [whole] = cv.outOfFold
    if (whole?.predictions.task !== 'regression') throw new Error('it is a regression')
    expect([...whole.samples]).toEqual(numbers(60))
    expect([...whole.folds]).toEqual(numbers(60).map((i) => folds.findIndex((own) => own.includes(i))))
    predicted.forEach((value, i) => {
      expect(whole.predictions.task === 'regression' && whole.predictions.outputs[i]).toBeCloseTo(value, 3)
    })
  })

  it('takes the mean over seeds within each fold, and the interval over folds', async () => {
    const strategy = repeated(kFold({ folds: 3 }), { times: 2 })
    const cv = await crossValidate(wave, { folds: strategy, seeds: [4, 5], level: 0.9 })
    if (cv === undefined) throw new Error('nobody stopped it')
    expect(cv.results.map(({ repeat, fold, seed }) => [seed, repeat, fold])).toEqual(
      [4, 5].flatMap((seed) => [0, 1].flatMap((repeat) => [0, 1, 2].map((fold) => [seed, repeat, fold]))),
    )
    const losses = cv.results.map(({ scores }) => scores.loss ?? Number.NaN)
    const folds = losses.slice(0, 6).map((loss, i) => (loss + (losses[i + 6] ?? Number.NaN)) / 2)
    const mean = folds.reduce((a, b) => a + b) / 6
    const sd = Math.sqrt(folds.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 5)
    const { loss } = cv.scores
    expect(loss).toMatchObject({ n: 6, level: 0.9 })
    expect(loss?.mean).toBeCloseTo(mean, 12)
    expect(loss?.sd).toBeCloseTo(sd, 12)
    // t(0.95, 5) = 2.01505; 20 samples give a score, 40 are trained on.
    expect((loss?.high ?? 0) - mean).toBeCloseTo(2.015048 * sd * Math.sqrt(1 / 6 + 1 / 2), 5)
    expect(cv.outOfFold.map(({ seed, repeat, samples }) => [seed, repeat, samples.length])).toEqual([
      [4, 0, 60],
      [4, 1, 60],
      [5, 0, 60],
      [5, 1, 60],
    ])
  })

  it('of classes keeps what was said of each sample', async () => {
    const cv = await crossValidate(classify, { folds: stratifiedKFold({ folds: 3 }) })
    const [whole] = cv?.outOfFold ?? []
    if (cv === undefined || whole?.predictions.task !== 'classification') throw new Error('it is a classification')
    const { scores, targets, classes } = whole.predictions
    expect([...targets]).toEqual(numbers(90).map((i) => i % 3))
    const right = numbers(90).filter((i) => {
      const own = scores.subarray(i * classes, (i + 1) * classes)
      return own.indexOf(Math.max(...own)) === targets[i]
    })
    expect(cv.pooled.accuracy).toBe(right.length / 90)
    expect(cv.scores.accuracy?.mean).toBeCloseTo(right.length / 90, 10)
  })

  it('goes on from what was done before, and ends with the same numbers', async () => {
    const of = wave.with({ earlyStopping: earlyStopping({ patience: 1 }) })
    const options = { folds: kFold({ folds: 4 }), seeds: [0, 1] }
    const whole = await crossValidate(of, options)
    const done: FoldResult[] = []
    const interrupted = await crossValidate(of, options, {
      onFold: (result) => void done.push(result),
      shouldStop: () => done.length === 3,
    })
    expect(interrupted).toBeUndefined()
    expect(done).toHaveLength(3)
    let planned = 0
    const again = await crossValidate(of, options, {
      known: ({ repeat, fold, seed }) =>
        done.find((one) => one.repeat === repeat && one.fold === fold && one.seed === seed),
      onPlan: ({ fits }) => {
        planned = fits
      },
    })
    expect(planned).toBe(5)
    expect(again && contents(again)).toEqual(whole && contents(whole))
    expect(whole?.results.every(({ bestEpoch }) => bestEpoch !== undefined && bestEpoch >= 1)).toBe(true)
  })

  it('tells of folds that diverge, and then of no mean', async () => {
    const cv = await crossValidate(wave.with({ optimizer: adam({ lr: 1e30 }) }), { folds: kFold({ folds: 3 }) })
    expect(cv?.results.map(({ status, error }) => [status, error?.slice(0, 15)])).toEqual(
      Array.from({ length: 3 }, () => ['diverged', expect.stringMatching(/^(the loss became|a weight is no)/)]),
    )
    expect(cv?.scores.loss).toMatchObject({ n: 3, mean: Number.NaN, low: Number.NaN })
    expect(cv?.outOfFold).toEqual([])
  })
})
