import type { Observation } from '../optim/index.ts'
import { hasStopped } from './earlyStopping.ts'
import type { Experiment } from './experiment.ts'
import { bestValue, isBetter, monitored, monitorOf } from './monitor.ts'
import { observationsOf } from './observation.ts'
import type { Position, Report } from './position.ts'
import type { Best } from './snapshot.ts'
import type { State } from './state.ts'
import { copyWeights } from './weights.ts'

/** What a training's reports have come to: all of it follows from them, but for the best weights. */
export interface Progress {
  /** All reports so far, oldest first. */
  readonly history: readonly Report[]
  /** The same for schedules. */
  readonly observations: readonly Observation[]
  /** The best weights so far, by what the experiment monitors; better ones are written over them. */
  readonly best: Best | undefined
  /** Whether early stopping has had enough. */
  readonly hasStopped: boolean
  /** Adds a report, and keeps the weights as they are now where they are the best so far. */
  note<R extends Report>(report: R, position: Position, state: State): R
  /** Goes on from the reports of an earlier training. */
  restore(history: readonly Report[], best: Best | undefined): void
}

/**
 * @param canValidate whether there are samples to validate on
 * @throws UsageError where what the experiment monitors will not be there
 */
export function makeProgress(experiment: Experiment, canValidate: boolean): Progress {
  const { earlyStopping } = experiment
  const monitor = monitorOf(experiment, canValidate)
  const history: Report[] = []
  const observations: Observation[] = []
  let best: Best | undefined
  let bestSoFar = Number.NaN
  let stopped = false
  const add = (reports: readonly Report[]): void => {
    history.push(...reports)
    observations.push(...reports.flatMap((report) => observationsOf(report, canValidate)))
    stopped = earlyStopping !== undefined && hasStopped(earlyStopping, history, monitor)
  }
  return {
    history,
    observations,
    get best() {
      return best
    },
    get hasStopped() {
      return stopped
    },
    note: (report, position, state) => {
      add([report])
      const value = monitored(report, monitor)
      if (value !== undefined && isBetter(value, bestSoFar, monitor.goal)) {
        bestSoFar = value
        best = { ...position, value, weights: copyWeights(state, best?.weights) }
      }
      return report
    },
    restore: (before, bestBefore) => {
      add(before)
      best = bestBefore
      bestSoFar = bestValue(before, monitor)
    },
  }
}
