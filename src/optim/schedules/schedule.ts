import * as z from 'zod'

/** Scores of one evaluation by split and name: `{ train: { loss: 0.3 }, validation: { loss: 0.4 } }`. */
export type Observation = Readonly<Record<string, Readonly<Record<string, number>>>>

/** What a schedule may know of the training beside the step. */
export interface ScheduleContext {
  readonly stepsPerEpoch: number
  /** Of each evaluation so far, oldest first. */
  readonly history: readonly Observation[]
}

/** How the learning rate moves over a training: a value, like the optimiser whose rate it scales. */
export interface Schedule {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /**
   * What the optimiser's learning rate is multiplied by. It follows from what is given alone: a schedule keeps nothing, so
   * a training that is resumed has the same rates.
   *
   * @param step steps taken so far, from 0
   * @param steps how many the whole training takes
   */
  factor(step: number, steps: number, context: ScheduleContext): number
  /** The same schedule with some of its configuration replaced; absent where there is nothing to replace. */
  with?(changes: Readonly<Record<string, unknown>>): Schedule
}

/** Whole epochs behind a step. */
export const epochOf = (step: number, { stepsPerEpoch }: ScheduleContext): number => Math.floor(step / stepsPerEpoch)

/** The smallest share of the learning rate that a schedule leaves. */
export const share = z.number().min(0).max(1)
