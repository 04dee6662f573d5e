import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { SplitPredictions } from '../../metrics/index.ts'
import { readPredictions } from '../../runs/index.ts'

/** The least that float32 holds: a probability of 0 was a smaller one, and its logarithm must stay finite. */
const LEAST = 1.4e-45

/** The test predictions that a run has kept, as metrics take them: softmax makes the kept probabilities of the scores. Undefined where there are none. */
export async function storedPredictions(folder: string): Promise<SplitPredictions | undefined> {
  const stored = await readPredictions(join(folder, 'predictions.parquet')).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined
    throw error
  })
  if (stored === undefined || stored.index.length === 0) return undefined
  if (stored.task === 'regression') {
    const { outputs, targets, width } = stored
    return { task: 'regression', outputs, targets, width }
  }
  const { probabilities, classCount: classes, label: targets } = stored
  const scores = probabilities.map((p) => Math.log(Math.max(p, LEAST)))
  return { task: 'classification', scores, classes, targets }
}

/** Whether every prediction is a number; metrics are of those alone. */
export const isFinitePredictions = (predictions: SplitPredictions): boolean =>
  (predictions.task === 'classification' ? predictions.scores : predictions.outputs).every(Number.isFinite)
