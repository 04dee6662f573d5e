import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  constantSchedule,
  cosine,
  cosineWarmRestarts,
  exponential,
  multiStep,
  oneCycle,
  polynomial,
  reduceOnPlateau,
  type Schedule,
  stepDecay,
  warmup,
} from '../index.ts'

const config = z.record(z.string(), z.unknown())
const factors = z.array(z.number())
const golden = z
  .strictObject({
    torch: z.string(),
    stepsPerEpoch: z.number(),
    epochs: z.number(),
    schedules: z.array(z.strictObject({ kind: z.string(), config, factors })),
    plateaus: z.array(z.strictObject({ config, scores: z.array(z.number()), factors })),
  })
  .parse(JSON.parse(readFileSync(new URL('../../testing/golden/schedules.json', import.meta.url), 'utf8')))

const plain: Readonly<Record<string, Schedule>> = {
  stepDecay: stepDecay({ stepSize: 1 }),
  multiStep: multiStep({ milestones: [1] }),
  exponential: exponential({ gamma: 0.5 }),
  cosine: cosine(),
  polynomial: polynomial(),
  cosineWarmRestarts: cosineWarmRestarts({ t0: 1 }),
  oneCycle: oneCycle(),
  reduceOnPlateau: reduceOnPlateau(),
  warmup: warmup({ steps: 1 }),
}

const followed = z
  .strictObject({ followedBy: z.looseObject({ kind: z.string() }) })
  .partial()
  .loose()

/** The schedule of a golden case, which `with` makes of the plainest of its kind. */
function scheduleOf(kind: string, options: Readonly<Record<string, unknown>>): Schedule {
  const { followedBy, ...own } = followed.parse(options)
  const { kind: next = '', ...inner } = followedBy ?? {}
  const made = plain[kind]?.with?.({ ...own, ...(followedBy && { followedBy: scheduleOf(next, inner) }) })
  if (made === undefined) throw new Error(`there is no schedule ${kind}`)
  return made
}

const { stepsPerEpoch, epochs } = golden
const steps = stepsPerEpoch * epochs
const trace = (schedule: Schedule, count = steps) =>
  Array.from({ length: count }, (_, step) => schedule.factor(step, count, { stepsPerEpoch, history: [] }))

describe('rates are those of PyTorch, step for step', () => {
  it.each(golden.schedules.map((one) => [`${one.kind} ${JSON.stringify(one.config)}`, one] as const))(
    '%s',
    (_, one) => {
      const found = trace(scheduleOf(one.kind, one.config))
      expect(found).toHaveLength(one.factors.length)
      found.forEach((factor, step) => {
        expect(Math.abs(factor - (one.factors[step] ?? Number.NaN)), `step ${step}`).toBeLessThan(2e-9)
      })
    },
  )

  it.each(golden.plateaus.map((one) => [JSON.stringify(one.config), one] as const))('reduceOnPlateau %s', (_, one) => {
    const schedule = scheduleOf('reduceOnPlateau', one.config)
    one.factors.forEach((factor, evaluations) => {
      const history = one.scores.slice(0, evaluations).map((loss) => ({ validation: { loss } }))
      const found = schedule.factor(4, steps, { stepsPerEpoch, history })
      expect(found / factor, `after ${evaluations}`).toBeCloseTo(1, 7)
    })
    expect(new Set(one.factors).size).toBeGreaterThan(2)
  })

  it('has a golden case for every schedule', () => {
    const kinds = golden.schedules.map(({ kind }) => kind)
    expect(new Set([...kinds, 'reduceOnPlateau'])).toEqual(new Set(Object.keys(plain)))
  })
})

