import * as z from 'zod'
import type { Manifest } from '../../runs/index.ts'

const experimentSchema = z.object({ data: z.unknown().optional(), split: z.unknown().optional() })
const groupedSchema = z.object({ kind: z.enum(['groupedHoldOut', 'groupedKFold']), by: z.string() })

/**
 * What is to be said of intervals where the experiment keeps groups of rows together, as all rows of a patient: Wilson, DeLong and the
 * bootstrap take every row as independent. Undefined where it knows of no groups.
 */
export function groupedRows({ experiment }: Pick<Manifest, 'experiment'>): string | undefined {
  const { data, split } = experimentSchema.safeParse(experiment).data ?? {}
  const column = groupColumn(data) ?? groupColumn(split)
  return column === undefined
    ? undefined
    : `Rows with the same ${column} are not independent, and intervals take them as if they were: they are too narrow.`
}

/** The column of a grouped strategy, wherever in a source's or a split's settings it is, as in `repeated`. */
function groupColumn(settings: unknown): string | undefined {
  if (typeof settings !== 'object' || settings === null) return undefined
  const { data: grouped } = groupedSchema.safeParse(settings)
  if (grouped !== undefined) return grouped.by
  for (const setting of Object.values(settings)) {
    const found = groupColumn(setting)
    if (found !== undefined) return found
  }
  return undefined
}
