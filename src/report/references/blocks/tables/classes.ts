import { UsageError } from '../../../../errors.ts'
import { argmax, confusionMatrix } from '../../../../metrics/index.ts'
import type { RunGroup } from '../../../../runs/index.ts'
import { whole } from '../../../format.ts'
import { groupClasses } from '../../../group/groupClasses.ts'
import { type JudgedGroup, judgedGroups } from '../../../group/groupPredictions.ts'
import type { Records } from '../../records.ts'
import { keyOf } from '../comparison.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

/** The stored test predictions of classifiers, read once. @throws UsageError where there are none */
export async function requireJudged(records: Records, groups: readonly RunGroup[]): Promise<JudgedGroup[]> {
  const found = await records.once(`judged ${keyOf(groups)}`, () => judgedGroups(groups))
  if (found.length > 0) return found
  throw new UsageError('these runs have kept no test predictions of a classifier')
}

/** Precision, recall and F1 of each class; of several groups F1 alone. */
export const classes: TableMaker<RunsSubject> = async ({ groups }, _, records) => {
  const found = groupClasses(await requireJudged(records, groups))
  if (found.length === 0)
    throw new UsageError('these groups predict different classes: give groups of the same classes')
  return found
}

/** How often each true class was taken for which, over the runs of one group. */
export const confusion: TableMaker<RunsSubject> = async ({ groups }, _, records) => {
  const [judged, ...more] = await requireJudged(records, groups)
  if (judged === undefined || more.length > 0)
    throw new UsageError(`a confusion matrix is of one group, and these are ${more.length + 1}: choose one`)
  const { classes: names, runs } = judged
  const counts = names.map(() => names.map(() => 0))
  for (const { predictions } of runs) {
    const own = confusionMatrix(
      predictions.targets,
      argmax(predictions.scores, predictions.classes),
      predictions.classes,
    )
    for (const [t, row] of own.counts.entries())
      for (const [p, count] of row.entries()) {
        const into = counts[t]
        if (into !== undefined) into[p] = (into[p] ?? 0) + count
      }
  }
  const seeds = runs.length === 1 ? '' : `, summed over ${runs.length} seeds`
  return [
    {
      kind: 'table',
      caption: `Confusion matrix on the test split${seeds}: rows are true classes, columns are predictions.`,
      columns: [{ title: 'class', kind: 'word' }, ...names.map((title) => ({ title, kind: 'number' as const }))],
      rows: names.map((name, t) => [name, ...(counts[t] ?? []).map((count) => whole(count))]),
    },
  ]
}
