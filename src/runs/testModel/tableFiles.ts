import { basename } from 'node:path'
import * as z from 'zod'
import { csvOptionsSchema } from '../../data/duckdb/csvOptions.ts'
import { createDataset, type DataSource, encodeTable, type LoadHooks, type Targets } from '../../data/index.ts'
import { readCsv, readJson, readParquet } from '../../data/node.ts'
import { type Column, categorized, isMissing } from '../../data/table/column.ts'
import type { Encoding } from '../../data/table/encoding.ts'
import { Table } from '../../data/table/table.ts'
import { UsageError } from '../../errors.ts'
import type { TargetKind } from '../../nn/index.ts'
import type { TestedModel } from './model.ts'
import { all, type Samples } from './samples.ts'

/** Endings of the names of tables. */
export const TABLES: readonly string[] = ['.csv', '.tsv', '.csv.gz', '.tsv.gz', '.parquet', '.json', '.ndjson']

export const isTable = (path: string): boolean => TABLES.some((end) => path.toLowerCase().endsWith(end))

export interface TableOptions {
  /** How rows became samples when the model was trained; without it the numbers of all columns are one. */
  readonly encoding?: Encoding
  readonly targetColumn?: string
  /** The data source that the model was trained on: a CSV file is read as its own was. */
  readonly source?: DataSource
}

/** Rows of a table as samples, judged where it has what is to be predicted. */
export async function tableSamples(
  path: string,
  model: TestedModel,
  { encoding, targetColumn, source }: TableOptions,
  hooks: LoadHooks,
): Promise<Samples> {
  const table = await read(path, source, hooks)
  const { dataset, labelled } =
    encoding === undefined ? plain(table, model, targetColumn) : encoded(table, encoding, targetColumn)
  const { rows } = dataset
  return {
    name: basename(path),
    dataset,
    indices: all(dataset.length),
    labelled,
    ...(rows && { origins: { column: 'row', values: rows } }),
    leftOut: table.leftOut,
    notes: [],
  }
}

function read(path: string, source: DataSource | undefined, hooks: LoadHooks): Promise<Table> {
  if (/\.parquet$/i.test(path)) return readParquet(path, hooks)
  if (/json$/i.test(path)) return readJson(path, hooks)
  const own = source?.kind === 'csv' ? csvOptions.safeParse(source.config).data : undefined
  return readCsv(path, { ...(/\.tsv(\.gz)?$/i.test(path) && { delimiter: '\t' }), ...own }, hooks)
}

/** Of all that `csv` was told, how files are read. */
const csvOptions = z.object(csvOptionsSchema.shape)

/** Rows of a table as those that the model was trained on. */
function encoded(table: Table, encoding: Encoding, targetColumn: string | undefined) {
  const { target } = encoding
  const names = target.task === 'classification' ? [target.column] : target.columns
  if (targetColumn !== undefined && names.join() !== targetColumn)
    throw new UsageError(
      `--target is ${targetColumn}, and the model was trained to predict ${names.join(', ')}: leave it out`,
    )
  const columns = names.map((name) => table.columns.find((column) => column.name === name))
  const present = columns.filter((column) => column !== undefined && !isEmpty(column, table.length))
  if (present.length === names.length) {
    for (const column of present) if (column !== undefined) requireWhole(table, column)
    return { dataset: encodeTable(table, encoding), labelled: true }
  }
  // Targets that mean nothing stand in for those that are missing.
  const blanks = names.map(
    (name): Column =>
      target.task === 'classification'
        ? { name, type: 'text', codes: new Int32Array(table.length), categories: target.classes.slice(0, 1) }
        : { name, type: 'number', values: new Float64Array(table.length) },
  )
  const others = table.columns.filter(({ name }) => !names.includes(name))
  return { dataset: encodeTable(new Table(table.name, [...others, ...blanks]), encoding), labelled: false }
}

/** Rows of numbers, for a model of which no table is known: the columns in their order, but for the one that is to be predicted. */
function plain(table: Table, { name, target }: TestedModel, targetColumn: string | undefined) {
  const wanted = targetColumn === undefined ? undefined : table.column(targetColumn)
  const features = table.columns.filter((column) => column !== wanted)
  const numbers = features.map((column) => {
    if (column.type !== 'text') return column.values
    throw new UsageError(
      `${table.name}: the column ${column.name} is text (${column.categories.slice(0, 3).join(', ')}), and ${name} takes numbers: remove it${targetColumn === undefined ? ', or say which column is to be predicted by --target' : ''}`,
    )
  })
  const width = numbers.length
  const data = new Float32Array(table.length * width)
  for (const [c, values] of numbers.entries())
    for (let row = 0; row < table.length; row++) data[row * width + c] = values[row] ?? Number.NaN
  if (wanted !== undefined) requireWhole(table, wanted)
  const dataset = createDataset({
    name: table.name,
    inputs: { data, shape: [width] },
    targets: wanted === undefined ? blankTargets(table.length) : targetsOf(table, wanted, target),
    rows: all(table.length).map((row) => row + 1),
  })
  return { dataset, labelled: wanted !== undefined }
}

const blankTargets = (length: number): Targets => ({
  task: 'classification',
  labels: new Int32Array(length),
  classes: ['?'],
})

function targetsOf(table: Table, column: Column, target: TargetKind): Targets {
  if (target.task === 'classification') {
    const { codes, categories } = categorized(column)
    return { task: 'classification', labels: codes, classes: categories }
  }
  if (column.type !== 'text')
    return { task: 'regression', values: Float32Array.from(column.values), shape: target.shape.length === 0 ? [] : [1] }
  throw new UsageError(`${table.name}: ${column.name} is text, and the model predicts numbers: give another --target`)
}

const isEmpty = (column: Column, rows: number): boolean => all(rows).every((row) => isMissing(column, row))

function requireWhole(table: Table, column: Column): void {
  const missing = all(table.length).filter((row) => isMissing(column, row))
  if (missing.length > 0)
    throw new UsageError(
      `${table.name}: ${column.name} is missing in ${missing.length} of ${table.length} rows, the first of them row ${(missing[0] ?? 0) + 1}: give it in all rows, to be judged, or in none`,
    )
}
