import { availableParallelism } from 'node:os'
import { basename } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import type { LoadHooks } from '../dataset.ts'
import type { Column } from '../table/column.ts'
import { missingName } from '../table/names.ts'
import { Table } from '../table/table.ts'
import { identifier, literal, reasonOf, withDuckDb } from './connect.ts'
import { type CsvHead, csvHead } from './csvHead.ts'
import { type CsvOptions, csvOptionsSchema, MAX_BROKEN, MISSING_VALUES } from './csvOptions.ts'
import { brokenRows } from './csvRejects.ts'
import { csvTypes } from './csvTypes.ts'
import { readColumns } from './readColumns.ts'

const SQL_TYPES = {
  text: 'VARCHAR',
  number: 'DOUBLE',
  integer: 'BIGINT',
  boolean: 'BOOLEAN',
  date: 'TIMESTAMP',
} as const

/** Beyond that, memory for each thread's buffer buys little time. */
const MOST_THREADS = 4

/**
 * Reads a CSV file, gzipped or not, as a {@link Table}. A column's type is what all of its values allow: whole numbers, numbers, `true` and
 * `false`, dates (ISO 8601, or `dateFormat`), else text. Rows that are broken are left out and listed in the table's `leftOut`: too many or
 * too few cells, an open quote, a text in a column of numbers.
 *
 * @param path absolute, or from the working folder
 * @throws UsageError when there is no such file, it holds no rows, two columns have one name, or too many rows are broken
 *
 * @example
 * const table = await readCsv('people.csv', { types: { zip: 'text' } })
 * console.log(String(table.head()))
 */
export const readCsv = (path: string, options: CsvOptions = {}, hooks: LoadHooks = {}): Promise<Table> =>
  readCsvColumns(path, options, hooks)

/** What a source asks for beside what users do. */
interface Wanted {
  /** Columns to read; default all. What is in the others is not looked at. */
  readonly only?: readonly string[] | undefined
  /** A table whose columns' types this one's take, as test data take those of the training data. */
  readonly like?: Table | undefined
}

export async function readCsvColumns(
  path: string,
  options: CsvOptions,
  hooks: LoadHooks,
  { only, like }: Wanted = {},
): Promise<Table> {
  parseConfig('csv', csvOptionsSchema, options)
  const { maxBroken = MAX_BROKEN } = options
  const head = await csvHead(path, options)
  for (const name of [...Object.keys(options.types ?? {}), ...(only ?? [])])
    if (!head.names.includes(name)) throw new UsageError(missingName(path, 'column', name, head.names))
  const names = head.names.filter((name) => only?.includes(name) ?? true)
  return withDuckDb(
    async (connection) => {
      const known = await loadTyped(connection, head, names, options, like)
      const leftOut = await brokenRows(connection, 'loaded', head, maxBroken)
      const columns = await readColumns(connection, 'typed', { known, what: `reading ${basename(path)}`, ...hooks })
      const table = new Table(basename(path), columns, leftOut)
      if (table.length > 0) return table
      throw new UsageError(`${path} has ${head.hasHeader ? 'a header and no row' : 'no row'}: give at least one`)
    },
    { threads: Math.min(MOST_THREADS, availableParallelism()) },
  )
}

/** Loads the file as the table `loaded` and, with each column in its type, as the view `typed`; returns the types. */
async function loadTyped(
  connection: DuckDBConnection,
  head: CsvHead,
  names: readonly string[],
  options: CsvOptions,
  like: Table | undefined,
): Promise<ReadonlyMap<string, Column['type']>> {
  const { maxBroken = MAX_BROKEN } = options
  const texts = (like?.columns ?? []).filter(({ type }) => type === 'text')
  const forced = new Map<string, Column['type']>([
    ...texts.map(({ name }) => [name, 'text'] as const),
    ...Object.entries(options.types ?? {}),
  ])
  const infer = () =>
    csvTypes(
      connection,
      'loaded',
      names.filter((name) => !forced.has(name)),
      {
        decimal: options.decimal,
        isCommaDelimiter: head.delimiter === ',',
        dateFormat: options.dateFormat,
        maxBroken,
      },
    )
  await load(connection, head, options, forced)
  let found = await infer()
  const wished = new Map((like?.columns ?? []).map(({ name, type }) => [name, type]))
  const others = found.columns.flatMap(({ name, type, mostly }) => {
    const wish = wished.get(name) ?? mostly ?? type
    return wish === type || (isNumeric(wish) && isNumeric(type)) ? [] : [[name, wish] as const]
  })
  if (others.length > 0) {
    for (const [name, wish] of others) forced.set(name, wish === 'integer' && like !== undefined ? 'number' : wish)
    // Once more in these types, so that DuckDB says on which lines something else stands.
    await load(connection, head, { ...options, decimal: found.decimal }, forced)
    found = await infer()
  }
  const typed = new Map(found.columns.map((column) => [column.name, column]))
  const select = names.map((name) => `${typed.get(name)?.select ?? identifier(name)} AS ${identifier(name)}`)
  await connection.run(`CREATE VIEW typed AS SELECT ${select.join(', ')} FROM loaded`)
  return new Map([...forced, ...found.columns.map(({ name, type }) => [name, type] as const)])
}

const isNumeric = (type: Column['type']): boolean => type === 'integer' || type === 'number'

/** Loads the file as the table `loaded`: texts, but for the columns whose type is known. */
async function load(
  connection: DuckDBConnection,
  head: CsvHead,
  { missingValues = MISSING_VALUES, dateFormat, decimal }: CsvOptions,
  forced: ReadonlyMap<string, Column['type']>,
): Promise<void> {
  const columns = head.names.map((name) => `${literal(name)}: ${literal(SQL_TYPES[forced.get(name) ?? 'text'])}`)
  const format =
    dateFormat === undefined ? [] : [`dateformat = ${literal(dateFormat)}`, `timestampformat = ${literal(dateFormat)}`]
  const settings = [
    'auto_detect = false',
    'store_rejects = true',
    `columns = {${columns.join(', ')}}`,
    `delim = ${literal(head.delimiter)}`,
    `quote = ${literal(head.quote)}`,
    `escape = ${literal(head.quote)}`,
    `header = ${head.hasHeader}`,
    `nullstr = [${missingValues.map(literal).join(', ')}]`,
    `encoding = ${literal(head.encoding)}`,
    `compression = ${literal(head.isGzip ? 'gzip' : 'none')}`,
    ...(decimal === ',' ? ["decimal_separator = ','", "thousands = '.'"] : []),
    ...format,
  ]
  // The rejects of a load before this one would stay.
  for (const table of ['loaded', 'reject_errors', 'reject_scans']) await connection.run(`DROP TABLE IF EXISTS ${table}`)
  await connection
    .run(`CREATE TABLE loaded AS SELECT * FROM read_csv(${literal(head.path)}, ${settings.join(', ')})`)
    .catch((error: unknown) => {
      throw new UsageError(
        `${head.path} cannot be read as CSV (${reasonOf(error)}): say how it is written with delimiter, quote, header or encoding`,
      )
    })
}
