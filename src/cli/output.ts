import pc from 'picocolors'
import stringWidth from 'string-width'
import { UsageError } from '../errors.ts'
import { isShare } from '../report/format.ts'

export { isShare }

/** A JSON document on standard output: what `--json` prints. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

export const print = (text = ''): void => {
  process.stdout.write(`${text}\n`)
}

/** Goes to standard error, so that it never mixes with results. */
export const note = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

export interface TableColumn {
  readonly head: string
  readonly align?: 'left' | 'right'
}

/** A plain table, columns apart by spaces. */
export function table(columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map(({ head }) => stringWidth(head))
  for (const row of rows)
    for (const [c, width] of widths.entries()) widths[c] = Math.max(width, stringWidth(row[c] ?? ''))
  const line = (cells: readonly string[]): string => {
    const padded = columns.map(({ align }, c) => {
      const cell = cells[c] ?? ''
      const space = ' '.repeat((widths[c] ?? 0) - stringWidth(cell))
      return align === 'right' ? space + cell : cell + space
    })
    return padded.join('  ').trimEnd()
  }
  return [pc.bold(line(columns.map(({ head }) => head))), ...rows.map(line)].join('\n')
}

export const percent = (value: number, digits = 2): string => `${(value * 100).toFixed(digits)} %`

export const seconds = (value: number): string =>
  value < 90 ? `${value.toFixed(1)} s` : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`

/** A metric's value: shares as percent, the rest with four significant digits. */
export const metric = (name: string, value: number): string =>
  isShare(name) ? percent(value) : Number(value.toPrecision(4)).toString()

/** Ends the process: 2 for wrong use (message alone), 1 for failures. */
export function fail(error: unknown): never {
  if (error instanceof UsageError) {
    note(`${pc.red('error:')} ${error.message}`)
    process.exit(2)
  }
  note(`${pc.red('failed:')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  process.exit(1)
}
