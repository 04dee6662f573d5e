import type { Scores } from '../train/index.ts'
import { BATCH_LOSS, type MetricRecord } from './records.ts'
import type { RunWriter } from './writer.ts'

/** The log is written at least this often, so that a killed process loses no more. */
const INTERVAL_MS = 1000

/** What a training says of itself, on its way into the metric log. */
export interface MetricLog {
  note(split: string, scores: Scores, at: { readonly epoch: number; readonly step: number }): void
  /** Writes what was noted, where that is due. */
  flushIfDue(writer: RunWriter): void
  flush(writer: RunWriter): void
  /** Seconds that the run has taken so far, interruptions left out. */
  seconds(): number
  /** All records that are in the log, losses of single steps left out. */
  readonly records: readonly MetricRecord[]
  /** Loss of every step. */
  readonly losses: readonly number[]
}

/**
 * @param before - what the log held already, of a run that is resumed
 * @param onWritten - told of records when they are in the log
 */
export function metricLog(
  before: readonly MetricRecord[],
  onWritten?: (records: readonly MetricRecord[]) => void,
): MetricLog {
  const records = before.filter(({ name }) => name !== BATCH_LOSS)
  const losses = before.flatMap(({ name, value }) => (name === BATCH_LOSS ? [value] : []))
  const earlier = before.reduce((last, { time }) => Math.max(last, time), 0)
  const began = performance.now()
  let pending: MetricRecord[] = []
  let flushed = began
  const seconds = () => earlier + (performance.now() - began) / 1000
  const flush = (writer: RunWriter): void => {
    writer.log(pending)
    if (pending.length > 0) onWritten?.(pending)
    records.push(...pending.filter(({ name }) => name !== BATCH_LOSS))
    pending = []
    flushed = performance.now()
  }
  return {
    note: (split, scores, { epoch, step }) => {
      for (const [name, value] of Object.entries(scores)) {
        pending.push({ step, epoch, split, name, value, time: seconds() })
        if (name === BATCH_LOSS) losses.push(value)
      }
    },
    flushIfDue: (writer) => {
      if (performance.now() - flushed > INTERVAL_MS) flush(writer)
    },
    flush,
    seconds,
    records,
    losses,
  }
}
