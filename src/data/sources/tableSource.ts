import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import type { DataSource, LoadHooks } from '../dataset.ts'
import { sha256 } from '../sha256.ts'
import type { HoldOutStrategy } from '../splits/split.ts'
import { Table } from '../table/table.ts'
import { type TableDatasetOptions, tableSplits } from '../table/tableSplits.ts'

/** What tables from files and queries have in common: what to predict, from what, and what to test on. */
export interface TableSourceOptions extends TableDatasetOptions {
  /**
   * Rows to test on: another file or query, a share or count of the rows, or a strategy whose validation part they become. Default none.
   */
  readonly test?: string | number | HoldOutStrategy
}

export interface FromTableOptions extends TableDatasetOptions {
  /** A share or count of the rows, or a strategy whose validation part they become. Default none. */
  readonly test?: number | HoldOutStrategy
  /** The test data, where they are a table of their own; `test` does not count then. */
  readonly testTable?: Table
}

const names = z.array(z.string())

const isStrategy = (value: unknown): value is HoldOutStrategy =>
  typeof value === 'object' && value !== null && 'divide' in value && !('fold' in value)

export const tableSourceSchema = z.strictObject({
  target: z.union([z.string(), names.min(1)]),
  task: z.enum(['classification', 'regression']).optional(),
  features: names.min(1).optional(),
  encode: z
    .record(
      z.string(),
      z.union([z.enum(['number', 'oneHot', 'ordinal']), z.strictObject({ ordinal: names.min(1) })], {
        error: "give 'number', 'oneHot', 'ordinal' or { ordinal: [categories in order] }",
      }),
    )
    .optional(),
  unknown: z.enum(['refuse', 'other']).optional(),
  columns: names.optional(),
  dropMissing: z.union([z.literal(true), names]).optional(),
  test: z
    .union([z.string(), z.number().positive(), z.custom<HoldOutStrategy>(isStrategy)], {
      error: 'give a file, a share or count of rows, or a strategy such as groupedHoldOut(…)',
    })
    .optional(),
})

const described = (test: TableSourceOptions['test']) =>
  isStrategy(test) ? { test: { kind: test.kind, ...test.config } } : {}

/**
 * The source of a table that is read from somewhere.
 *
 * @param read the table of a file or query; `like` is the training table where it is the test data's
 */
export function tableSource(
  kind: string,
  config: Readonly<Record<string, unknown>>,
  options: TableSourceOptions,
  from: string,
  read: (from: string, hooks: LoadHooks, like?: Table) => Promise<Table>,
): DataSource {
  const { test, ...others } = options
  return {
    kind,
    config: { ...config, ...described(test) },
    load: async (hooks = {}) => {
      const table = await read(from, hooks)
      if (typeof test !== 'string') return tableSplits(table, { ...others, test })
      if (test === from) throw new UsageError(`${from} is the training data and the test data: test on other rows`)
      return tableSplits(table, others, await read(test, hooks, table))
    },
  }
}

const fromTableSchema = tableSourceSchema.extend({ testTable: z.instanceof(Table).optional() })

const contentOf = ({ columns }: Table): string =>
  sha256(
    ...columns.flatMap((column): readonly (string | ArrayBufferView)[] =>
      column.type === 'text'
        ? [JSON.stringify([column.name, column.categories]), column.codes]
        : [JSON.stringify([column.name, column.type]), column.values],
    ),
  )

/**
 * Samples from the rows of a table in memory, one that was filtered or joined for instance; otherwise as `csv`.
 *
 * @throws UsageError for an option that cannot be; at loading for what `tableSplits` refuses
 *
 * @example
 * const grown = (await readCsv('people.csv')).filter((row) => row.number('age') >= 18)
 * experiment({ data: fromTable(grown, { target: 'income', test: 0.2 }), … })
 */
export function fromTable(table: Table, options: FromTableOptions): DataSource {
  parseConfig('fromTable', fromTableSchema, options)
  const { testTable, ...others } = options
  const config = { name: table.name, fingerprint: contentOf(table), ...others }
  return {
    kind: 'fromTable',
    config: { ...config, ...described(options.test), ...(testTable && { testTable: contentOf(testTable) }) },
    load: async () => tableSplits(table, others, testTable),
  }
}
