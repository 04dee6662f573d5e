import { UsageError } from '../../errors.ts'
import { type Column, categorized, isMissing, rowCount } from '../table/column.ts'
import { missingName } from '../table/names.ts'
import type { Table } from '../table/table.ts'
import { describeNumbers } from './numbers.ts'
import type { Problem } from './profile.ts'

/** What people call the column that is to be told from the others. */
const NAMES = new Set(['target', 'label', 'labels', 'class', 'y', 'outcome', 'species'])

/** Whole numbers with at most so many different values are classes. */
const MAX_CLASSES = 20

/**
 * Which column is to be told from the others, and whether it is a class or a number.
 *
 * @param asked - its name; left out, the column whose name says it, if one does
 * @throws UsageError when there is no such column, or it has no value
 */
export function problemOfTable(table: Table, asked?: string): Problem {
  const name = asked ?? table.names.find((one) => NAMES.has(one.trim().toLowerCase()) && hasValue(table.column(one)))
  if (name === undefined) return { task: 'unknown' }
  if (!table.names.includes(name)) throw new UsageError(missingName(table.name, 'column', name, table.names))
  const column = table.column(name)
  const guessed = asked === undefined && { guessed: true }
  const isClass =
    column.type === 'text' ||
    column.type === 'boolean' ||
    (column.type === 'integer' && new Set(column.values.filter((value) => !Number.isNaN(value))).size <= MAX_CLASSES)
  if (isClass) {
    const { categories } = categorized(column)
    if (categories.length === 0) throw new UsageError(`${table.name}: the column ${name} is empty: take another target`)
    return { task: 'classification', target: name, classes: categories, ...guessed }
  }
  return { task: 'regression', target: name, field: describeNumbers(name, column.type, column.values), ...guessed }
}

const hasValue = (column: Column): boolean =>
  Array.from({ length: rowCount(column) }, (_, row) => row).some((row) => !isMissing(column, row))

/** How many rows there are of each class, in the order of `classes`. */
export function countClasses(table: Table, target: string, classes: readonly string[]): number[] {
  const { codes, categories } = categorized(table.column(target))
  const counts = new Map<string, number>()
  for (const code of codes) {
    const name = categories[code]
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return classes.map((name) => counts.get(name) ?? 0)
}