describe('schedules', () => {
  it('of one step or of two are defined', () => {
    for (const schedule of Object.values({ ...plain, warmup: cosine() }))
      for (const count of [1, 2])
        for (const factor of trace(schedule, count)) {
          expect(factor).toBeGreaterThanOrEqual(0)
          expect(factor).toBeLessThanOrEqual(1)
        }
  })

  it('say the kind and configuration that they are made of', () => {
    for (const [kind, schedule] of Object.entries(plain)) {
      expect(schedule.kind).toBe(kind)
      const again = schedule.with?.({})
      expect(again?.config).toEqual(schedule.config)
      expect(JSON.parse(JSON.stringify(schedule.config))).toEqual(schedule.config)
    }
    expect(constantSchedule().with).toBeUndefined()
  })

  it('warm up to what follows, whose options can be changed too', () => {
    const schedule = warmup({ epochs: 1, start: 0, followedBy: exponential({ gamma: 0.5 }) })
    expect(trace(schedule, 12)).toEqual([0, 0.25, 0.5, 0.75, 1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5])
    const other = schedule.with?.({ 'followedBy.gamma': 0.1, steps: 2 })
    expect(other?.config).toEqual({ steps: 2, start: 0, followedBy: { kind: 'exponential', gamma: 0.1 } })
    expect(trace(other ?? schedule, 8)).toEqual([0, 0.5, 1, 1, 1, 1, 0.1, 0.1])
    expect(() => warmup({ steps: 1 }).with?.({ 'followedBy.gamma': 0.1 })).toThrow(
      'warmup: constant() has nothing to set, and so no "gamma"',
    )
  })

  it('on a plateau pass over evaluations without the score, and over NaN as no improvement', () => {
    const schedule = reduceOnPlateau({ patience: 1, monitor: 'validation.top.5', mode: 'max' })
    const history = [1, Number.NaN, Number.NaN].flatMap((score) => [
      { validation: { 'top.5': score } },
      { train: { loss: 1 } },
    ])
    const rate = (count: number) => schedule.factor(0, 1, { stepsPerEpoch, history: history.slice(0, count) })
    expect([0, 1, 2, 3, 4, 5, 6].map(rate)).toEqual([1, 1, 1, 1, 1, 0.1, 0.1])
  })
})

describe('impossible options are refused', () => {
  it.each([
    [() => multiStep({ milestones: [5, 3] }), /^multiStep: milestones is \[5,3\]: .*rising/],
    [() => multiStep({ milestones: [] }), /^multiStep: milestones/],
    [() => stepDecay({ stepSize: 0.5 }), /^stepDecay: stepSize is 0.5/],
    [() => exponential({ gamma: 0 }), /^exponential: gamma is 0/],
    [() => polynomial({ minimum: 2 }), /^polynomial: minimum is 2/],
    [() => cosineWarmRestarts({ t0: 0 }), /^cosineWarmRestarts: t0 is 0/],
    [() => oneCycle({ pctStart: 1 }), /^oneCycle: pctStart is 1/],
    [() => oneCycle().with?.({ maxLr: 1 }), /^oneCycle: no option "maxLr"; the options are pctStart/],
    [() => cosine().with?.({ min: 1 }), /^cosine: no option "min"/],
    [() => warmup({}), /^warmup: .*one of steps and epochs/],
    [() => warmup({ steps: 3, epochs: 1 }), /^warmup: .*one of steps and epochs/],
    [() => warmup({ steps: 3, followedBy: JSON.parse('{}') }), /^warmup: followedBy .*as in cosine\(\)/],
    [() => trace(warmup({ epochs: 10 })), /^warmup: it takes 40 steps and the whole training 40/],
    [() => reduceOnPlateau({ monitor: 'loss' }), /^reduceOnPlateau: monitor is "loss": .*validation.loss/],
    [
      () => reduceOnPlateau().factor(0, 1, { stepsPerEpoch, history: [{ train: { loss: 1, accuracy: 0 } }] }),
      /^reduceOnPlateau: there is no validation.loss to watch; the scores are train.loss, train.accuracy: set monitor/,
    ],
  ])('%s', (make, message) => {
    expect(make).toThrow(message)
  })
})
