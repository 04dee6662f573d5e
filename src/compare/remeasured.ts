import type { Metric, SplitPredictions } from '../metrics/index.ts'
import { metricReplicates, type Replicates, sharedDraws, whyNoBootstrap } from '../metrics/uncertainty/index.ts'
import type { Key } from '../random/index.ts'
import { isClose, metricOf } from '../runs/index.ts'
import type { ComparedRun } from './sources.ts'

/** A metric and the predictions to compute it from. */
export interface RemeasuredMetric {
  readonly metric: Metric
  readonly predictions: SplitPredictions
  /** Over the draws that all runs share; made once, when first asked for. */
  replicates(): Replicates
}

/** A metric of a run with what it can be computed from anew, or why it cannot. */
export type Remeasured = (run: ComparedRun, metric: string) => Promise<RemeasuredMetric | { readonly reason: string }>

/**
 * Finds metrics of runs in their stored predictions, each once however many pairs the run is in: the differences of a model from twenty others are made of
 * the same replicates.
 *
 * @param key - chance of the draws
 */
export function remeasuring(key: Key): Remeasured {
  const draws = sharedDraws()
  const found = new Map<ComparedRun, Map<string, ReturnType<Remeasured>>>()
  return (run, name) => {
    const ofRun = found.get(run) ?? new Map<string, ReturnType<Remeasured>>()
    found.set(run, ofRun)
    const before = ofRun.get(name)
    if (before !== undefined) return before
    const made = remeasure(run, name, (metric, predictions) => metricReplicates(metric, predictions, { key, draws }))
    ofRun.set(name, made)
    return made
  }
}

async function remeasure(
  run: ComparedRun,
  name: string,
  replicate: (metric: Metric, predictions: SplitPredictions) => Replicates,
): ReturnType<Remeasured> {
  const metric = metricOf(name, run.run.manifest.experiment)
  if (metric === undefined) return { reason: `${name} cannot be computed from predictions` }
  const why = whyNoBootstrap(metric)
  if (why !== undefined) return { reason: why }
  const predictions = await run.predictions()
  if (predictions === undefined) return { reason: 'the run has no predictions that can be read' }
  if (predictions.task !== metric.task) return { reason: `${name} is not for these predictions` }
  const logged = run.summary.test?.[name]?.last ?? Number.NaN
  // A loss with label smoothing or a penalty, or predictions of another test: the interval would be of something else.
  if (!isClose(metric.compute(predictions), logged))
    return { reason: `the predictions give another ${name} than the run logged` }
  let replicates: Replicates | undefined
  return {
    metric,
    predictions,
    replicates: () => {
      replicates ??= replicate(metric, predictions)
      return replicates
    },
  }
}
