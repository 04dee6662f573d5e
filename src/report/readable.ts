import type { Column } from './document.ts'
import { value as number } from './format.ts'

/** A JSON value of a manifest. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

const isList = (json: Json): json is readonly Json[] => Array.isArray(json)

/**
 * A configuration value as a reader would write it: `{ kind: 'adam', lr: 0.001 }` is `adam(lr: 0.001)`.
 *
 * @example
 * readable([1, 28, 28]) // '1, 28, 28'
 */
export function readable(json: Json): string {
  if (json === null) return 'none'
  if (typeof json === 'boolean') return json ? 'yes' : 'no'
  if (typeof json === 'number') return String(json)
  if (typeof json === 'string') return json
  if (isList(json)) return json.length === 0 ? 'none' : json.map(readable).join(', ')
  const { kind, type, name, ...rest } = json
  const head = [kind, type, name].find((part) => typeof part === 'string')
  const others = Object.entries({ kind, type, name }).filter(([, v]) => v !== undefined && v !== head)
  const inside = [...others, ...Object.entries(rest)].map(([key, v]) => `${key}: ${readable(v ?? null)}`).join(', ')
  if (typeof head !== 'string') return inside === '' ? 'none' : inside
  return inside === '' ? head : `${head}(${inside})`
}

/** `batchSize` as `batch size`. */
export const words = (camel: string): string => camel.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^roc auc/, 'ROC AUC'],
  [/^f1/, 'F1'],
  [/^mcc$/, 'Matthews correlation'],
  [/^kappa/, 'Cohen’s κ'],
  [/^ece(\d+) ?bins$/, 'expected calibration error ($1 bins)'],
  [/^brier$/, 'Brier score'],
  [/^r2$/, 'R²'],
  [/ class(\d+)$/, ', class $1'],
  [/ (macro|micro|weighted|ovo)$/, ', $1'],
]

/** `rocAucMacro` as `ROC AUC, macro`. */
export const metricName = (name: string): string =>
  NAMES.reduce((text, [pattern, to]) => text.replace(pattern, to), words(name)).replace(/^(mse|rmse|mae)$/, (short) =>
    short.toUpperCase(),
  )

/** `[16, 28, 28]` as `16 × 28 × 28`. */
export const shape = (dims: readonly number[]): string => (dims.length === 0 ? 'scalar' : dims.join(' × '))

/** Rows of JSON as a table: columns in order of first appearance, those of numbers only set as numbers. */
export function tableOf(rows: readonly Readonly<Record<string, Json>>[]): {
  columns: Column[]
  rows: string[][]
} {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const columns = keys.map((key): Column => {
    const numeric = rows.every((row) => typeof (row[key] ?? 0) === 'number')
    return numeric ? { title: words(key), kind: 'number' } : { title: words(key) }
  })
  const cell = (json: Json | undefined): string => {
    if (json === undefined || json === null) return ''
    if (typeof json === 'number') return Number.isInteger(json) ? json.toLocaleString('en-GB') : number(json)
    return isList(json) && json.every((n) => typeof n === 'number') ? shape(json) : readable(json)
  }
  return { columns, rows: rows.map((row) => keys.map((key) => cell(row[key]))) }
}
