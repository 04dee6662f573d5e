import * as z from 'zod'
import { ResultKind } from '../display.ts'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/index.ts'
import type { Schedule } from '../optim/index.ts'
import { DivergedError } from './diverged.ts'
import type { Experiment } from './experiment.ts'
import { fit } from './fit.ts'
import type { Prepared } from './prepare.ts'

export interface LrFindOptions {
  /** Smallest learning rate; default 1e-6. */
  readonly from?: number
  /** Largest; default 10. Training ends before where the loss has grown fourfold. */
  readonly to?: number
  /** Steps from one to the other; default 150. */
  readonly steps?: number
  /** Trainings, each with a seed of its own, whose losses are averaged; default 2. */
  readonly repeats?: number
  /** Of the first training; default 0. */
  readonly seed?: number
  /** Told after each step; it is waited for. */
  onStep?(done: number, total: number): void | Promise<void>
}

/** A range test, and what follows from it. */
export interface LrFinding {
  /** Learning rate at which the loss falls fastest. */
  readonly suggestion: number
  /** Learning rate with the lowest loss: more than this does harm. */
  readonly lowest: number
  /** Whether the loss fell clearly enough for the suggestion to mean something. */
  readonly isClear: boolean
  readonly curve: readonly LrPoint[]
}

export const lrFindingKind = new ResultKind<LrFinding>()

export interface LrPoint {
  readonly lr: number
  /** Geometric mean of the repeats' losses in this step, as if all batches were equally hard. */
  readonly loss: number
  /** The same, smoothed over neighbouring steps. */
  readonly smoothed: number
}

const schema = z.object({
  from: z.number().positive(),
  to: z.number().positive(),
  steps: z.number().int().min(20),
  repeats: z.number().int().min(1),
  seed: z.number().int().min(0),
})

/** So many times the lowest loss so far ends the test. */
const BLOWN_UP = 4
/** Share of the running mean that a step keeps, and steps before it is looked at. */
const KEPT = 0.9
const SETTLED = 10
/** Width of the smoothing, as a share of the steps; the kernel is centred, so it does not move the curve. */
const WIDTH = 0.03
/** A loss that does not fall by this share says nothing. */
const CLEAR = 0.1

/**
 * Finds a learning rate by a range test (Smith, 2017): from a tiny rate to a huge one, a little more in each step; where the loss falls
 * fastest the rate is good. Each loss is compared with that of the same batch before training, several trainings are averaged, and the
 * curve is smoothed without being moved, so that the noise of single batches does not decide. Nothing of the experiment is changed, and no run is made.
 *
 * @throws UsageError where the loss is no number from the first step on, or an option is out of range
 * @example
 * const { suggestion } = await findLearningRate(experiment, await prepare(experiment))
 * experiment.set('optimizer.lr', suggestion)
 */
export async function findLearningRate(
  experiment: Experiment,
  prepared: Prepared,
  { onStep, ...options }: LrFindOptions = {},
): Promise<LrFinding> {
  const { from, to, steps, repeats, seed } = parseConfig('lr-find', schema, {
    ...{ from: 1e-6, to: 10, steps: 150, repeats: 2, seed: 0 },
    ...options,
  })
  if (from >= to) throw new UsageError(`lr-find: from is ${from} and to is ${to}: give the smaller rate first`)
  const rateAt = (step: number): number => from * (to / from) ** (step / (steps - 1))
  const stepsPerEpoch = Math.ceil(prepared.train.indices.length / experiment.batchSize)
  const tested = experiment.with({
    ...{ schedule: sweep(experiment.optimizer.lr, rateAt), epochs: Math.ceil(steps / stepsPerEpoch), accumulate: 1 },
    ...{ callbacks: [], metrics: [], asserts: {}, evaluation: {} },
  })
  // Without early stopping, averages and what they watch, and without a validation split: only steps are taken.
  const { earlyStopping: _, averaging: __, monitor: ___, ...plain } = tested
  const alone = { ...prepared, validation: { ...prepared.validation, indices: new Uint32Array() } }
  const standing = { ...plain, schedule: sweep(experiment.optimizer.lr, () => STILL) }
  const courses: Course[] = []
  for (let repeat = 0; repeat < repeats; repeat++) {
    const told = (before: number) => (done: number) =>
      onStep?.((2 * repeat + before) * steps + done, 2 * repeats * steps)
    const losses = await course(plain, alone, seed + repeat, steps, told(0))
    courses.push({ losses, still: await course(standing, alone, seed + repeat, losses.length, told(1)) })
  }
  return findingOf(courses, rateAt)
}

