import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../../errors.ts'
import { argmax, type SplitPredictions, softmax } from '../../metrics/index.ts'
import { type NumberColumn, type TextColumn, writeParquet } from '../parquet.ts'
import { spread } from '../predictions.ts'
import type { Samples } from './samples.ts'

/**
 * How a file of predictions is written, by the end of its name.
 *
 * @throws UsageError for another end
 */
export function formatOf(path: string): 'parquet' | 'csv' {
  if (/\.parquet$/i.test(path)) return 'parquet'
  if (/\.csv$/i.test(path)) return 'csv'
  throw new UsageError(`predictions are written as .parquet or .csv, and "${path}" is neither: give one of these`)
}

/**
 * Writes what a model said of samples, whole or not at all. Columns as in a run's `predictions.parquet` (`index`, `label`, `predicted`,
 * `p0` …; `index`, `target0` …, `output0` …), and beside them `file` or `row`, `label_name` and `predicted_name`. What is not known, as
 * the labels of new files, has no column.
 *
 * @param path ends in `.parquet` or `.csv`; its folder is made
 * @param classes names
 */
export async function writeTested(
  path: string,
  samples: Samples,
  predictions: SplitPredictions,
  classes: readonly string[],
): Promise<void> {
  const format = formatOf(path)
  await mkdir(dirname(path), { recursive: true })
  await writeParquet(path, columnsOf(samples, predictions, classes), format)
}

function columnsOf(
  { indices, labelled, origins }: Samples,
  predictions: SplitPredictions,
  classes: readonly string[],
): (NumberColumn | TextColumn)[] {
  const origin: readonly (NumberColumn | TextColumn)[] =
    origins === undefined
      ? []
      : origins.column === 'file'
        ? [{ name: 'file', values: origins.values }]
        : [{ name: 'row', values: Int32Array.from(origins.values) }]
  const first = [{ name: 'index', values: Int32Array.from({ length: indices.length }, (_, i) => i) }, ...origin]
  if (predictions.task === 'regression') {
    const { targets, outputs, width = 1 } = predictions
    return [...first, ...(labelled ? spread('target', targets, width) : []), ...spread('output', outputs, width)]
  }
  const { scores, classes: count, targets } = predictions
  const predicted = argmax(scores, count)
  const named = (name: string, values: Int32Array): TextColumn => ({
    name,
    values: Array.from(values, (value) => classes[value] ?? String(value)),
  })
  return [
    ...first,
    ...(labelled ? [{ name: 'label', values: targets }, named('label_name', targets)] : []),
    { name: 'predicted', values: predicted },
    named('predicted_name', predicted),
    ...spread('p', softmax(scores, count), count),
  ]
}
