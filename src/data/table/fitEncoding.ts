import { UsageError } from '../../errors.ts'
import { type Column, categorized, isMissing } from './column.ts'
import { isNumber } from './describe.ts'
import type { ColumnEncoding, Encoding, TargetEncoding } from './encoding.ts'
import type { Table } from './table.ts'

/** How a column becomes numbers: as it is, one number a category, or a category's place in a list (default: sorted by value). */
export type Encode = 'number' | 'oneHot' | 'ordinal' | { readonly ordinal: readonly string[] }

export interface EncodingOptions {
  /** Column to predict; several for regression of several numbers. */
  readonly target: string | readonly string[]
  /** Default: classification of texts, truth values and whole numbers (20 different ones at most), regression of other numbers. */
  readonly task?: 'classification' | 'regression'
  /** Columns to predict from, in this order; default all but the target and `columns`. */
  readonly features?: readonly string[]
  /** How some features become numbers; default numbers and truth values as they are, dates in days, texts one-hot. */
  readonly encode?: Readonly<Record<string, Encode>>
  /** What becomes of categories that no training row has: an error (default), or a category of their own. */
  readonly unknown?: 'refuse' | 'other'
  /** Columns that are kept beside the samples, for splits by group or time; they are no features. */
  readonly columns?: readonly string[]
}

/** Texts with more are hardly categories; they are encoded when that is said. */
const MOST_CATEGORIES = 100
/** Whole numbers with more different values may be quantities; which it is must be said. */
const MOST_CLASSES = 20

/**
 * Learns how the columns of a table become numbers.
 *
 * @param rows from which categories, classes and the first date are learnt: training rows alone; default all
 * @throws UsageError naming the column: there is none of that name, no value, text that is no category, an unclear target
 *
 * @example
 * const encoding = fitEncoding(table, { target: 'survived', encode: { class: { ordinal: ['3rd', '2nd', '1st'] } } })
 */
export function fitEncoding(table: Table, options: EncodingOptions, rows: Uint32Array = allRows(table)): Encoding {
  const { features = defaultFeatures(table, options), encode = {}, unknown = 'refuse' } = options
  if (features.length === 0)
    throw new UsageError(`${table.name} has no column left to predict from: name some as features`)
  const targets = new Set([options.target].flat())
  const target = targetOf(table, options, rows)
  for (const name of Object.keys(encode)) {
    table.column(name)
    if (!features.includes(name)) throw new UsageError(`${table.name}: encode names ${name}, which is no feature`)
  }
  return {
    features: features.map((name) => {
      if (targets.has(name))
        throw new UsageError(
          `${table.name}: ${name} is the target and a feature, so it would be predicted from itself; leave it out of one`,
        )
      return encodingOf(table, table.column(name), encode[name], rows, unknown === 'other')
    }),
    target,
  }
}

export const allRows = ({ length }: { readonly length: number }): Uint32Array =>
  Uint32Array.from({ length }, (_, i) => i)

function defaultFeatures(table: Table, { target, columns = [] }: EncodingOptions): readonly string[] {
  const beside = new Set([target, columns].flat())
  return table.names.filter((name) => !beside.has(name))
}

function encodingOf(
  table: Table,
  column: Column,
  asked: Encode | undefined,
  rows: Uint32Array,
  other: boolean,
): ColumnEncoding {
  const { name } = column
  const refuse = (why: string): never => {
    throw new UsageError(`${table.name}: column ${name} ${why}`)
  }
  if (rows.every((row) => isMissing(column, row))) return refuse('has no value in any row: leave it out of features')
  if (asked === 'number' && column.type === 'text') return refuse('is text and cannot be a number: encode it otherwise')
  if (asked === undefined && column.type === 'date')
    return { as: 'days', column: name, since: firstDay(column.values, rows) }
  if (column.type !== 'text' && (asked === undefined || asked === 'number')) return { as: 'number', column: name }
  if (typeof asked === 'object') return { as: 'ordinal', column: name, categories: [...asked.ordinal], other }
  const { categories } = categorized(column, rows)
  if (asked === undefined) requireCategories(categories, refuse)
  return { as: asked === 'ordinal' ? 'ordinal' : 'oneHot', column: name, categories: [...categories], other }
}

