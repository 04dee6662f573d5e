import { auditRuns, factsOf } from '../../../../audit/index.ts'
import { said } from '../../../comparison/parts.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

/** What the audit has against the runs, whatever is written of them. */
export const audit: TableMaker<RunsSubject> = async ({ groups }, _, records) => {
  const runs = groups.flatMap((group) => group.runs)
  const summaries = new Map(await Promise.all(runs.map(async (run) => [run.id, await records.summary(run)] as const)))
  const findings = auditRuns(factsOf(groups, (id) => summaries.get(id) ?? {}))
  if (findings.length === 0) return [said('The audit has nothing against these runs.')]
  return [
    {
      kind: 'table',
      caption: 'What the audit has against these runs.',
      columns: [{ title: 'finding', kind: 'word' }, { title: 'seen' }, { title: 'how to mend it' }],
      rows: findings.map(({ check, severity, saw, mend }) => [`${severity}: ${check}`, saw, mend]),
    },
  ]
}