/** A learning rate that moves nothing. */
const STILL = 1e-30

/** Losses of a training, and those of the same batches with the same dropout had it not moved: what batches differ by is not told as progress. */
export interface Course {
  readonly losses: readonly number[]
  readonly still: readonly number[]
}

/** A schedule that takes the learning rate through a range, whatever the optimiser's own is. */
const sweep = (own: number, rateAt: (step: number) => number): Schedule => ({
  kind: 'sweep',
  config: {},
  factor: (step) => rateAt(step) / own,
})

/** Losses of one training until they blow up. */
async function course(
  experiment: Experiment,
  prepared: Prepared,
  seed: number,
  steps: number,
  onStep: (done: number) => void | Promise<void>,
): Promise<readonly number[]> {
  const losses: number[] = []
  const blowsUp = blowUp()
  let isBlownUp = false
  try {
    await fit(experiment, prepared, seed, {
      onStep: ({ loss }) => {
        if (Number.isFinite(loss)) losses.push(loss)
        isBlownUp = blowsUp(loss)
      },
      onSettled: () => onStep(losses.length),
      shouldStop: () => losses.length >= steps || isBlownUp,
    })
  } catch (error) {
    if (!(error instanceof DivergedError)) throw error
    if (losses.length < 2) throw new UsageError(`lr-find: ${error.message}`, { cause: error })
  }
  return losses
}

/** Tells from one loss after the other whether they have grown manifold, and above what they began with; single batches do not count. */
function blowUp(): (loss: number) => boolean {
  let [mean, weight, first, lowest] = [0, 0, 0, Number.POSITIVE_INFINITY]
  let steps = 0
  return (loss) => {
    mean = KEPT * mean + (1 - KEPT) * loss
    weight = KEPT * weight + (1 - KEPT)
    steps += 1
    const now = mean / weight
    if (steps < SETTLED) return false
    if (steps === SETTLED) first = now
    lowest = Math.min(lowest, now)
    return now > BLOWN_UP * lowest && now > first
  }
}

/** What the losses of several trainings say together. */
export function findingOf(courses: readonly Course[], rateAt: (step: number) => number): LrFinding {
  const length = Math.min(...courses.map(({ losses }) => losses.length))
  const log = (loss: number | undefined): number => Math.log(Math.max(loss ?? 0, 1e-30))
  const mean = (of: (course: Course) => number): number =>
    courses.reduce((sum, one) => sum + of(one), 0) / courses.length
  const beginning = mean(({ still }) => still.reduce((sum, loss) => sum + log(loss), 0) / still.length)
  const logs = Array.from({ length }, (_, i) => beginning + mean(({ losses, still }) => log(losses[i]) - log(still[i])))
  const smoothed = smooth(logs, Math.max(1, WIDTH * logs.length))
  const lowest = smoothed.indexOf(Math.min(...smoothed))
  let steepest = 0
  let slope = 0
  for (let i = 1; i < lowest; i++) {
    const here = (smoothed[i + 1] ?? 0) - (smoothed[i - 1] ?? 0)
    if (here < slope) [slope, steepest] = [here, i]
  }
  const fall = (smoothed[0] ?? 0) - (smoothed[lowest] ?? 0)
  return lrFindingKind.mark({
    suggestion: rateAt(steepest),
    lowest: rateAt(lowest),
    isClear: fall > -Math.log(1 - CLEAR),
    curve: logs.map((one, i) => ({ lr: rateAt(i), loss: Math.exp(one), smoothed: Math.exp(smoothed[i] ?? 0) })),
  })
}

/** A Gaussian kernel of this standard deviation, in places; at the ends over what there is. */
function smooth(values: readonly number[], width: number): number[] {
  const reach = Math.ceil(3 * width)
  return values.map((_, i) => {
    let [sum, weights] = [0, 0]
    for (let j = Math.max(0, i - reach); j <= Math.min(values.length - 1, i + reach); j++) {
      const weight = Math.exp(-(((i - j) / width) ** 2) / 2)
      sum += weight * (values[j] ?? 0)
      weights += weight
    }
    return sum / weights
  })
}