/** Texts that nobody said are categories must look like some. */
function requireCategories(categories: readonly string[], refuse: (why: string) => never): void {
  const some = categories.slice(0, 3).join(', ')
  const numbers = categories.filter(isNumber).length
  if (2 * numbers > categories.length && categories.length > 2)
    refuse(
      `has numbers and texts (${
        categories
          .filter((text) => !isNumber(text))
          .slice(0, 3)
          .join(', ') || some
      }): say that the texts are missing values (missingValues), or that all are texts by encode: 'oneHot'`,
    )
  if (categories.length <= MOST_CATEGORIES) return
  if (categories.slice(0, 20).every((text) => /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}/.test(text)))
    refuse(`looks like dates (${some}): say how they are written, as in dateFormat: '%d.%m.%Y'`)
  refuse(
    `has ${categories.length.toLocaleString('en')} different texts (${some}, …): leave it out of features, or say encode: 'oneHot' or 'ordinal'`,
  )
}

/** Whole, so that days stay whole. */
function firstDay(values: Float64Array, rows: Uint32Array): number {
  let first = Number.POSITIVE_INFINITY
  for (const row of rows) {
    const value = values[row] ?? Number.NaN
    if (value < first) first = value
  }
  return Math.floor(first)
}

/** What is predicted: the classes that the rows have, or numbers. */
export function targetOf(table: Table, { target, task }: EncodingOptions, rows: Uint32Array): TargetEncoding {
  const names = [target].flat()
  const columns = names.map((name) => table.column(name))
  const [column] = columns
  if (column === undefined) throw new UsageError(`${table.name}: target is []: name at least one column`)
  for (const one of columns) requireTarget(table, one, rows)
  if ((task ?? taskOf(table, columns, rows)) === 'classification') {
    if (columns.length > 1)
      throw new UsageError(
        `${table.name}: ${names.join(' and ')} cannot be classes together: give one target, or task: 'regression'`,
      )
    const { categories } = categorized(column, rows)
    if (categories.length < 2)
      throw new UsageError(
        `${table.name}: ${column.name} is ${categories[0]} in every row, so there is nothing to tell apart; give another target`,
      )
    return { task: 'classification', column: column.name, classes: [...categories] }
  }
  const text = columns.find(({ type }) => type === 'text')
  if (text !== undefined)
    throw new UsageError(
      `${table.name}: ${text.name} is text, which is no number to predict: give another target, or task: 'classification'`,
    )
  return { task: 'regression', columns: names }
}

/** A target that is missing is no target: nothing is put in its place. */
function requireTarget(table: Table, column: Column, rows: Uint32Array): void {
  const missing = rows.filter((row) => isMissing(column, row))
  if (missing.length > 0)
    throw new UsageError(
      `${table.name}: the target ${column.name} is missing in ${rowList(missing)}: drop them by dropMissing: ['${column.name}']`,
    )
}

/** Row numbers from 1, the first of them. */
export function rowList(rows: Uint32Array): string {
  const first = Array.from(rows.subarray(0, 5), (row) => (row + 1).toLocaleString('en'))
  const others = rows.length - first.length
  return `row${rows.length === 1 ? '' : 's'} ${first.join(', ')}${others > 0 ? ` and ${others.toLocaleString('en')} more` : ''}`
}

function taskOf(table: Table, columns: readonly Column[], rows: Uint32Array): 'classification' | 'regression' {
  const [column] = columns
  if (column === undefined || columns.length > 1 || column.type === 'number' || column.type === 'date')
    return 'regression'
  if (column.type !== 'integer') return 'classification'
  const { categories } = categorized(column, rows)
  if (categories.length > MOST_CLASSES)
    throw new UsageError(
      `${table.name}: ${column.name} has ${categories.length.toLocaleString('en')} different whole numbers, which may be classes or quantities: say task: 'classification' or 'regression'`,
    )
  return 'classification'
}
