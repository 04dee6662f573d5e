import { comparisonKind } from '../../compare/compareGroups.ts'
import { comparisonFigures } from '../../report/comparison/comparisonReport.ts'
import { comparisonTables } from '../../report/comparison/index.ts'
import { value, whole } from '../../report/format.ts'
import { studyKind } from '../../search/study/createStudy.ts'
import { ranked } from '../../search/trial.ts'
import { bundleOf } from '../bundle.ts'

comparisonKind.show((comparison) =>
  bundleOf([
    ...comparisonTables(comparison).flatMap(({ notes, ...table }) => [table, ...notes]),
    ...comparisonFigures(comparison).map(({ figure }) => figure),
  ]),
)

/** Trials that a cell shows. */
const MOST_TRIALS = 10

studyKind.show(({ name, direction, space, trials, best }) => {
  const axes = space.axes.filter((_, i) => trials.some(({ point }) => point[i] !== undefined))
  const complete = ranked(trials, direction).flatMap((trial) =>
    trial.outcome?.state === 'complete' ? [{ ...trial, value: trial.outcome.value }] : [],
  )
  return bundleOf([
    {
      kind: 'table',
      caption: `Study ${name}: ${whole(trials.length)} trials${best === undefined ? ', none of them complete' : `, the best ${Math.min(MOST_TRIALS, complete.length)}`}`,
      columns: [
        { title: 'trial', kind: 'number' },
        { title: 'value', kind: 'number' },
        ...axes.map((axis) => ({ title: axis.path, kind: 'number' as const })),
      ],
      rows: complete.slice(0, MOST_TRIALS).map((trial) => [
        String(trial.number),
        value(trial.value),
        ...axes.map((axis) => {
          const own = trial.point[space.axes.indexOf(axis)]
          return typeof own === 'number' ? value(own) : String(own ?? '')
        }),
      ]),
    },
  ])
})
