import type { Column, NumberColumn, TextColumn } from './column.ts'

interface CommonSummary {
  readonly name: string
  /** Rows without a value. */
  readonly missing: number
  /** Different values. */
  readonly unique: number
}

export interface NumberSummary extends CommonSummary {
  readonly type: NumberColumn['type']
  /** Of the values that are there; all NaN where there is none. */
  readonly min: number
  readonly max: number
  readonly mean: number
  /** Of the sample: divided by n − 1. */
  readonly std: number
  /** First quartile, median and third quartile, interpolated linearly between neighbours. */
  readonly quartiles: readonly [number, number, number]
}

export interface TextSummary extends CommonSummary {
  readonly type: 'text'
  /** The text that most rows have, the first of several; absent where there is none. */
  readonly commonest?: { readonly text: string; readonly count: number }
  /** How many values are numbers: more than none in a column of mixed types. */
  readonly numbers: number
}

export type ColumnSummary = NumberSummary | TextSummary

/** What is in a column. */
export const describeColumn = (column: Column): ColumnSummary =>
  column.type === 'text' ? describeTexts(column) : describeNumbers(column)

function describeNumbers({ name, type, values }: NumberColumn): NumberSummary {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort()
  const count = sorted.length
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  let unique = 0
  for (let i = 0; i < count; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) unique += 1
  const at = (share: number): number => quantile(sorted, share)
  return {
    name,
    type,
    missing: values.length - count,
    unique,
    min: at(0),
    max: at(1),
    mean,
    std: Math.sqrt(squares / (count - 1)),
    quartiles: [at(0.25), at(0.5), at(0.75)],
  }
}

/**
 * The value below which a share of sorted values lies, interpolated linearly between neighbours (NumPy's default, type 7 of Hyndman and
 * Fan, 1996). NaN of no values.
 */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below === above ? below : below + (above - below) * (place - Math.floor(place))
}

function describeTexts({ name, codes, categories }: TextColumn): TextSummary {
  const counts = new Uint32Array(categories.length)
  let missing = 0
  for (const code of codes) {
    if (code < 0) missing += 1
    else counts[code] = (counts[code] ?? 0) + 1
  }
  let commonest = -1
  let numbers = 0
  for (const [code, count] of counts.entries()) {
    if (count > (counts[commonest] ?? 0)) commonest = code
    if (isNumber(categories[code] ?? '')) numbers += count
  }
  const text = categories[commonest]
  return {
    name,
    type: 'text',
    missing,
    unique: counts.filter((count) => count > 0).length,
    numbers,
    ...(text !== undefined && { commonest: { text, count: counts[commonest] ?? 0 } }),
  }
}

/** Whether a text can be read as a number. */
export const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text))
