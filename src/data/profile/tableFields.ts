import { type Column, categorized, type TextColumn } from '../table/column.ts'
import { isNumber } from '../table/describe.ts'
import { describeNumbers } from './numbers.ts'
import type { Field, TextField } from './profile.ts'
import { counted, percent } from './words.ts'

/** The most frequent texts that are told. */
const TOP = 10

/** What is in a column of a table. */
export const fieldOf = (column: Column): Field =>
  column.type === 'text' || column.type === 'boolean'
    ? textField(categorized(column), column.type)
    : describeNumbers(column.name, column.type, column.values, { outliers: column.type !== 'date' })

function textField({ name, codes, categories }: TextColumn, type: string): TextField {
  const counts = new Float64Array(categories.length)
  let missing = 0
  for (const code of codes)
    if (code < 0) missing++
    else counts[code] = (counts[code] ?? 0) + 1
  const ranked = Array.from(counts.keys()).sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b)
  const numbers = categories.reduce((sum, text, code) => sum + (isNumber(text) ? (counts[code] ?? 0) : 0), 0)
  const count = codes.length - missing
  return {
    kind: 'text',
    name,
    type,
    count,
    missing,
    unique: ranked.length,
    top: ranked.slice(0, TOP).map((code) => ({ value: categories[code] ?? '', count: counts[code] ?? 0 })),
    ...(numbers > 0 &&
      numbers < count && {
        note: `mixed: ${counted(numbers, 'value')} of ${count.toLocaleString('en')} (${percent(numbers / count)}) are numbers, the rest are texts`,
      }),
  }
}
