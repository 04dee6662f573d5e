import * as z from 'zod'

const columnType = z.enum(['text', 'number', 'integer', 'boolean', 'date'])

export const csvOptionsSchema = z.strictObject({
  delimiter: z.string().length(1).exactOptional(),
  quote: z.string().max(1).exactOptional(),
  header: z.boolean().exactOptional(),
  names: z.array(z.string().min(1)).min(1).exactOptional(),
  types: z.record(z.string(), columnType).exactOptional(),
  missingValues: z.array(z.string()).exactOptional(),
  decimal: z.enum(['.', ',']).exactOptional(),
  dateFormat: z.string().min(1).exactOptional(),
  encoding: z.enum(['utf-8', 'utf-16', 'latin-1']).exactOptional(),
  maxBroken: z.number().min(0).max(1).exactOptional(),
})

/** How to read a CSV file. What is left out is found out from the file. */
export interface CsvOptions {
  /** Default: of comma, semicolon, tab and bar the one that cuts the first line into most cells. */
  readonly delimiter?: string
  /** Default the double quote; `''` if quotes mean nothing. */
  readonly quote?: string
  /** Whether the first line names the columns; default true, and an error where that line looks like data. */
  readonly header?: boolean
  /** Names of all columns, instead of the header's. */
  readonly names?: readonly string[]
  /** Types of some columns, where those that all of their values allow are not the right ones: `{ zip: 'text' }`. */
  readonly types?: Readonly<Record<string, z.infer<typeof columnType>>>
  /** What a missing value is written as; default nothing, spaces, NA, N/A, n/a, NaN, nan, NULL, null, None and ?. */
  readonly missingValues?: readonly string[]
  /** Default: the comma where some column allows nothing else, and the comma does not stand between columns. */
  readonly decimal?: '.' | ','
  /** Of dates that are not written as in 2024-01-31, in the manner of strftime: `'%d.%m.%Y'`. */
  readonly dateFormat?: string
  /** Default UTF-8, or what the file's first bytes say. */
  readonly encoding?: 'utf-8' | 'utf-16' | 'latin-1'
  /** Share of the rows that may be broken, and are then left out and listed; default 0.1. */
  readonly maxBroken?: number
}

export const MISSING_VALUES: readonly string[] = [
  '',
  ' ',
  'NA',
  'N/A',
  'n/a',
  'NaN',
  'nan',
  'NULL',
  'null',
  'None',
  '?',
]

export const MAX_BROKEN = 0.1
