import { join } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { SplitPredictions } from '../../metrics/index.ts'
import { readPredictions, scoredPredictions } from '../../runs/index.ts'

/** The test predictions that a run has kept, as metrics take them: softmax makes the kept probabilities of the scores. Undefined where there are none. */
export async function storedPredictions(folder: string): Promise<SplitPredictions | undefined> {
  const stored = await readPredictions(join(folder, 'predictions.parquet')).catch((error: unknown) => {
    if (error instanceof UsageError) return undefined
    throw error
  })
  return stored === undefined || stored.index.length === 0 ? undefined : scoredPredictions(stored)
}

/** Whether every prediction is a number; metrics are of those alone. */
export const isFinitePredictions = (predictions: SplitPredictions): boolean =>
  (predictions.task === 'classification' ? predictions.scores : predictions.outputs).every(Number.isFinite)
