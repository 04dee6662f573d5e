import type { SplitPredictions } from '../../metrics/index.ts'
import { type Experiment, isEpochReport, type Prepared, type Report, type Scores } from '../../train/index.ts'
import { isBetter, monitored, monitorOf } from '../../train/monitor.ts'
import { scoresOf } from '../../train/scores.ts'
import type { Fit, FitOutcome } from '../fits/index.ts'
import type { MaterializedFolds } from './folds.ts'

/** Which training of a cross-validation. */
export interface FoldPlace {
  readonly repeat: number
  readonly fold: number
  readonly seed: number
}

/** What one training of a cross-validation scores on the fold that it has not seen. */
export interface FoldScore extends FoldPlace {
  readonly status: 'finished' | 'diverged'
  /** Loss and metrics of the weights with which training ended; empty where it diverged. */
  readonly scores: Scores
  /** Epochs trained, the last one perhaps in part. */
  readonly epochs: number
  /** The epoch whose weights were the best by what the experiment watches, where it stops early. */
  readonly bestEpoch?: number
  /** Why it diverged. */
  readonly error?: string
}

/** With what the network said of each sample of the fold, in their order. */
export interface FoldResult extends FoldScore {
  /** Absent where training diverged. */
  readonly predictions?: SplitPredictions
}

/** A fit, and where it belongs. */
export interface FoldFit extends Fit {
  readonly place: FoldPlace
}

/** The trainings of an experiment on each fold, with each seed: seed after seed. */
export async function foldFits(
  experiment: Experiment,
  folds: MaterializedFolds,
  seeds: readonly number[],
): Promise<FoldFit[]> {
  const prepared = await folds.prepare(experiment)
  return seeds.flatMap((seed) =>
    folds.division.folds.flatMap(({ repeat, fold }, i) => {
      const own = prepared[i]
      return own === undefined ? [] : [{ experiment, prepared: own, seed, place: { repeat, fold, seed } }]
    }),
  )
}

/** The one look at the fold that gives the score: what `fitAll` is to keep of a fit of {@link foldFits}. */
export async function scoreFold(outcome: FitOutcome, { experiment, prepared, place }: FoldFit): Promise<FoldResult> {
  const best = experiment.earlyStopping && bestEpochOf(outcome.reports, experiment, prepared)
  const trained = { ...place, epochs: outcome.position.epoch, ...(best !== undefined && { bestEpoch: best }) }
  if (outcome.status === 'diverged') return { ...trained, status: 'diverged', scores: {}, error: outcome.error.message }
  const evaluation = await outcome.evaluate(prepared.test)
  return {
    ...trained,
    status: 'finished',
    scores: scoresOf(experiment.metrics, evaluation),
    predictions: evaluation.predictions,
  }
}

function bestEpochOf(reports: readonly Report[], experiment: Experiment, { validation, train }: Prepared) {
  const monitor = monitorOf(experiment, validation.indices.length > 0)
  const stepsPerEpoch = Math.ceil(train.indices.length / (experiment.batchSize * experiment.accumulate))
  let best = Number.NaN
  let epoch: number | undefined
  for (const report of reports) {
    const value = monitored(report, monitor)
    if (value === undefined || !isBetter(value, best, monitor.goal)) continue
    best = value
    epoch = isEpochReport(report) ? report.epoch : report.step / stepsPerEpoch
  }
  return epoch
}
