import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { encodeNumber, jsonNumber } from './number.ts'

/** Loss of a single step, logged for each; summaries and curves of whole splits leave it out. */
export const BATCH_LOSS = 'batchLoss'

/** One line of `metrics.jsonl`. */
export const metricRecordSchema = z.object({
  /** Optimiser steps taken so far. */
  step: z.int().nonnegative(),
  /** Epochs finished so far; fractional inside an epoch. */
  epoch: z.number().nonnegative(),
  /** `train`, `validation`, `test`, or another split's name. */
  split: z.string().min(1),
  /** `loss`, `accuracy`, … */
  name: z.string().min(1),
  /** May be NaN or infinite: see `number.ts` for how JSON keeps it. */
  value: jsonNumber,
  /** Seconds since the run began, time in which it was interrupted left out. */
  time: z.number().nonnegative(),
})

/** See {@link metricRecordSchema}. */
export type MetricRecord = z.infer<typeof metricRecordSchema>

/** Records as JSON lines, each with its line end. */
export const encodeRecords = (records: readonly MetricRecord[]): string =>
  records.map((r) => `${JSON.stringify({ ...r, value: encodeNumber(r.value) })}\n`).join('')

/**
 * The records of a metric log. A last line that was cut short (the machine stopped while it was written) is left out;
 * damage anywhere else is an error, because a log with a hole in it is not to be trusted silently.
 *
 * @param text - the log
 * @param where - what to call it in a message
 * @throws UsageError naming the damaged line
 *
 * @example
 * parseRecords('{"step":1,"epoch":1,"split":"train","name":"loss","value":"NaN","time":0.5}\n{"st') // one record
 */
export function parseRecords(text: string, where = 'metrics.jsonl'): MetricRecord[] {
  const lines = text.split('\n')
  const records: MetricRecord[] = []
  for (const [i, line] of lines.entries()) {
    if (line === '') continue
    const record = parseLine(line)
    if (record.success) records.push(record.data)
    else if (i < lines.length - 1) {
      throw new UsageError(`line ${i + 1} of ${where} is damaged (${record.reason}): mend or delete that line`)
    }
  }
  return records
}

function parseLine(line: string): { success: true; data: MetricRecord } | { success: false; reason: string } {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return { success: false, reason: 'not JSON' }
  }
  const parsed = metricRecordSchema.safeParse(json)
  return parsed.success
    ? { success: true, data: parsed.data }
    : { success: false, reason: z.prettifyError(parsed.error) }
}
