import pc from 'picocolors'
import { UsageError } from '../errors.ts'
import { alignedTable, type TableColumn } from '../report/alignedTable.ts'
import { isShare } from '../report/format.ts'

export { isShare, type TableColumn }

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

/** A plain table, columns apart by spaces, its heads bold. */
export const table = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]): string =>
  alignedTable(columns, rows, pc.bold)

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
