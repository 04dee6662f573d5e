import { UsageError } from '../../errors.ts'

/** Numbers, one a row; a missing value is NaN. Truth values are 1 and 0, dates and times of day are in days (from 1970-01-01 UTC, from midnight). */
export interface NumberColumn {
  readonly name: string
  readonly type: 'number' | 'integer' | 'boolean' | 'date'
  readonly values: Float64Array
}

/** Texts as numbers of a dictionary; a missing value is −1. */
export interface TextColumn {
  readonly name: string
  readonly type: 'text'
  readonly codes: Int32Array
  /** The different texts, in ascending order. */
  readonly categories: readonly string[]
}

export type Column = NumberColumn | TextColumn

/** What a cell of a table can be written as. */
export type Cell = string | number | boolean | Date | null | undefined

const DAY = 86_400_000

/**
 * A column from values as they are at hand. Texts make a text column; numbers, truth values and dates make numbers.
 *
 * @param values one a row; null, undefined and NaN are missing
 * @throws UsageError when texts stand beside numbers
 *
 * @example
 * column('sex', ['male', 'female', null])
 */
export function column(name: string, values: ArrayLike<Cell>): Column {
  if (ArrayBuffer.isView(values)) return fromNumbers(name, Float64Array.from(values, numeric))
  const cells = Array.from(values)
  const present = cells.filter((cell) => cell !== null && cell !== undefined)
  const kinds = new Set(present.map((cell) => (cell instanceof Date ? 'date' : typeof cell)))
  if (kinds.size > 1)
    throw new UsageError(`the column ${name} holds ${[...kinds].join(' and ')} values: give values of one kind`)
  if (kinds.has('string')) return fromTexts(name, cells)
  if (kinds.has('boolean')) return { name, type: 'boolean', values: Float64Array.from(cells, numeric) }
  if (kinds.has('date')) return { name, type: 'date', values: Float64Array.from(cells, (cell) => numeric(cell) / DAY) }
  return fromNumbers(name, Float64Array.from(cells, numeric))
}

const numeric = (cell: Cell): number => (cell === null || cell === undefined ? Number.NaN : Number(cell))

function fromNumbers(name: string, values: Float64Array): NumberColumn {
  const isWhole = values.every((value) => Number.isNaN(value) || Number.isSafeInteger(value))
  return { name, type: isWhole ? 'integer' : 'number', values }
}

function fromTexts(name: string, cells: readonly Cell[]): TextColumn {
  const categories = [...new Set(cells.filter((cell) => typeof cell === 'string'))].sort()
  const codes = new Map(categories.map((category, code) => [category, code]))
  return {
    name,
    type: 'text',
    categories,
    codes: Int32Array.from(cells, (cell) => (typeof cell === 'string' ? (codes.get(cell) ?? -1) : -1)),
  }
}

/** Number of rows. */
export const rowCount = (of: Column): number => (of.type === 'text' ? of.codes.length : of.values.length)

/** Whether a row has no value here. */
export const isMissing = (of: Column, row: number): boolean =>
  of.type === 'text' ? (of.codes[row] ?? -1) < 0 : Number.isNaN(of.values[row] ?? Number.NaN)

/** Some rows of a column, in the order asked for. */
export function takeRows(of: Column, rows: Uint32Array): Column {
  if (of.type === 'text') return { ...of, codes: Int32Array.from(rows, (row) => of.codes[row] ?? -1) }
  return { ...of, values: Float64Array.from(rows, (row) => of.values[row] ?? Number.NaN) }
}

/** One value, as it is read: dates in ISO 8601 (UTC). Undefined where it is missing. */
export function cellText(of: Column, row: number): string | undefined {
  if (of.type === 'text') return of.categories[of.codes[row] ?? -1]
  const value = of.values[row] ?? Number.NaN
  return Number.isNaN(value) ? undefined : valueText(of.type, value)
}

function valueText(type: NumberColumn['type'], value: number): string {
  if (type === 'boolean') return value === 0 ? 'false' : 'true'
  if (type !== 'date' || !Number.isFinite(value)) return String(value)
  return new Date(Math.round(value * DAY)).toISOString().replace(/T00:00:00\.000Z$/, '')
}

/**
 * The same column as one of categories, which are sorted by value: numbers by size, not by their digits.
 *
 * @param rows those that the categories are learnt from; default all. A value that only others have is missing afterwards
 */
export function categorized(of: Column, rows?: Uint32Array): TextColumn {
  const codes = codesOf(of)
  const seen = new Uint8Array(codes.categories.length)
  for (const code of rows === undefined ? codes.codes : takeCodes(codes.codes, rows)) if (code >= 0) seen[code] = 1
  if (seen.every((one) => one === 1)) return codes
  const renumbered = new Int32Array(seen.length).fill(-1)
  const categories = codes.categories.filter((_, code) => seen[code] === 1)
  for (let code = 0, next = 0; code < seen.length; code++) if (seen[code] === 1) renumbered[code] = next++
  return { ...codes, categories, codes: codes.codes.map((code) => (code < 0 ? -1 : (renumbered[code] ?? -1))) }
}

function* takeCodes(codes: Int32Array, rows: Uint32Array): Generator<number> {
  for (const row of rows) yield codes[row] ?? -1
}

function codesOf(of: Column): TextColumn {
  if (of.type === 'text') return of
  const { name, type, values } = of
  const distinct = Float64Array.from(new Set(values.filter((value) => !Number.isNaN(value)))).sort()
  const codes = new Map(Array.from(distinct, (value, code) => [value, code]))
  return {
    name,
    type: 'text',
    categories: Array.from(distinct, (value) => valueText(type, value)),
    codes: Int32Array.from(values, (value) => codes.get(value) ?? -1),
  }
}
