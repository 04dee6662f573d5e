import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import type { Interval, RocCurve } from '../metrics/index.ts'
import { type Figure, INK, plotted, STYLE } from './figure.ts'
import { MAX_SERIES, type NamedSeries, seriesEncoding } from './series.ts'
import { thinned } from './thin.ts'

/** An ROC curve with its name. */
export interface RocSeries extends NamedSeries {
  readonly curve: RocCurve
  /** Of the area. */
  readonly interval?: Interval
}

export interface CurvesOptions {
  readonly title?: string
}

/** Where every area is above this, curves crowd at the left, which gets a panel of its own: false positive rates up to `LEFT`. */
const CROWDED = 0.95
const LEFT = 0.2

/**
 * ROC curves with their areas: recall against the share of false alarms, as the threshold falls. The diagonal is chance. Curves are told apart by
 * colour and by dash; where all areas are above 0.95, false positive rates up to 0.2 are drawn once more, enlarged.
 *
 * Points are thinned: none that is left out lies further than a thousandth of the axis from the line. A curve that is not defined, as of a
 * class without examples, is left out. More than 30 curves are not told apart: give the ones that matter.
 *
 * @throws UsageError when no curve is defined, two have one name, or there are more than 30
 *
 * @example
 * const figure = rocFigure([{ name: 'survived', curve: rocCurve(targets, probabilities, 2, 1) }])
 */
export function rocFigure(series: readonly RocSeries[], { title = 'ROC' }: CurvesOptions = {}): Figure {
  const drawn = series.filter(({ curve }) => !Number.isNaN(curve.auc))
  requireSeries('ROC', drawn)
  const labels = drawn.map(({ name, curve, interval }) => `${name}: ${area(curve.auc)}${between(interval)}`)
  const rows = drawn.flatMap(({ name, curve }, s) =>
    thinned(curve.points, (point) => [point.falsePositiveRate, point.truePositiveRate]).map((point, place) => ({
      series: name,
      place,
      label: labels[s] ?? name,
      falsePositiveRate: point.falsePositiveRate,
      truePositiveRate: point.truePositiveRate,
      threshold: Number.isFinite(point.threshold) ? point.threshold : null,
    })),
  )
  const isCrowded = drawn.every(({ curve }) => curve.auc > CROWDED)
  const size = isCrowded ? 300 : 360
  const heading = drawn.length === 1 ? `${title}: ${labels[0]}` : title
  const panel = (high: number) => ({
    width: size,
    height: size,
    ...(isCrowded && {
      title: { text: high === 1 ? 'whole' : `false positive rates up to ${high}`, fontWeight: 'normal' as const },
    }),
    layer: [
      {
        data: { values: [{ from: 0, to: 1 }] },
        mark: { type: 'rule' as const, stroke: INK.line, strokeDash: [3, 3], clip: true },
        encoding: {
          x: { field: 'from', type: 'quantitative' as const },
          y: { field: 'from', type: 'quantitative' as const },
          x2: { field: 'to' },
          y2: { field: 'to' },
        },
      },
      {
        mark: { type: 'line' as const, clip: true, strokeJoin: 'round' as const },
        encoding: {
          x: axisOf('falsePositiveRate', 'false positive rate', [0, high]),
          y: axisOf('truePositiveRate', 'true positive rate (recall)', [0, 1]),
          // The points' own order, as rises have one x.
          order: { field: 'place', type: 'quantitative' as const },
          ...seriesEncoding(drawn, labels),
        },
      },
    ],
  })
  const base = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: heading,
    data: { values: rows.map(({ threshold: _, ...row }) => row) },
    config: STYLE,
  } as const
  const spec: TopLevelSpec = isCrowded ? { ...base, hconcat: [panel(1), panel(LEFT)] } : { ...base, ...panel(1) }
  return plotted({
    spec,
    rows: rows.map(({ label: _, place: __, ...row }) => row),
    alt: altOf(
      'ROC curves',
      'area under the curve',
      drawn.map(({ name, curve }) => ({ name, value: curve.auc })),
    ),
  })
}

/** An axis of shares. */
export const axisOf = (field: string, title: string, domain: readonly [number, number]) => ({
  field,
  type: 'quantitative' as const,
  scale: { domain: [...domain], nice: false },
  axis: { title, tickCount: 5, format: '.2~f' },
})

export function requireSeries(what: string, series: readonly NamedSeries[]): void {
  if (series.length === 0)
    throw new UsageError(
      `there is no ${what} curve that is defined: give predictions of at least two classes that occur`,
    )
  if (series.length > MAX_SERIES)
    throw new UsageError(`${series.length} ${what} curves cannot be told apart: give ${MAX_SERIES} at most`)
  const names = series.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new UsageError(`two ${what} curves are named "${twice}": give each its own name`)
}

/** Digits enough to tell an area from 1. */
export const area = (value: number): string => (value > 0.99 && value < 1 ? value.toFixed(4) : value.toFixed(3))
export const between = (interval: Interval | undefined): string =>
  interval === undefined || Number.isNaN(interval.low) ? '' : ` (${area(interval.low)}–${area(interval.high)})`

/** What curves show, in words: every value where there are few, else the extremes. */
export function altOf(
  what: string,
  measure: string,
  values: readonly { readonly name: string; readonly value: number }[],
): string {
  const said = ({ name, value }: { readonly name: string; readonly value: number }) => `${name} ${area(value)}`
  const [lowest, highest] = [
    values.toSorted((a, b) => a.value - b.value)[0],
    values.toSorted((a, b) => b.value - a.value)[0],
  ]
  if (values.length <= 4 || lowest === undefined || highest === undefined)
    return `${what} with the ${measure}: ${values.map(said).join(', ')}.`
  return `${what} of ${values.length} series; ${measure} from ${said(lowest)} to ${said(highest)}.`
}
