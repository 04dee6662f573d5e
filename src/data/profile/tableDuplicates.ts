import { type Column, cellText, rowCount } from '../table/column.ts'
import type { Table } from '../table/table.ts'
import { type Comparable, findDuplicates } from './duplicates.ts'
import type { Duplicates } from './profile.ts'

/**
 * Rows with the same values in all columns but the target. They are found by a hash of 53 bits, and those of the same hash are compared
 * cell by cell, so that none is taken for another.
 */
export function tableDuplicates(train: Table, test: Table | undefined, target: string | undefined): Duplicates {
  const features = (table: Table): Column[] => table.columns.filter(({ name }) => name !== target)
  const split = (name: string, table: Table): Comparable => {
    const label = target === undefined ? undefined : table.column(target)
    return {
      hashes: rowHashes(features(table)),
      target: (row) => (label === undefined ? '' : (cellText(label, row) ?? '')),
      nameOf: (row) => `${name} ${row + 1}`,
    }
  }
  if (test === undefined) {
    const columns = features(train)
    const none: Comparable = { hashes: [], target: () => '', nameOf: () => '' }
    return findDuplicates(split('row', train), none, (a, b) =>
      columns.every((column) => isSameCell(column, a, column, b)),
    )
  }
  const [trained, tested] = [features(train), features(test)]
  return findDuplicates(split('train row', train), split('test row', test), (a, b) =>
    trained.every((column, c) => {
      const other = tested[c] ?? column
      const at = (row: number) =>
        row < train.length ? ([column, row] as const) : ([other, row - train.length] as const)
      return isSameCell(...at(a), ...at(b))
    }),
  )
}

function isSameCell(one: Column, a: number, other: Column, b: number): boolean {
  if (one.type === 'text' || other.type === 'text') return cellText(one, a) === cellText(other, b)
  const [x, y] = [one.values[a] ?? Number.NaN, other.values[b] ?? Number.NaN]
  return x === y || (Number.isNaN(x) && Number.isNaN(y))
}

/** A hash of each row, by what is read: texts count and not their codes, which differ between tables. */
function rowHashes(columns: readonly Column[]): Float64Array {
  const length = columns[0] === undefined ? 0 : rowCount(columns[0])
  const [low, high] = [new Int32Array(length).fill(0x2545f491), new Int32Array(length).fill(0x1b873593)]
  const number = new Float64Array(1)
  const words = new Int32Array(number.buffer)
  const mixIn = (row: number, word: number): void => {
    low[row] = Math.imul((low[row] ?? 0) ^ word, 0x9e3779b1) ^ ((high[row] ?? 0) >>> 15)
    high[row] = Math.imul((high[row] ?? 0) ^ ((word << 13) | (word >>> 19)), 0x85ebca77) ^ ((low[row] ?? 0) >>> 13)
  }
  for (const column of columns)
    if (column.type === 'text') {
      const texts = Int32Array.from(column.categories, hashText)
      for (let row = 0; row < length; row++) mixIn(row, texts[column.codes[row] ?? -1] ?? 1)
    } else
      for (let row = 0; row < length; row++) {
        // −0 is 0, and there is one NaN only.
        number[0] = (column.values[row] ?? 0) + 0
        mixIn(row, words[0] ?? 0)
        mixIn(row, words[1] ?? 0)
      }
  return Float64Array.from({ length }, (_, row) => ((high[row] ?? 0) >>> 11) * 2 ** 32 + ((low[row] ?? 0) >>> 0))
}

/** Fowler, Noll and Vo's hash, variant 1a, over UTF-16. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
