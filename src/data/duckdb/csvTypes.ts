import type { DuckDBConnection } from '@duckdb/node-api'
import type { Column } from '../table/column.ts'
import { identifier, literal } from './connect.ts'
import { rowsOf } from './readColumns.ts'

/** What a column of texts is, if all of its values are looked at. */
export interface TextColumnType {
  readonly name: string
  /** As what it is read. */
  readonly type: Column['type']
  /** SQL of its values. */
  readonly select: string
  /** Of texts that are numbers but for a few, which are mistakes in their rows: as what it is to be read. */
  readonly mostly?: 'number' | 'integer'
}

export interface CsvTypes {
  readonly decimal: '.' | ','
  readonly columns: readonly TextColumnType[]
}

export interface CsvTypesOptions {
  readonly decimal: '.' | ',' | undefined
  /** Whether commas stand between columns. */
  readonly isCommaDelimiter: boolean
  readonly dateFormat: string | undefined
  /** Share of values that may be something else in a column of numbers. */
  readonly maxBroken: number
}

const COMMA_NUMBER = `'\\s*[+-]?(\\d+|\\d{1,3}(\\.\\d{3})+)(,\\d+)?([eE][+-]?\\d+)?\\s*'`

/** SQL of a text as a number, NULL where it is none. */
const numberOf = (at: string, decimal: '.' | ','): string =>
  decimal === '.'
    ? `TRY_CAST(${at} AS DOUBLE)`
    : `CASE WHEN regexp_full_match(${at}, ${COMMA_NUMBER}) THEN TRY_CAST(replace(replace(${at}, '.', ''), ',', '.') AS DOUBLE) END`

/**
 * The types that all values of the columns of texts allow: numbers, truth values (true, false), dates, else text. No sample is taken,
 * so a type does not depend on where in the file a value stands.
 */
export async function csvTypes(
  connection: DuckDBConnection,
  table: string,
  names: readonly string[],
  { decimal: asked, isCommaDelimiter, dateFormat, maxBroken }: CsvTypesOptions,
): Promise<CsvTypes> {
  const from = identifier(table)
  let decimal = asked ?? '.'
  let counts = await numberCounts(connection, from, names, decimal)
  const others = counts.filter(({ present, numbers }) => numbers < present)
  if (asked === undefined && !isCommaDelimiter && (await hasCommaNumbers(connection, from, others))) {
    decimal = ','
    counts = await numberCounts(connection, from, names, decimal)
  }
  const texts = counts.filter(({ present, numbers }) => numbers < present)
  const kinds = await kindsOf(connection, from, texts, dateFormat)
  const columns = counts.map((count): TextColumnType => {
    const { name, present, numbers } = count
    const at = identifier(name)
    const kind = kinds.get(name)
    const ofNumbers = count.isWhole ? 'integer' : 'number'
    if (kind !== undefined) return { name, ...kind }
    if (present === 0 || numbers < present || isIdentifier(count)) {
      const isMostly = numbers < present && numbers > 0 && present - numbers <= maxBroken * present
      return { name, type: 'text', select: at, ...(isMostly && !isIdentifier(count) && { mostly: ofNumbers }) }
    }
    return { name, type: ofNumbers, select: numberOf(at, decimal) }
  })
  return { decimal, columns }
}

interface NumberCount {
  readonly name: string
  /** Values that are not missing, and how many of them are numbers. */
  readonly present: number
  readonly numbers: number
  /** All numbers are whole, and written without a decimal point or an exponent. */
  readonly isWhole: boolean
  readonly largest: number
  /** Some have a zero in front, as in 01234. */
  readonly isPadded: boolean
}

/** Whole numbers with zeros in front, or so large that float64 would make some of them equal, are names and not quantities. */
const isIdentifier = ({ isWhole, isPadded, largest }: NumberCount): boolean =>
  isWhole && (isPadded || largest > Number.MAX_SAFE_INTEGER)

async function numberCounts(
  connection: DuckDBConnection,
  from: string,
  names: readonly string[],
  decimal: '.' | ',',
): Promise<NumberCount[]> {
  const select = names.flatMap((name) => {
    const at = identifier(name)
    const value = numberOf(at, decimal)
    return [
      `count(${at})::DOUBLE`,
      `count(${value})::DOUBLE`,
      `coalesce(bool_and(${value} = floor(${value}) AND NOT contains(${at}, ${literal(decimal)}) AND NOT contains(lower(${at}), 'e')), false)::DOUBLE`,
      `coalesce(max(abs(${value})), 0)`,
      `coalesce(bool_or(${at} LIKE '0_%'), false)::DOUBLE`,
    ]
  })
  const [row = []] = await rowsOf(connection, `SELECT ${select.join(', ')} FROM ${from}`)
  return names.map((name, c) => {
    const [present = 0, numbers = 0, isWhole, largest = 0, isPadded] = row.slice(5 * c, 5 * c + 5).map(Number)
    return { name, present, numbers, isWhole: isWhole === 1, largest, isPadded: isPadded === 1 }
  })
}

async function hasCommaNumbers(connection: DuckDBConnection, from: string, columns: readonly NumberCount[]) {
  if (columns.length === 0) return false
  const tests = columns.map(({ name }) => {
    const at = identifier(name)
    return `coalesce(bool_and(regexp_full_match(${at}, ${COMMA_NUMBER})) AND bool_or(contains(${at}, ',')), false)::DOUBLE`
  })
  const [row = []] = await rowsOf(connection, `SELECT ${tests.join(', ')} FROM ${from}`)
  return row.some((one) => one === 1)
}

/** Columns that are truth values or dates throughout. */
async function kindsOf(
  connection: DuckDBConnection,
  from: string,
  columns: readonly NumberCount[],
  dateFormat: string | undefined,
): Promise<Map<string, Pick<TextColumnType, 'type' | 'select'>>> {
  if (columns.length === 0) return new Map()
  const candidates = (name: string) => {
    const at = identifier(name)
    const date =
      dateFormat === undefined ? `TRY_CAST(${at} AS TIMESTAMP)` : `try_strptime(${at}, ${literal(dateFormat)})`
    return [
      { type: 'boolean', select: `CASE lower(${at}) WHEN 'true' THEN true WHEN 'false' THEN false END` },
      { type: 'date', select: date },
    ] as const
  }
  const select = columns.flatMap(({ name }) => candidates(name).map(({ select: value }) => `count(${value})::DOUBLE`))
  const [row = []] = await rowsOf(connection, `SELECT ${select.join(', ')} FROM ${from}`)
  return new Map(
    columns.flatMap(({ name, present }, c) =>
      candidates(name)
        .filter((_, i) => row[2 * c + i] === present)
        .slice(0, 1)
        .map((kind) => [name, kind] as const),
    ),
  )
}
