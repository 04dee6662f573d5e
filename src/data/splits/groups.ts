import { UsageError } from '../../errors.ts'
import { foldIn, type Key } from '../../random/key.ts'
import { type Column, categorized, isMissing } from '../table/column.ts'
import { missingName } from '../table/names.ts'
import type { Splittable } from './split.ts'

/** Samples that must stay together. */
export interface Group {
  readonly name: string
  /** Sample numbers, ascending. */
  readonly members: readonly number[]
}

/** A column beside the samples, which has a value for each of them. */
export function requireColumn({ name, columns = [] }: Splittable, by: string): Column {
  const column = columns.find((one) => one.name === by)
  if (column === undefined)
    throw new UsageError(
      columns.length === 0
        ? `${name} has no columns beside its samples, so it cannot be split by ${by}: name it under columns where the data come from, as in csv(path, { columns: ['${by}'] })`
        : missingName(
            name,
            'column beside its samples',
            by,
            columns.map((one) => one.name),
          ),
    )
  const length = column.type === 'text' ? column.codes.length : column.values.length
  for (let i = 0; i < length; i++)
    if (isMissing(column, i))
      throw new UsageError(
        `${name}: ${by} of sample ${i} is missing, and the split goes by it: fill it in, or drop such rows (dropMissing: ['${by}'])`,
      )
  return column
}

/** The groups of a column, by name. */
export function groupsOf(samples: Splittable, by: string): Group[] {
  const { codes, categories } = categorized(requireColumn(samples, by))
  const members = categories.map((): number[] => [])
  for (const [i, code] of codes.entries()) members[code]?.push(i)
  return categories.map((name, code) => ({ name, members: members[code] ?? [] }))
}

/** Names and sizes of groups decide and not the samples' order, so the same rows in another order are divided alike. */
export const groupKey = (from: Key, groups: readonly Group[]): Key =>
  foldIn(from, JSON.stringify(groups.map(({ name, members }) => [name, members.length])))
