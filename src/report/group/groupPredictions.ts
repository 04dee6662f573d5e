import type { ClassificationPredictions } from '../../metrics/index.ts'
import type { Run, RunGroup } from '../../runs/index.ts'
import { isFinitePredictions, storedPredictions } from '../evaluation/stored.ts'

/** What a run's classifier said about its test split. */
export interface JudgedRun {
  readonly seed: number
  readonly predictions: ClassificationPredictions
}

/** A group of classifiers that predict the same classes. */
export interface JudgedGroup {
  readonly label: string
  readonly classes: readonly string[]
  readonly runs: readonly JudgedRun[]
}

/** The test predictions of each group's finished runs; groups without, or whose task is no classification, are left out. */
export async function judgedGroups(groups: readonly RunGroup[]): Promise<JudgedGroup[]> {
  const all = await Promise.all(
    groups.map(async ({ label, runs }) => {
      const judged = (await Promise.all(runs.map(judgedRun))).flatMap((run) => run ?? [])
      const [first] = judged
      const named = runs[0]?.manifest.data.classes
      const classes = named ?? Array.from({ length: first?.predictions.classes ?? 0 }, (_, c) => String(c))
      return { label, classes, runs: judged }
    }),
  )
  return all.filter(({ runs }) => runs.length > 0)
}

async function judgedRun({ folder, manifest: { seed, status } }: Run): Promise<JudgedRun | undefined> {
  const predictions = status === 'finished' ? await storedPredictions(folder) : undefined
  return predictions?.task === 'classification' && isFinitePredictions(predictions) ? { seed, predictions } : undefined
}
