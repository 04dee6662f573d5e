import { UsageError } from '../../errors.ts'
import { constant, type Tensor } from '../../tensor/index.ts'
import type { LeftOut, MemoryDataset } from '../dataset.ts'
import { type Cell, type Column, cellText, column as columnOf, rowCount, takeRows } from './column.ts'
import { type ColumnSummary, describeColumn } from './describe.ts'
import { missingName } from './names.ts'
import { type TableDatasetOptions, tableDataset } from './tableSplits.ts'

/** One row while a table is filtered. */
export interface Row {
  /** Its place, from 0. */
  readonly index: number
  /** A number, or NaN where it is missing. Truth values are 1 and 0, dates in days from 1970-01-01 (UTC). */
  number(name: string): number
  /** Any value as it is read; undefined where it is missing. */
  text(name: string): string | undefined
}

/**
 * A table in memory: columns of one length, each a typed array (numbers) or codes of a dictionary (texts). It is immutable; what
 * changes a table gives another, which shares the columns that stay. Missing values stay missing until something is done about them.
 *
 * `readCsv`, `readParquet`, `readJson` and `querySql` make tables, and `querySql` joins and groups them.
 *
 * @example
 * const table = await readCsv('people.csv')
 * const grown = table.filter((row) => row.number('age') >= 18).select('age', 'income')
 * console.log(String(grown.head()))
 */
export class Table {
  /** In messages. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Number of rows. */
  readonly length: number
  /** Rows of the file that could not be read. */
  readonly leftOut: readonly LeftOut[]

  /** @throws UsageError when the columns are not of one length, or two have one name */
  constructor(name: string, columns: readonly Column[], leftOut: readonly LeftOut[] = []) {
    this.name = name
    this.columns = columns
    this.leftOut = leftOut
    const [first] = columns
    this.length = first === undefined ? 0 : rowCount(first)
    for (const [c, column] of columns.entries()) {
      if (rowCount(column) !== this.length)
        throw new UsageError(
          `${name}: column ${column.name} has ${rowCount(column)} rows and ${first?.name} has ${this.length}; give as many`,
        )
      if (columns.findIndex((other) => other.name === column.name) < c)
        throw new UsageError(`${name}: two columns are called ${column.name}; rename one of them`)
    }
  }

  /**
   * A table of values as they are at hand.
   *
   * @example
   * Table.of({ age: [22, null, 38], sex: ['male', 'female', 'female'] })
   */
  static of(columns: Readonly<Record<string, ArrayLike<Cell>>>, name = 'table'): Table {
    return new Table(
      name,
      Object.entries(columns).map(([column, values]) => columnOf(column, values)),
    )
  }

  get names(): readonly string[] {
    return this.columns.map((column) => column.name)
  }

  /** @throws UsageError with the nearest name when there is no such column */
  column(name: string): Column {
    const found = this.columns.find((column) => column.name === name)
    if (found === undefined) throw new UsageError(missingName(this.name, 'column', name, this.names))
    return found
  }

  /** Some of the columns, in the order asked for. */
  select(...names: readonly string[]): Table {
    return this.#with(names.map((name) => this.column(name)))
  }

  /** Some of the rows, in the order asked for; from 0. */
  take(rows: Uint32Array): Table {
    return this.#with(this.columns.map((column) => takeRows(column, rows)))
  }

  /** The first rows (default 5). */
  head(rows = 5): Table {
    return this.take(Uint32Array.from({ length: Math.min(rows, this.length) }, (_, i) => i))
  }

  /**
   * The rows for which `keep` says yes.
   *
   * @example
   * table.filter((row) => row.text('sex') === 'female' && row.number('age') < 40)
   */
  filter(keep: (row: Row) => boolean): Table {
    const byName = new Map(this.columns.map((column) => [column.name, column]))
    const at = (name: string): Column => byName.get(name) ?? this.column(name)
    let index = 0
    const row: Row = {
      get index() {
        return index
      },
      number: (name) => {
        const column = at(name)
        if (column.type === 'text')
          throw new UsageError(
            `${this.name}: column ${name} is text, so row.number('${name}') has no meaning; use row.text`,
          )
        return column.values[index] ?? Number.NaN
      },
      text: (name) => cellText(at(name), index),
    }
    const kept: number[] = []
    for (; index < this.length; index++) if (keep(row)) kept.push(index)
    return this.take(Uint32Array.from(kept))
  }

  /**
   * The rows as samples to train on, float32 `[features]`: what categories there are and what classes is learnt from all of them. For rows
   * to test on beside them use `tableSplits`; in an experiment, `fromTable`.
   *
   * @throws UsageError naming the column: misspelt, without values, a missing target, text that is no category
   *
   * @example
   * const dataset = table.toDataset({ target: ['x', 'y'], features: ['angle'] })
   */
  toDataset(options: TableDatasetOptions): MemoryDataset {
    return tableDataset(this, options)
  }

  /**
   * {@link Table.toDataset} as tensors: `inputs` float32 `[rows, features]` (missing values NaN), `targets` int32 `[rows]` of classes or
   * float32 `[rows, numbers]`.
   *
   * @example
   * const { inputs, targets } = table.toTensors({ target: 'price' })
   * await reduceMean(inputs, { axes: [0] }).data()
   */
  toTensors(options: TableDatasetOptions): { readonly inputs: Tensor; readonly targets: Tensor } {
    const { inputs, targets, length } = this.toDataset(options)
    return {
      inputs: constant(inputs.data, [length, ...inputs.shape], 'float32'),
      targets:
        targets.task === 'classification'
          ? constant(targets.labels, [length], 'int32')
          : constant(targets.values, [length, ...targets.shape], 'float32'),
    }
  }

  /** What is in each column: type, missing and different values, range, quartiles or commonest text. */
  describe(): readonly ColumnSummary[] {
    return this.columns.map(describeColumn)
  }

  /** The first ten rows, aligned. */
  toString(): string {
    const rows = Math.min(10, this.length)
    const cells = this.columns.map((column) => [
      column.name,
      ...Array.from({ length: rows }, (_, row) => cellText(column, row) ?? '·'),
    ])
    const widths = cells.map((texts) => Math.max(...texts.map((text) => text.length)))
    const lines = Array.from({ length: rows + 1 }, (_, line) =>
      cells
        .map((texts, c) => {
          const text = texts[line] ?? ''
          return this.columns[c]?.type === 'text' ? text.padEnd(widths[c] ?? 0) : text.padStart(widths[c] ?? 0)
        })
        .join('  ')
        .trimEnd(),
    )
    if (this.length > rows) lines.push(`… ${(this.length - rows).toLocaleString('en')} more rows`)
    return lines.join('\n')
  }

  #with(columns: readonly Column[]): Table {
    return new Table(this.name, columns, this.leftOut)
  }
}
