import type { PointScores } from '../../../inspect/index.ts'
import type { Row } from '../../figure.ts'

/** One value of a curve over several repetitions; nulls where one of them has no finite number. */
export interface CurveRow extends Row {
  readonly metric: string
  readonly split: string
  readonly x: number
  /** Mean. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly count: number
}

type Curve = readonly { readonly x: number; readonly scores: PointScores }[]

/**
 * Every metric on every split along a line, over repetitions; and of each metric that training and test split have, the gap, test less train.
 *
 * @param curves one a repetition, all at the same places
 */
export function curveRows(curves: readonly Curve[]): CurveRow[] {
  const [first = []] = curves
  const splits = [...new Set(first.flatMap(({ scores }) => Object.keys(scores)))]
  const metrics = [
    ...new Set(first.flatMap(({ scores }) => Object.values(scores).flatMap((values) => Object.keys(values)))),
  ]
  const rowsOf = (metric: string, split: string, read: (scores: PointScores) => number | undefined): CurveRow[] =>
    first.map(({ x }, i) => {
      const values = curves.map((curve) => read(curve[i]?.scores ?? {}) ?? Number.NaN)
      const isKnown = values.every(Number.isFinite)
      return {
        ...{ metric, split, x, count: values.length },
        value: isKnown ? values.reduce((sum, value) => sum + value, 0) / values.length : null,
        low: isKnown ? Math.min(...values) : null,
        high: isKnown ? Math.max(...values) : null,
      }
    })
  const at = (scores: PointScores, split: string, metric: string): number | undefined =>
    Object.entries(scores).find(([name]) => name === split)?.[1][metric]
  const values = metrics.flatMap((metric) =>
    splits.flatMap((split) => rowsOf(metric, split, (scores) => at(scores, split, metric))),
  )
  if (!splits.includes('train') || !splits.includes('test')) return values
  const gaps = metrics.flatMap((metric) =>
    rowsOf(`gap of ${metric}`, 'test − train', ({ train, test }) => {
      const [own, other] = [train?.[metric], test?.[metric]]
      return own === undefined || other === undefined ? undefined : other - own
    }),
  )
  return [...values, ...gaps]
}
