import * as z from 'zod'
import { encodeNumber, jsonNumber } from './number.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'

/** Whether a smaller or a larger value of a metric is better. */
export type Goal = 'min' | 'max'

const metricSummarySchema = z.object({
  goal: z.enum(['min', 'max']),
  /** The best value; NaN when the metric was never a number. */
  best: jsonNumber,
  bestEpoch: z.number(),
  last: jsonNumber,
  lastEpoch: z.number(),
})

/** `summary.json`: split, then metric, to its best and its last value. The log has the rest. */
export const summarySchema = z.record(z.string(), z.record(z.string(), metricSummarySchema))

/** Best and last value of one metric on one split, and at which epoch. */
export type MetricSummary = z.infer<typeof metricSummarySchema>
/** See {@link summarySchema}. */
export type Summary = z.infer<typeof summarySchema>

/** What is better when it is smaller, among what no metric says. */
const FALLING = ['loss', 'penalty']

/**
 * Best and last value of every metric, kept apart because the best epoch's value is not the trained model's value.
 * NaN is never the best; of equal values the earliest is.
 *
 * @param records - a metric log, in the order in which it was written; losses of single steps are passed over
 * @param goals - direction of each metric by name; without one, `loss` and `penalty` are to fall and everything else to rise
 *
 * @example
 * summarize(await readMetrics(run)).validation?.accuracy?.best // 0.992
 */
export function summarize(records: readonly MetricRecord[], goals: Readonly<Record<string, Goal>> = {}): Summary {
  const summary: Summary = {}
  for (const { split, name, value, epoch } of records) {
    if (name === BATCH_LOSS) continue
    summary[split] ??= {}
    const metrics = summary[split]
    const before = metrics[name]
    const goal = goals[name] ?? (FALLING.includes(name) ? 'min' : 'max')
    const better = before !== undefined && (goal === 'min' ? value < before.best : value > before.best)
    const first = before === undefined || (Number.isNaN(before.best) && !Number.isNaN(value))
    metrics[name] = {
      goal,
      best: first || better ? value : before.best,
      bestEpoch: first || better ? epoch : before.bestEpoch,
      last: value,
      lastEpoch: epoch,
    }
  }
  return summary
}

/** The summary as plain JSON: see `number.ts` for NaN and the infinities. */
export const encodeSummary = (summary: Summary): unknown =>
  Object.fromEntries(
    Object.entries(summary).map(([split, metrics]) => [
      split,
      Object.fromEntries(
        Object.entries(metrics).map(([name, m]) => [
          name,
          { ...m, best: encodeNumber(m.best), last: encodeNumber(m.last) },
        ]),
      ),
    ]),
  )
