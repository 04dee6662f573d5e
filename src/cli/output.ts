import Table from 'cli-table3'
import pc from 'picocolors'
import { UsageError } from '../errors.ts'

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
  const blank = ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
  const chars = Object.fromEntries(
    [...blank, 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'].map((c) => [c, '']),
  )
  const drawn = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align = 'left' }) => align),
    chars: { ...chars, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, border: [], head: pc.isColorSupported ? ['bold'] : [] },
  })
  drawn.push(...rows.map((row) => [...row]))
  return drawn.toString()
}

export const percent = (value: number, digits = 2): string => `${(value * 100).toFixed(digits)} %`

export const seconds = (value: number): string =>
  value < 90 ? `${value.toFixed(1)} s` : `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`

/** Whether a metric is a share, from 0 to 1. */
export const isShare = (name: string): boolean => /accuracy|f1|precision|recall|sparsity/i.test(name)

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
