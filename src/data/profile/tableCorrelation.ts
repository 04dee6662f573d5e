import type { NumberColumn } from '../table/column.ts'
import type { Table } from '../table/table.ts'
import { MAX_CORRELATED } from './correlation.ts'
import type { Correlation } from './profile.ts'

/** Pearson's r of every two columns of numbers, over the rows that have both; of more than 64 columns, the first 64. */
export function tableCorrelation({ columns }: Table): Correlation | undefined {
  const numbers = columns.flatMap((column) =>
    column.type === 'text' || column.type === 'date' ? [] : [centred(column)],
  )
  const chosen = numbers.slice(0, MAX_CORRELATED)
  if (chosen.length < 2) return undefined
  const matrix = chosen.map(() => chosen.map((): number | null => null))
  for (const [i, a] of chosen.entries())
    for (const [j, b] of chosen.slice(0, i + 1).entries()) {
      const r = a.isComplete && b.isComplete ? ofComplete(a.values, b.values) : ofCommon(a.values, b.values)
      for (const [row, at] of [
        [i, j],
        [j, i],
      ] as const)
        (matrix[row] ?? [])[at] = r
    }
  return { names: chosen.map(({ name }) => name), matrix }
}

interface Centred {
  readonly name: string
  readonly values: Float64Array
  readonly isComplete: boolean
}

/** Around its mean, so that squares do not cancel. */
function centred({ name, values }: NumberColumn): Centred {
  let sum = 0
  let count = 0
  for (const value of values)
    if (!Number.isNaN(value)) {
      sum += value
      count++
    }
  // What never changes has its own value as mean, whatever rounding makes of the sum.
  const first = values.find((value) => !Number.isNaN(value)) ?? Number.NaN
  const mean = values.every((value) => value === first || Number.isNaN(value)) ? first : sum / count
  return { name, values: values.map((value) => value - mean), isComplete: count === values.length }
}

/** Where no value is missing, both columns' means are 0 already. */
function ofComplete(a: Float64Array, b: Float64Array): number | null {
  let aa = 0
  let bb = 0
  let ab = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? 0
    const y = b[i] ?? 0
    aa += x * x
    bb += y * y
    ab += x * y
  }
  return bounded(ab, Math.sqrt(aa * bb))
}

function ofCommon(a: Float64Array, b: Float64Array): number | null {
  let n = 0
  let sa = 0
  let sb = 0
  let aa = 0
  let bb = 0
  let ab = 0
  for (let i = 0; i < a.length; i++) {
    const x = a[i] ?? Number.NaN
    const y = b[i] ?? Number.NaN
    if (Number.isNaN(x + y)) continue
    n++
    sa += x
    sb += y
    aa += x * x
    bb += y * y
    ab += x * y
  }
  return bounded(ab - (sa * sb) / n, Math.sqrt((aa - (sa * sa) / n) * (bb - (sb * sb) / n)))
}

const bounded = (covariance: number, spread: number): number | null =>
  spread > 0 ? Math.max(-1, Math.min(1, covariance / spread)) : null
