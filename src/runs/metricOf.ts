import * as z from 'zod'
import {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  ece,
  explainedVariance,
  f1,
  kappa,
  logLoss,
  type Metric,
  type MetricKind,
  mae,
  maxError,
  mcc,
  mse,
  precision,
  r2,
  recall,
  rmse,
  rocAuc,
  topKAccuracy,
} from '../metrics/index.ts'
import type { Json } from '../train/index.ts'

const averages = z.union([
  z.object({ of: z.int().nonnegative() }),
  z.object({ average: z.enum(['macro', 'micro', 'weighted']) }),
])
const pairs = z.object({ multiClass: z.literal('ovo') })
const weights = z.union([z.object({ weights: z.enum(['linear', 'quadratic']) }), z.object({})])

/** Makes a metric from what a manifest says of it. */
const makers: Readonly<Record<MetricKind, (config: Json) => Metric>> = {
  accuracy: () => accuracy(),
  balancedAccuracy: () => balancedAccuracy(),
  topKAccuracy: (config) => topKAccuracy(z.object({ k: z.int().positive() }).parse(config)),
  precision: (config) => precision(averages.parse(config)),
  recall: (config) => recall(averages.parse(config)),
  f1: (config) => f1(averages.parse(config)),
  kappa: (config) => kappa(weights.parse(config)),
  mcc: () => mcc(),
  rocAuc: (config) => rocAuc(z.union([pairs, averages]).parse(config)),
  averagePrecision: (config) => averagePrecision(averages.parse(config)),
  logLoss: () => logLoss(),
  brier: () => brier(),
  ece: (config) => ece(z.object({ bins: z.int().positive() }).parse(config)),
  mse: () => mse(),
  mae: () => mae(),
  rmse: () => rmse(),
  r2: () => r2(),
  explainedVariance: () => explainedVariance(),
  maxError: () => maxError(),
}

const described = z.object({
  loss: z.looseObject({ kind: z.string() }),
  metrics: z.array(z.record(z.string(), z.json()).and(z.object({ kind: z.string() }))).default([]),
})
const isKind = (kind: string): kind is MetricKind => Object.hasOwn(makers, kind)

/** Losses that are means over the examples of a metric, as their kinds and settings say. */
const LOSSES: Readonly<Record<string, () => Metric>> = { crossEntropy: logLoss, mse }

/**
 * The metric that an experiment logged under a name, to be computed anew from predictions: one of its own, or for `loss` the metric that
 * is the same. Undefined where there is none, as of a loss that no metric is.
 *
 * @param experiment - as the manifest describes it
 *
 * @example
 * metricOf('f1Macro', run.manifest.experiment)?.compute(predictions)
 */
export function metricOf(name: string, experiment: Json): Metric | undefined {
  const found = described.safeParse(experiment)
  if (!found.success) return undefined
  const { loss, metrics } = found.data
  if (name === 'loss') return Object.hasOwn(LOSSES, loss.kind) ? LOSSES[loss.kind]?.() : undefined
  return metrics
    .flatMap((config) => {
      const { kind } = config
      try {
        return isKind(kind) ? [makers[kind](config)] : []
      } catch {
        // A choice that this version does not know: then there is no interval from the predictions.
        return []
      }
    })
    .find((metric) => metric.name === name)
}

/** Whether a metric of predictions is the value that was logged, within what float32 probabilities lose. */
export const isClose = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 + 1e-3 * Math.abs(b)
