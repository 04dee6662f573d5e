import type { TopLevelSpec } from 'vega-lite'
import type { Interval, PrecisionRecallCurve } from '../metrics/index.ts'
import { type Figure, INK, plotted, STYLE } from './figure.ts'
import { altOf, area, axisOf, between, type CurvesOptions, requireSeries } from './rocCurves.ts'
import { type NamedSeries, seriesEncoding } from './series.ts'
import { thinned } from './thin.ts'

/** A precision-recall curve with its name. */
export interface PrecisionRecallSeries extends NamedSeries {
  readonly curve: PrecisionRecallCurve
  /** Of the average precision. */
  readonly interval?: Interval
}

/** Shares of classes that differ by less are one line. */
const SAME = 0.005

/**
 * Precision against recall, as the threshold falls, with average precision. Curves are stairs, as average precision adds them up: a straight
 * line between two points would promise what no threshold gives. A dotted line for each share of positives is what chance gets.
 *
 * Points are thinned: none that is left out lies further than a thousandth of the axis from the line. Curves of classes without
 * examples are left out.
 *
 * Source: Davis and Goadrich, "The relationship between precision-recall and ROC curves", ICML 2006.
 *
 * @throws UsageError when no curve is defined, two have one name, or there are more than 30
 *
 * @example
 * const figure = precisionRecallFigure([{ name: 'survived', curve: precisionRecallCurve(targets, probabilities, 2, 1) }])
 */
export function precisionRecallFigure(
  series: readonly PrecisionRecallSeries[],
  { title = 'Precision and recall' }: CurvesOptions = {},
): Figure {
  const drawn = series.filter(({ curve }) => !Number.isNaN(curve.averagePrecision))
  requireSeries('precision-recall', drawn)
  const labels = drawn.map(
    ({ name, curve, interval }) => `${name}: ${area(curve.averagePrecision)}${between(interval)}`,
  )
  const rows = drawn.flatMap(({ name, curve }, s) =>
    thinned(stairs(curve), ({ recall, precision }) => [recall, precision]).map((point, place) => ({
      series: name,
      place,
      label: labels[s] ?? name,
      ...point,
    })),
  )
  const shares = drawn
    .map(({ curve }) => curve.chance)
    .sort((a, b) => a - b)
    .filter((share, i, all) => i === 0 || share - (all[i - 1] ?? 0) > SAME)
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: drawn.length === 1 ? `${title}: ${labels[0]}` : title,
    data: { values: rows },
    width: 400,
    height: 320,
    layer: [
      {
        data: { values: shares.map((share) => ({ share })) },
        mark: { type: 'rule', stroke: INK.line, strokeDash: [3, 3] },
        encoding: { y: { field: 'share', type: 'quantitative' } },
      },
      {
        mark: { type: 'line', clip: true },
        encoding: {
          x: axisOf('recall', 'recall', [0, 1]),
          y: axisOf('precision', 'precision', [0, 1]),
          order: { field: 'place', type: 'quantitative' },
          ...seriesEncoding(drawn, labels),
        },
      },
    ],
    config: STYLE,
  }
  const chance =
    shares.length === 1
      ? `Chance gets ${area(shares[0] ?? 0)}.`
      : `Chance gets from ${area(shares[0] ?? 0)} to ${area(shares.at(-1) ?? 0)}.`
  const values = drawn.map(({ name, curve }) => ({ name, value: curve.averagePrecision }))
  return plotted({
    spec,
    rows: [
      ...rows.map(({ label: _, place: __, ...row }) => row),
      ...drawn.map(({ name, curve }) => ({ series: `chance: ${name}`, recall: 1, precision: curve.chance })),
    ],
    alt: `${altOf('Precision-recall curves', 'average precision', values)} ${chance}`,
  })
}

/** The corners of the stairs: up to each recall, the precision that is had there. */
function stairs({ points }: PrecisionRecallCurve) {
  return points.flatMap(({ recall, precision }, i) => {
    const before = points[i - 1]?.recall ?? recall
    return before === recall
      ? []
      : [
          { recall: before, precision },
          { recall, precision },
        ]
  })
}
