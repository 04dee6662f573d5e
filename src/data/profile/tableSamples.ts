import { createDataset, type MemoryDataset, type Targets } from '../dataset.ts'
import { categorized } from '../table/column.ts'
import type { Table } from '../table/table.ts'
import { isIdentifier } from './identifiers.ts'
import type { Problem } from './profile.ts'

/** Texts with more different values than this are names, not categories. */
const MAX_CATEGORIES = 20

/**
 * A table as points to look at, not to train on: numbers as they are with the mean where one is missing, categories as one number
 * each. Columns that never change, names and numbers of rows, and the target are left out.
 *
 * @returns undefined where no column is left
 */
export function tableSamples(table: Table, problem: Problem): MemoryDataset | undefined {
  const n = table.length
  const target = problem.task === 'unknown' ? undefined : problem.target
  const features = table.columns.flatMap((column): Float32Array[] => {
    if (column.name === target) return []
    if (column.type === 'text' || column.type === 'boolean') {
      const { codes, categories } = categorized(column)
      if (categories.length < 2 || categories.length > MAX_CATEGORIES) return []
      return categories.map((_, category) => Float32Array.from(codes, (code) => (code === category ? 1 : 0)))
    }
    const present = column.values.filter((value) => !Number.isNaN(value))
    const different = new Set(present).size
    const [min, max] = present.reduce(
      ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    )
    if (different < 2 || isIdentifier({ ...column, count: n, unique: different, min, max })) return []
    const mean = present.reduce((sum, value) => sum + value, 0) / present.length
    // Less the mean, because float32 would round days and years.
    return [Float32Array.from(column.values, (value) => (Number.isNaN(value) ? 0 : value - mean))]
  })
  if (features.length === 0 || n < 2) return undefined
  const data = new Float32Array(n * features.length)
  for (const [c, values] of features.entries())
    for (let row = 0; row < n; row++) data[row * features.length + c] = values[row] ?? 0
  return createDataset({
    name: table.name,
    inputs: { data, shape: [features.length] },
    targets: targetsOf(table, problem),
  })
}

/** Rows without a label are of a class of their own. */
function targetsOf(table: Table, problem: Problem): Targets {
  if (problem.task !== 'classification')
    return { task: 'regression', values: new Float32Array(table.length), shape: [] }
  const { codes, categories } = categorized(table.column(problem.target))
  const isMissing = codes.some((code) => code < 0)
  return {
    task: 'classification',
    labels: codes.map((code) => (code < 0 ? categories.length : code)),
    classes: isMissing ? [...categories, '(missing)'] : categories,
  }
}
