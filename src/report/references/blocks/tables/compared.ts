import { UsageError } from '../../../../errors.ts'
import { comparisonTables, type NotedTable } from '../../../comparison/index.ts'
import { noted } from '../../../comparison/parts.ts'
import { comparisonOf } from '../comparison.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

/** A table of a comparison of groups: scores with intervals, tests, settings that differ, costs. Option `metrics` of scores and tests: some of them. */
export const compared =
  (name: NotedTable['name']): TableMaker<RunsSubject> =>
  async ({ groups }, options, records) => {
    const isOfMetrics = name === 'scores' || name === 'tests'
    const metrics = isOfMetrics ? await options.texts('metrics') : []
    const comparison = await comparisonOf(records, groups, metrics)
    const found = comparisonTables(comparison).find((table) => table.name === name)
    if (found === undefined) throw new UsageError(`these runs have no table "${name}": it would be empty`)
    return noted(found)
  }
