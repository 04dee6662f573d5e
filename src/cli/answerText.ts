import type { Answer, Cell } from '../runs/index.ts'
import { table } from './output.ts'

const NUMBERS = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|UINTEGER|FLOAT|DOUBLE|DECIMAL.*)$/

/** Characters of a cell that a table shows. */
const WIDEST = 48

/**
 * An answer as a table: numbers to the right with six digits that count, long texts cut.
 *
 * @example
 * print(answerTable(await queryRuns('runs', 'FROM runs SELECT id, seed', { limit: 40 })))
 */
export function answerTable({ columns, rows, rowCount }: Answer): string {
  const drawn = table(
    columns.map(({ name, type }) => ({ head: name, align: NUMBERS.test(type) ? 'right' : 'left' })),
    rows.map((row) => row.map((cell) => cut(cellText(cell)))),
  )
  if (rowCount === 0) return `${drawn}\n(no rows)`
  const more = rowCount - rows.length
  return more === 0 ? drawn : `${drawn}\n… and ${more.toLocaleString('en')} more ${more === 1 ? 'row' : 'rows'}`
}

/** An answer as CSV (RFC 4180, with line feeds): numbers in full, NULL as an empty field, NaN and infinities as `NaN`, `Infinity`, `-Infinity`. */
export function answerCsv({ columns, rows }: Answer): string {
  const lines = [columns.map(({ name }) => name), ...rows.map((row) => row.map((cell) => plainText(cell)))]
  return lines.map((line) => `${line.map(field).join(',')}\n`).join('')
}

const cellText = (cell: Cell): string => {
  if (typeof cell === 'number') return Number(cell.toPrecision(6)).toString()
  if (isList(cell)) return `[${cell.map(cellText).join(', ')}]`
  return cell === null ? '' : plainText(cell).replace(/\s+/g, ' ')
}

const plainText = (cell: Cell): string =>
  cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)

const isList = (cell: Cell): cell is readonly Cell[] => Array.isArray(cell)

const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text)

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
