import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import type { DataSource, LoadHooks } from '../dataset.ts'
import type { HoldOutStrategy } from '../splits/split.ts'
import type { Table } from '../table/table.ts'
import { type TableDatasetOptions, tableSplits } from '../table/tableSplits.ts'

/** What tables from files and queries have in common: what to predict, from what, and what to test on. */
export interface TableSourceOptions extends TableDatasetOptions {
  /**
   * Rows to test on: another file or query, a share or count of the rows, or a strategy whose validation part they become. Default none.
   */
  readonly test?: string | number | HoldOutStrategy
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
    config: { ...config, ...(isStrategy(test) && { test: { kind: test.kind, ...test.config } }) },
    load: async (hooks = {}) => {
      const table = await read(from, hooks)
      if (typeof test !== 'string') return tableSplits(table, { ...others, test })
      if (test === from) throw new UsageError(`${from} is the training data and the test data: test on other rows`)
      return tableSplits(table, others, await read(test, hooks, table))
    },
  }
}
