import { describe, expect, it } from 'vitest'
import '../index.ts'
import { augment, standardize } from '../data/index.ts'
import { stateDict } from '../nn/index.ts'
import { adam, ema, l1, maxNorm, parameterGroups, reduceOnPlateau, swa } from '../optim/index.ts'
import { classify, convolve } from '../testing/experiments.ts'
import {
  type EpochReport,
  type Experiment,
  earlyStopping,
  mixup,
  type Prepared,
  prepare,
  type Snapshot,
  fit as train,
} from './index.ts'

/** A snapshot that training goes on beside: what is in it must not change any more. */
const kept = (snapshot: Snapshot): Snapshot => structuredClone(snapshot)

/** Everything that a training comes to, when it is broken off before certain steps and gone on with. */
async function course(of: Experiment, prepared: Prepared, breaks: readonly number[] = []) {
  const losses: number[] = []
  const reports: unknown[] = []
  let from: Snapshot | undefined
  for (const at of [...breaks, Number.POSITIVE_INFINITY]) {
    let latest: Snapshot | undefined
    const result = await train(of, prepared, 4, {
      ...(from && { from }),
      onStep: ({ loss }) => losses.push(loss),
      onEpoch: (report) => void reports.push(report),
      onEvaluation: (report) => void reports.push(report),
      shouldStop: () => losses.length >= at,
      onStopped: (training) => {
        latest = kept(training.snapshot())
      },
    })
    if (result.status === 'finished')
      return { losses, reports, weights: stateDict(result.state.variables), position: result.position }
    from = latest
  }
  throw new Error('the last part has no end')
}

const stripes = convolve.with({
  prepare: [augment({ shift: 1, noise: 4 }), standardize()],
  optimizer: parameterGroups(adam({ lr: 0.02 }), [{ parameters: '*.bias', lr: 0.001 }]),
})

const watched = { evaluation: { everySteps: 2, train: true }, monitor: 'validation.accuracy' }

describe('a training that is broken off and resumed ends where the unbroken one ends', () => {
  it.each<[string, Experiment]>([
    ['with dropout, metrics and a smaller last batch', classify],
    ['with batch norm and momentum', convolve],
    ['with gradients of several batches', classify.with({ accumulate: 2 })],
    ['evaluated inside epochs', classify.with(watched)],
    [
      'with early stopping and the best weights restored',
      classify.with({ ...watched, epochs: 12, earlyStopping: earlyStopping({ patience: 4 }) }),
    ],
    ['with a moving average of the weights', classify.with({ averaging: ema({ decay: 0.9 }) })],
    ['with stochastic weight averaging of a batch norm', convolve.with({ epochs: 4, averaging: swa({ start: 0.5 }) })],
    [
      'with mixup, penalties, clipping and a rate that falls on plateaus',
      classify.with({
        mixup: mixup(),
        regularizers: [l1({ lambda: 0.01 }), maxNorm({ max: 1 })],
        clip: { norm: 0.5 },
        epochs: 5,
        schedule: reduceOnPlateau({ monitor: 'validation.accuracy', mode: 'max', patience: 0, factor: 0.5 }),
      }),
    ],
    ['with augmentation and parameter groups', stripes],
  ])('%s', async (_, of) => {
    const prepared = await prepare(of)
    const unbroken = await course(of, prepared)
    const steps = unbroken.losses.length
    for (let at = 0; at <= steps; at += 1) expect(await course(of, prepared, [at])).toEqual(unbroken)
    expect(await course(of, prepared, [1, 2, Math.floor(steps / 2), steps - 1])).toEqual(unbroken)
  })

  it('and is told from one that goes on with another order', async () => {
    const prepared = await prepare(classify)
    let middle: Snapshot | undefined
    await train(classify, prepared, 4, {
      onSettled: (training) => {
        if (training.position.step === 7) middle = kept(training.snapshot())
      },
    })
    if (middle === undefined) throw new Error('there was no step 7')
    const { state } = await train(classify, prepared, 5, { from: middle })
    expect(stateDict(state.variables)).not.toEqual((await course(classify, prepared)).weights)
  })
})

describe('early stopping', () => {
  it('ends with the weights of the best evaluation', async () => {
    const of = classify.with({
      epochs: 40,
      monitor: 'validation.accuracy',
      earlyStopping: earlyStopping({ patience: 2 }),
    })
    const prepared = await prepare(of)
    const scores: NonNullable<EpochReport['validation']>[] = []
    const { position, evaluate } = await train(of, prepared, 0, {
      onEpoch: ({ validation }) => void scores.push(validation ?? {}),
    })
    expect(position.epoch).toBeLessThan(40)
    expect(scores).toHaveLength(position.epoch)
    const accuracies = scores.map(({ accuracy = Number.NaN }) => accuracy)
    const best = accuracies.indexOf(Math.max(...accuracies))
    expect(best).toBe(position.epoch - 3)
    expect((await evaluate(prepared.validation)).loss).toBe(scores[best]?.loss)
  })

  it('without restoring ends with the last weights', async () => {
    const of = classify.with({ epochs: 40, earlyStopping: earlyStopping({ patience: 2, restoreBest: false }) })
    const prepared = await prepare(of)
    let last = Number.NaN
    const { evaluate } = await train(of, prepared, 0, {
      onEpoch: ({ validation }) => {
        last = validation?.loss ?? last
      },
    })
    expect((await evaluate(prepared.validation)).loss).toBe(last)
  })
})

describe('gradients of several batches', () => {
  it('are those of one large batch', async () => {
    const whole = classify.with({ batchSize: 30, prepare: [], split: { validation: 0 }, epochs: 1 }).set('model.2.p', 0)
    const parts = whole.with({ batchSize: 10, accumulate: 3 })
    const [one, three] = await Promise.all([whole, parts].map(async (of) => course(of, await prepare(of))))
    expect(three?.losses).toHaveLength(one?.losses.length ?? 0)
    for (const [name, { data }] of Object.entries(one?.weights ?? {}))
      expect(Math.max(...data.map((value, i) => Math.abs(value - (three?.weights[name]?.data[i] ?? 0))))).toBeLessThan(
        2e-5,
      )
  })
})

describe('what is monitored', () => {
  it.each([
    [
      'validation.f2',
      /monitor "validation\.f2" is no value of this experiment.*validation\.loss, validation\.accuracy/,
    ],
    ['trainEvaluated.loss', /needs evaluation: \{ train: true \}/],
    ['test.loss', /is no value of this experiment/],
  ])('cannot be %s', async (monitor, message) => {
    const of = classify.with({ monitor })
    await expect(train(of, await prepare(of), 0)).rejects.toThrow(message)
  })
})
