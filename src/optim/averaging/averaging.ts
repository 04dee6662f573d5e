import type { ScheduleContext } from '../schedules/schedule.ts'

/** An average of the weights along the training, as a value of an experiment. */
export interface Averaging {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /**
   * Whether the parameters go into the average as they are now, asked after each step.
   *
   * @param step steps taken, this one included
   * @param steps how many the whole training takes
   */
  due(step: number, steps: number, context: Pick<ScheduleContext, 'stepsPerEpoch'>): boolean
  /**
   * Takes the parameters into the average, in place; the first time it copies them.
   *
   * @param average of all parameters, end to end, `[n]`
   * @param parameters in the same order, `[n]`
   * @param updates how often this was done before
   */
  update(average: Float32Array, parameters: Float32Array, updates: number): void
  /** The same average with some of its configuration replaced. */
  with(changes: Readonly<Record<string, unknown>>): Averaging
}

/** average ← average + weight·(parameters - average), in place; weight 1 copies. */
export function moveTowards(average: Float32Array, parameters: Float32Array, weight: number): void {
  if (weight === 1) average.set(parameters)
  else
    for (let i = 0; i < average.length; i++) {
      const before = average[i] ?? 0
      average[i] = before + weight * ((parameters[i] ?? 0) - before)
    }
}
