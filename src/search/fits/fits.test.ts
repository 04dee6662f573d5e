import { describe, expect, it } from 'vitest'
import '../../index.ts'
import { kFold, standardize } from '../../data/index.ts'
import { dropout, linear, mse, relu, sequential } from '../../nn/index.ts'
import { adam, adamW, sgd } from '../../optim/index.ts'
import { classify, convolve } from '../../testing/experiments.ts'
import { sine, stripes } from '../../testing/made.ts'
import {
  DivergedError,
  type Experiment,
  earlyStopping,
  experiment,
  type Prepared,
  prepare,
  prepareNetwork,
  fit as train,
} from '../../train/index.ts'
import { type Fit, fitAll, planFits, remaining } from './index.ts'

const wave = experiment({
  name: 'wave',
  data: sine(60),
  prepare: [standardize()],
  model: sequential(linear(12), relu(), dropout(0.1), linear(1)),
  loss: mse(),
  optimizer: adam({ lr: 0.01 }),
  batchSize: 20,
  epochs: 3,
})
/** 40 samples to train on, and 20 to validate on, in each. */
const folds = (of: Experiment) =>
  Promise.all([0, 1, 2].map((k) => prepare(of.with({ split: kFold({ folds: 3 }).fold(k) }))))
const fitOf = (of: Experiment, prepared: Prepared, seed = 0): Fit => ({ experiment: of, prepared, seed })

/** What `fit` makes of one, in the figures that are compared. */
async function alone({ experiment: of, prepared, seed }: Fit) {
  const epochs: number[] = []
  const { state, evaluate } = await train(of, prepared, seed, {
    onEpoch: ({ train, validation }) => void epochs.push(train.loss ?? Number.NaN, validation?.loss ?? Number.NaN),
  })
  return { epochs, weights: Float32Array.from(state.flat.parameters), loss: (await evaluate(prepared.train)).loss }
}

/** The same from `fitAll`. */
const together = (fits: readonly Fit[]) =>
  fitAll(fits, async ({ status, state, evaluate, reports }, { prepared }) => ({
    status,
    epochs: reports.flatMap((report) =>
      'train' in report ? [report.train.loss ?? Number.NaN, report.validation?.loss ?? Number.NaN] : [],
    ),
    weights: Float32Array.from(state.flat.parameters),
    loss: (await evaluate(prepared.train)).loss,
  }))

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => {
    const other = b[i] ?? Number.NaN
    return Object.is(value, other) ? most : Math.max(most, Math.abs(value - other) / Math.max(1, Math.abs(other)))
  }, 0)

describe('the plan', () => {
  it('packs what differs in seed, rates and samples alone, those of one fold beside each other', async () => {
    const [a, b] = await folds(wave)
    if (!a || !b) throw new Error('there are three folds')
    const other = wave.with({ name: 'other', optimizer: adam({ lr: 0.1, weightDecay: 0.3 }), seeds: [4] })
    const fits = [fitOf(wave, a), fitOf(wave, b), fitOf(other, prepareNetwork(other, a), 4), fitOf(wave, b, 1)]
    expect(planFits(fits)).toEqual({ fits: 4, packs: [{ fits: [0, 2, 1, 3], program: 0 }], programs: 1, alone: {} })
  })

  it.each<readonly [string, Partial<Parameters<Experiment['with']>[0]>]>([
    ['the model', { model: sequential(linear(13), relu(), dropout(0.1), linear(1)) }],
    ['a dropout’s probability', { model: sequential(linear(12), relu(), dropout(0.2), linear(1)) }],
    ['the optimiser', { optimizer: adamW({ lr: 0.01 }) }],
    ['what is built into its update', { optimizer: adam({ lr: 0.01, beta1: 0.8 }) }],
    ['batches', { batchSize: 10 }],
    ['epochs', { epochs: 4 }],
    ['the number of training samples', { split: { validation: 10 } }],
  ])('keeps apart what differs in %s', async (_, change) => {
    const of = wave.with(change)
    const fits = [wave, of].flatMap((one) => [0, 1].map((seed) => ({ one, seed })))
    const prepared = new Map([
      [wave, await prepare(wave)],
      [of, await prepare(of)],
    ])
    const plan = planFits(fits.flatMap(({ one, seed }) => [fitOf(one, prepared.get(one) ?? fail(), seed)]))
    expect(plan.packs).toEqual([
      { fits: [0, 1], program: 0 },
      { fits: [2, 3], program: 1 },
    ])
    expect(plan.programs).toBe(2)
  })

  it('says what goes alone, and why', async () => {
    const prepared = await prepare(wave.with({ split: { validation: 20 } }))
    const stopping = wave.with({ earlyStopping: earlyStopping() })
    const large = wave.with({ model: sequential(linear(1200), relu(), linear(1200), relu(), linear(1)) })
    const inOthers = wave.with({ optimizer: sgd({ lr: 0.1 }) })
    const fits = [stopping, stopping, large, large, inOthers].map((of, seed) =>
      fitOf(of, prepareNetwork(of, prepared), seed),
    )
    const plan = planFits(fits)
    expect(plan.packs.map(({ fits: own }) => own)).toEqual([[0], [1], [2], [3], [4]])
    expect(plan.programs).toBe(3)
    expect(plan.alone).toEqual({
      'earlyStopping is only for networks that train alone': 2,
      'the network is so large that two fill no processor better than one': 2,
      'no other fit differs from it in seed, learning rate and weight decay alone': 1,
    })
  })

  it('keeps whole packs of what is not done', async () => {
    const prepared = await prepare(wave)
    const other = wave.with({ epochs: 2 })
    const plan = planFits([wave, wave, other, other].map((of, seed) => fitOf(of, prepareNetwork(of, prepared), seed)))
    expect(remaining(plan, (fit) => fit < 3)).toEqual({ ...plan, fits: 2, programs: 1, packs: plan.packs.slice(1) })
    expect(remaining(plan, (fit) => fit !== 1).packs).toEqual(plan.packs.slice(0, 1))
    expect(remaining(plan, () => true)).toEqual(planFits([]))
  })

  it('of none is empty', () => {
    expect(planFits([])).toEqual({ fits: 0, packs: [], programs: 0, alone: {} })
  })
})

