import { argmax, precisionRecallF1 } from '../../metrics/index.ts'
import { meanOverSeeds } from '../../metrics/uncertainty/index.ts'
import type { Block } from '../document.ts'
import { score, whole } from '../format.ts'
import type { JudgedGroup } from './groupPredictions.ts'

/** Groups that have a column each. */
const MOST_GROUPS = 6

/** Scores of each class, mean ± standard deviation over the seeds: all of one group, F1 alone of several that predict the same classes. */
export function groupClasses(groups: readonly JudgedGroup[]): Block[] {
  const [first] = groups
  if (first === undefined || groups.some(({ classes }) => classes.join() !== first.classes.join())) return []
  const shown = groups.slice(0, MOST_GROUPS)
  const scored = shown.map(({ label, runs }) => ({
    label,
    runs: runs.map(({ predictions: { targets, scores, classes } }) =>
      precisionRecallF1(targets, argmax(scores, classes), classes, { average: 'none' }),
    ),
  }))
  const support = scored[0]?.runs[0]?.support ?? []
  const columns =
    scored.length === 1
      ? (['precision', 'recall', 'f1'] as const).map((name) => ({
          title: name === 'f1' ? 'F1' : name,
          of: (c: number) => scored.flatMap(({ runs }) => runs.map((run) => run[name][c] ?? 0)),
        }))
      : scored.map(({ label, runs }) => ({ title: label, of: (c: number) => runs.map(({ f1 }) => f1[c] ?? 0) }))
  const part = shown.length < groups.length ? ` The first ${shown.length} of ${groups.length} groups are shown.` : ''
  return [
    {
      kind: 'table',
      caption: `${scored.length === 1 ? 'Scores' : 'F1'} of each class on the test split, mean ± standard deviation over the seeds.${part}`,
      columns: [
        { title: 'class' },
        ...columns.map(({ title }) => ({ title, kind: 'number' as const })),
        { title: 'examples', kind: 'number' },
      ],
      rows: first.classes.map((name, c) => [name, ...columns.map(({ of }) => spread(of(c))), whole(support[c] ?? 0)]),
    },
  ]
}

function spread(values: readonly number[]): string {
  const { mean, sd } = meanOverSeeds(values)
  return values.length < 2 ? score(mean) : `${score(mean)} ± ${score(sd)}`
}
