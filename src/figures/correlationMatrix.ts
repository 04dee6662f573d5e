import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, plotted, STYLE } from './figure.ts'

/** Beyond this many columns the cells are too small for their numbers. */
const MAX_WITH_NUMBERS = 14

/**
 * Pearson's r of every two columns as a heat map: blue for −1, white for 0, orange for 1, on the same scale in every picture. A pair
 * with a constant column has no r, and is grey.
 *
 * @param matrix - [k, k], null where there is no r
 * @throws UsageError when the matrix is not k × k
 *
 * @example
 * const figure = correlationFigure(['age', 'income'], [[1, 0.4], [0.4, 1]])
 */
export function correlationFigure(names: readonly string[], matrix: readonly (readonly (number | null)[])[]): Figure {
  const k = names.length
  if (k === 0 || matrix.length !== k || matrix.some((row) => row.length !== k))
    throw new UsageError(
      `a correlation matrix of ${k} columns has ${matrix.length} rows: give k × k numbers and k names`,
    )
  const rows = names.flatMap((a, i) => names.map((b, j) => ({ a, b, r: matrix[i]?.[j] ?? null })))
  const cell = Math.max(10, Math.min(44, Math.floor(560 / k)))
  const axis = { title: null, labelLimit: 140, domain: false, ticks: false } as const
  const position = {
    x: {
      field: 'b',
      type: 'nominal' as const,
      sort: [...names],
      axis: { ...axis, labelAngle: -45, orient: 'bottom' as const },
    },
    y: { field: 'a', type: 'nominal' as const, sort: [...names], axis },
  }
  const numbers =
    k > MAX_WITH_NUMBERS
      ? []
      : [
          {
            transform: [{ filter: 'datum.r !== null' }],
            mark: { type: 'text' as const, fontSize: 10 },
            encoding: {
              ...position,
              text: { field: 'r', type: 'quantitative' as const, format: '.2f' },
              color: { condition: { test: 'abs(datum.r) > 0.6', value: 'white' }, value: 'black' },
            },
          },
        ]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Correlation of columns',
    data: { values: rows },
    width: cell * k,
    height: cell * k,
    layer: [
      {
        transform: [{ filter: 'datum.r === null' }],
        mark: { type: 'rect', stroke: INK.paper, strokeWidth: 1, color: '#bbbbbb' },
        encoding: position,
      },
      {
        mark: { type: 'rect', stroke: INK.paper, strokeWidth: 1 },
        encoding: {
          ...position,
          color: {
            field: 'r',
            type: 'quantitative',
            scale: { domain: [-1, 0, 1], range: ['#2166ac', '#ffffff', '#b35806'], interpolate: 'lab' },
            legend: {
              title: 'Pearson’s r',
              gradientLength: Math.min(160, cell * k),
              values: [-1, -0.5, 0, 0.5, 1],
              format: '.1f',
            },
          },
        },
      },
      ...numbers,
    ],
    config: STYLE,
  }
  const strongest = rows
    .flatMap(({ a, b, r }) => (r !== null && names.indexOf(a) < names.indexOf(b) ? [{ a, b, r }] : []))
    .sort((one, other) => Math.abs(other.r) - Math.abs(one.r))
    .slice(0, 3)
    .map(({ a, b, r }) => `${a} and ${b} (${r.toFixed(2)})`)
  return plotted({ spec, rows, alt: `Correlation of ${k} columns. Strongest: ${strongest.join(', ') || 'none'}.` })
}
