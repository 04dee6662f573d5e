import type { DuckDBConnection } from '@duckdb/node-api'
import { UsageError } from '../../errors.ts'
import type { LeftOut } from '../dataset.ts'
import { identifier } from './connect.ts'
import type { CsvHead } from './csvHead.ts'
import { countLines } from './openText.ts'
import { rowsOf } from './readColumns.ts'

/** A row that could not be read. */
interface Broken {
  readonly position: number
  readonly reason: string
  /** How many lines it takes; more than one where a quote is not closed. */
  readonly lines: number
}

/**
 * The rows that DuckDB could not read, line by line. Every line of the file is accounted for: after a quote that is never closed DuckDB
 * drops what it has read so far, and says so of one row only.
 *
 * @throws UsageError when more than `maxBroken` of all rows are broken
 */
export async function brokenRows(
  connection: DuckDBConnection,
  table: string,
  head: CsvHead,
  maxBroken: number,
): Promise<LeftOut[]> {
  const broken = await rejected(connection)
  const [[rows] = []] = await rowsOf(connection, `SELECT count(*)::DOUBLE FROM ${table}`)
  const read = Number(rows)
  const { filled, lineAt } = await countLines(
    head,
    broken.map(({ position }) => position),
  )
  const listed = broken.map(({ position, reason, lines }) => {
    const first = lineAt.get(position) ?? 0
    return { item: `${lines > 1 ? `lines ${first} to ${first + lines - 1}` : `line ${first}`} of ${head.path}`, reason }
  })
  const noted = broken.reduce((sum, { lines }) => sum + lines, 0)
  const accounted = read + noted + (head.hasHeader ? 1 : 0)
  const isCounted = head.encoding !== 'utf-16' && filled > accounted
  const lost = isCounted ? filled - accounted - (await innerLines(connection, table, head.names)) : 0
  if (lost > 0)
    listed.push({
      item: `${lost.toLocaleString('en')} lines of ${head.path}`,
      reason: 'they come after a quote that is opened and not closed',
    })
  const left = noted + Math.max(0, lost)
  if (left > maxBroken * (read + left)) throw tooMany(head.path, read + left, left, maxBroken, listed)
  return listed
}

/** Newlines inside of values, and in the header. */
async function innerLines(connection: DuckDBConnection, table: string, names: readonly string[]): Promise<number> {
  const types = await rowsOf(connection, `SELECT column_name FROM (DESCRIBE ${table}) WHERE column_type = 'VARCHAR'`)
  const newlines = types.map(([name]) => {
    const at = identifier(String(name))
    return `coalesce(sum(length(${at}) - length(replace(${at}, chr(10), ''))), 0)`
  })
  const inHeader = names.join('').split('\n').length - 1
  if (newlines.length === 0) return inHeader
  const [[count] = []] = await rowsOf(connection, `SELECT (${newlines.join(' + ')})::DOUBLE FROM ${table}`)
  return Number(count) + inHeader
}

const counted = (cells: string): string => `${cells} cell${cells === '1' ? '' : 's'}`

/** What DuckDB noted, one entry a row of the file. */
async function rejected(connection: DuckDBConnection): Promise<Broken[]> {
  const rows = await rowsOf(
    connection,
    'SELECT line_byte_position::DOUBLE, error_type::VARCHAR, column_name, error_message, csv_line FROM reject_errors ORDER BY line_byte_position, error_message',
  )
  const byPosition = new Map<number, Broken>()
  for (const [at, type, column, message, line] of rows) {
    const position = Number(at)
    if (byPosition.has(position)) continue
    const reason = reasonFor(String(type), String(column), String(message))
    byPosition.set(position, { position, reason, lines: String(line).trim().split('\n').length })
  }
  return [...byPosition.values()]
}

function reasonFor(type: string, column: string, message: string): string {
  switch (type) {
    case 'CAST': {
      const [, value] = /Could not convert string "([^"\n]*)/.exec(message) ?? []
      const [, as = ''] = / to '(\w+)'/.exec(message) ?? []
      return value === undefined
        ? `${column}: ${message}`
        : `${column} is "${value}", which is no ${TYPE_NAMES[as] ?? 'number'}`
    }
    case 'MISSING COLUMNS':
    case 'TOO MANY COLUMNS': {
      const [, expected, found] = /Columns: (\d+) Found: (\d+)/.exec(message) ?? []
      return found === undefined
        ? message
        : `${type === 'MISSING COLUMNS' ? counted(found) : `more than ${expected} cells`} for ${expected} columns`
    }
    case 'UNQUOTED VALUE':
      return 'a quote is opened and not closed, or text follows it'
    case 'INVALID ENCODING':
      return "it is not UTF-8 (give encoding: 'latin-1' if the file is in that)"
    default:
      return message
  }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  BOOLEAN: 'truth value',
  BIGINT: 'whole number',
  TIMESTAMP: 'date',
  DOUBLE: 'number',
}

function tooMany(path: string, rows: number, left: number, maxBroken: number, listed: readonly LeftOut[]): UsageError {
  const first = listed.slice(0, 3).map(({ item, reason }) => `${item.replace(` of ${path}`, '')}: ${reason}`)
  return new UsageError(
    `${left.toLocaleString('en')} of the ${rows.toLocaleString('en')} rows of ${path} cannot be read, more than ${Number((100 * maxBroken).toPrecision(3))} % ` +
      `(${first.join('; ')}${listed.length > 3 ? '; …' : ''}): mend the file, say how it is written (delimiter, quote, encoding, types), or allow more with maxBroken`,
  )
}
