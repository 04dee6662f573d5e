import type { Metric } from '../metrics/index.ts'
import type { Evaluation } from './evaluate.ts'

/** Values of one split by metric name, `loss` first. */
export type Scores = Readonly<Record<string, number>>

export const scoresOf = (metrics: readonly Metric[], { loss, predictions }: Evaluation): Scores => ({
  loss,
  ...Object.fromEntries(metrics.map((metric) => [metric.name, metric.compute(predictions)])),
})
