import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { argmax, type SplitPredictions, softmax } from '../../metrics/index.ts'
import { readPredictions } from '../predictions.ts'
import type { Run } from '../read.ts'

/** How predictions compare with those that a run has stored of its test split. */
export type StoredComparison =
  | { readonly state: 'same'; readonly text: string }
  | { readonly state: 'close'; readonly text: string; readonly largest: number }
  | { readonly state: 'different'; readonly text: string; readonly largest: number; readonly classes?: number }

/** Differences that other processors and batch sizes make: float32 rounds at 6e-8, and networks add up thousands of numbers. */
const TOLERANCE = 1e-4

/**
 * Compares predictions of a run's test split with `predictions.parquet`.
 *
 * @returns undefined where the run has stored none
 */
export async function compareWithStored(
  run: Pick<Run, 'folder'>,
  predictions: SplitPredictions,
): Promise<StoredComparison | undefined> {
  const path = join(run.folder, 'predictions.parquet')
  if (!(await stat(path).catch(() => undefined))?.isFile()) return undefined
  const stored = await readPredictions(path)
  if (stored.task !== predictions.task) return different('they are of another task', Number.NaN)
  if (stored.task === 'classification' && predictions.task === 'classification') {
    const { scores, classes } = predictions
    if (stored.probabilities.length !== scores.length)
      return different(
        `they are of ${stored.index.length} samples, and ${scores.length / classes} were predicted now`,
        Number.NaN,
      )
    const predicted = argmax(scores, classes)
    const others = predicted.reduce((sum, one, i) => sum + (one === stored.predicted[i] ? 0 : 1), 0)
    return compared(softmax(scores, classes), stored.probabilities, 1, 'a probability', others)
  }
  if (stored.task === 'regression' && predictions.task === 'regression') {
    const { outputs } = predictions
    if (stored.outputs.length !== outputs.length)
      return different(`they are of ${stored.index.length} samples, and others were predicted now`, Number.NaN)
    const size = stored.outputs.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
    return compared(outputs, stored.outputs, size, 'an output')
  }
  return undefined
}

function compared(
  now: Float32Array,
  before: Float32Array,
  size: number,
  what: string,
  others?: number,
): StoredComparison {
  const largest = now.reduce((most, value, i) => Math.max(most, Math.abs(value - (before[i] ?? Number.NaN))), 0)
  if (largest === 0) return { state: 'same', text: 'the same as the stored predictions, bit for bit' }
  const by = `${what} differs by ${largest.toPrecision(2)} at most`
  if (largest <= TOLERANCE * size && (others ?? 0) === 0)
    return { state: 'close', text: `as the stored predictions, to float tolerance (${by})`, largest }
  const classes = others === undefined ? '' : `${others} samples have another class, `
  return different(`${classes}${by}`, largest, others)
}

const different = (why: string, largest: number, classes?: number): StoredComparison => ({
  state: 'different',
  text: `stored predictions differ: ${why}`,
  largest,
  ...(classes !== undefined && { classes }),
})
