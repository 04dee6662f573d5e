import { ResultKind } from '../display.ts'
import type { Evaluate } from './evaluate.ts'
import type { Experiment } from './experiment.ts'
import type { PhaseTimes } from './phases.ts'
import type { EpochReport, EvaluationReport, Position } from './position.ts'
import type { Prepared } from './prepare.ts'
import type { StepMeasures } from './record/stepMeter.ts'
import type { Snapshot } from './snapshot.ts'
import type { State } from './state.ts'
import { type StepReport, Training } from './training.ts'

/** What is told while an experiment trains. All optional; training waits for those that are asynchronous. */
export interface Callback {
  /** Once, when everything is compiled and the first step is about to be taken. */
  onStart?(training: Training): void | Promise<void>
  /** After the loss of each step is known, and before it is looked at. */
  onStep?(step: StepReport): void
  /** After each step that the experiment records (`record.steps`), when the weights have changed. The measures stay as they are. */
  onMeasures?(measures: StepMeasures, training: Training): void
  /** After an evaluation inside an epoch. */
  onEvaluation?(report: EvaluationReport, training: Training): void | Promise<void>
  onEpoch?(report: EpochReport, training: Training): void | Promise<void>
  /** Once, after the last step of a training that was not interrupted. */
  onEnd?(training: Training): void | Promise<void>
}

export interface FitOptions extends Callback, Controls {
  /** Where an earlier training of this experiment, data and seed stood; default: the beginning. */
  readonly from?: Snapshot
}

/** How whoever runs a training keeps and stops it. */
interface Controls {
  /** After each step, when all that belongs to it has been done: what `training.snapshot()` says can be gone on from. */
  onSettled?(training: Training): void | Promise<void>
  /** When it was interrupted. */
  onStopped?(training: Training): void | Promise<void>
  /** Asked before each step; true ends the training after the one before. */
  shouldStop?(): boolean
}

export interface FitResult {
  readonly status: 'finished' | 'interrupted'
  readonly position: Position
  readonly state: State
  readonly evaluate: Evaluate
  readonly times: PhaseTimes
}

export const fitKind = new ResultKind<FitResult>()

/**
 * Trains an experiment with one seed. Chance comes from that seed alone, so two calls give the same weights bit for bit.
 *
 * @throws DivergedError at the first step whose loss or gradient is NaN or infinite
 * @example
 * const prepared = await prepare(experiment)
 * const { state, evaluate } = await fit(experiment, prepared, 0)
 * const { predictions } = await evaluate(prepared.test)
 */
export async function fit(
  experiment: Experiment,
  prepared: Prepared,
  seed: number,
  { from, onSettled, onStopped, shouldStop, ...own }: FitOptions = {},
): Promise<FitResult> {
  const training = new Training(experiment, prepared, seed)
  try {
    await training.compile()
    if (from !== undefined) training.restore(from)
    const status = await loop(training, [...experiment.callbacks, own], { onSettled, onStopped, shouldStop })
    const { position, state, evaluate, clock } = training
    return fitKind.mark({ status, position, state, evaluate, times: { ...clock.times } })
  } finally {
    training.close()
  }
}

async function loop(
  training: Training,
  callbacks: readonly Callback[],
  { onSettled, onStopped, shouldStop }: { readonly [Name in keyof Controls]: Controls[Name] | undefined },
): Promise<FitResult['status']> {
  const { clock } = training
  for (const callback of callbacks) await callback.onStart?.(training)
  clock.lap('hooks')
  while (!training.isDone) {
    if (shouldStop?.() === true) {
      await onStopped?.(training)
      return 'interrupted'
    }
    const measures = await training.step((step) => {
      for (const callback of callbacks) callback.onStep?.(step)
    })
    if (measures !== undefined) for (const callback of callbacks) callback.onMeasures?.(measures, training)
    if (training.isEvaluationDue) {
      const report = await training.evaluateNow()
      for (const callback of callbacks) await callback.onEvaluation?.(report, training)
    }
    if (training.isEpochOver) {
      const report = await training.endEpoch()
      for (const callback of callbacks) await callback.onEpoch?.(report, training)
    }
    await onSettled?.(training)
    clock.lap('hooks')
  }
  await training.finish()
  for (const callback of callbacks) await callback.onEnd?.(training)
  return 'finished'
}
