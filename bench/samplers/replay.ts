import type { Key } from '../../src/random/index.ts'
import { createStudy, type Pruner, type Sampler } from '../../src/search/index.ts'
import type { Table } from './trainings.ts'
import { EPOCHS, tuning } from './tuning.ts'

/** How far a search had come when a trial ended. */
export interface Moment {
  /** That had ended, however they did. */
  readonly trials: number
  /** Trained in all trials. */
  readonly epochs: number
  /** The highest validation accuracy of a trial that came to its end. */
  readonly best: number
  /** Test accuracy of the same. */
  readonly test: number
}

/**
 * Searches as `assay search` with one worker does, but looks up what a training would have come to. A trial's value is the accuracy after its last
 * epoch; one that was stopped before has none.
 *
 * @param isOver - asked after each trial
 */
export async function replay(
  table: Pick<Table, 'of'>,
  how: { readonly sampler: Sampler; readonly pruner: Pruner; readonly key: Key },
  isOver: (now: Moment) => boolean,
): Promise<readonly Moment[]> {
  const study = await createStudy({ name: 'replay', space: tuning, direction: 'maximize', ...how })
  const moments: Moment[] = []
  let now: Moment = { trials: 0, epochs: 0, best: 0, test: 0 }
  while (!isOver(now)) {
    const trial = await study.ask()
    if (trial === undefined) break
    const { curve, test = Number.NaN } = table.of(trial.config)
    let epoch = 0
    let isPruned = false
    while (epoch < curve.length && !isPruned) {
      trial.report(epoch + 1, curve[epoch] ?? Number.NaN)
      epoch++
      isPruned = epoch < EPOCHS && trial.shouldPrune()
    }
    const value = epoch === EPOCHS ? curve[EPOCHS - 1] : undefined
    const isDiverged = !isPruned && value === undefined
    await study.tell(trial, value ?? (isDiverged ? { failed: 'diverged' } : { pruned: true }))
    now = {
      trials: now.trials + 1,
      // The epoch that diverged has been begun.
      epochs: now.epochs + epoch + Number(isDiverged),
      ...(value !== undefined && value > now.best ? { best: value, test } : { best: now.best, test: now.test }),
    }
    moments.push(now)
  }
  return moments
}