describe('fitAll', () => {
  it.each([
    ['a regression with dropout', wave],
    ['a classifier with metrics', classify.with({ split: { validation: 0.2 } })],
    ['running statistics', convolve.with({ data: stripes(45) })],
  ])('ends where fit ends, packed and alone, in the order of the fits: %s', async (_, of) => {
    const [a, b, c] = await folds(of)
    if (!a || !b || !c) throw new Error('there are three folds')
    const faster = of.with({ optimizer: of.optimizer.with({ lr: 0.03, weightDecay: 0.1 }) })
    const stopping = of.with({ earlyStopping: earlyStopping({ patience: 1 }) })
    const fits = [
      fitOf(of, a),
      fitOf(stopping, prepareNetwork(stopping, b), 5),
      fitOf(of, b, 1),
      fitOf(faster, prepareNetwork(faster, a), 2),
      fitOf(of, c, 3),
    ]
    expect(planFits(fits).packs.map(({ fits: own }) => own.length)).toEqual([4, 1])
    const found = await together(fits)
    for (const [number, one] of fits.entries()) {
      const expected = await alone(one)
      const own = found[number]
      expect(own?.status).toBe('finished')
      expect(own?.epochs.length).toBe(expected.epochs.length)
      expect(distance(own?.weights ?? [], expected.weights)).toBeLessThan(1e-4)
      expect(distance(own?.epochs ?? [], expected.epochs)).toBeLessThan(1e-4)
      expect(Math.abs((own?.loss ?? Number.NaN) - expected.loss)).toBeLessThan(1e-4)
    }
    expect(distance(found[0]?.weights ?? [], found[2]?.weights ?? [])).toBeGreaterThan(1e-2)
  })

  it('goes on where some diverge, in a pack or alone', async () => {
    const prepared = await prepare(wave.with({ split: { validation: 20 } }))
    const wild = wave.with({ optimizer: adam({ lr: 1e30 }) })
    const wildAlone = wild.with({ earlyStopping: earlyStopping() })
    const fits = [wild, wave, wildAlone].map((of) => fitOf(of, prepareNetwork(of, prepared)))
    const found = await fitAll(fits, (outcome) => (outcome.status === 'diverged' ? outcome.error : outcome.status))
    expect(found[0]).toBeInstanceOf(DivergedError)
    expect(found[1]).toBe('finished')
    expect(found[2]).toBeInstanceOf(DivergedError)
  })

  it('tells how far it is, and stops when it is asked to: what was done is kept', async () => {
    const prepared = await prepare(wave)
    const other = wave.with({ epochs: 2 })
    const fits = [wave, wave, other, other].map((of, seed) => fitOf(of, prepareNetwork(of, prepared), seed))
    const told: string[] = []
    const found = await fitAll(fits, (_, { seed }) => seed, {
      onStart: ({ fits: own, stepsPerEpoch }) => void told.push(`${own} of ${stepsPerEpoch}`),
      onEpoch: ({ fit: number, epoch }) => void told.push(`${number}:${epoch}`),
      shouldStop: () => told.includes('3:1'),
    })
    expect(found).toEqual([0, 1, undefined, undefined])
    expect(told).toEqual(['0,1 of 3', '0:1', '1:1', '0:2', '1:2', '0:3', '1:3', '2,3 of 3', '2:1', '3:1'])
  })
})

function fail(): never {
  throw new Error('every experiment is prepared')
}

it('fits of an experiment that records are those of one that does not: they have no folder for it', async () => {
  const prepared = await prepare(wave)
  const recording = wave.with({ record: { weights: {}, steps: {} } })
  expect(await together([fitOf(recording, prepared)])).toEqual(await together([fitOf(wave, prepared)]))
}, 60_000)
