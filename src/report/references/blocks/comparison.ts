import { type Comparison, compareGroups } from '../../../compare/index.ts'
import type { RunGroup } from '../../../runs/index.ts'
import type { Records } from '../records.ts'

/** The comparison of groups, made once for a write-up. Metrics cost bootstraps: `[]` is of settings, costs and curves alone. */
export const comparisonOf = (
  records: Records,
  groups: readonly RunGroup[],
  metrics?: readonly string[],
): Promise<Comparison> =>
  records.once(`comparison ${keyOf(groups)} ${metrics?.join() ?? 'all'}`, () =>
    compareGroups(groups, { latency: 'never', ...(metrics !== undefined && { metrics }) }),
  )

/** What tells these groups with these runs from others. */
export const keyOf = (groups: readonly RunGroup[]): string =>
  groups.map(({ id, runs }) => `${id}(${runs.map((run) => run.id).join()})`).join(' ')
