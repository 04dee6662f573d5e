import type { TopLevelSpec } from 'vega-lite'
import type { Searched } from '../../search/index.ts'
import { unitOf } from '../../search/space/index.ts'
import { type Figure, PALETTE, plotted, type Row, STYLE, titled } from '../figure.ts'
import { shortNumber, unitAxis, valueText } from './parameters.ts'
import { bestFirst, goalText, thinnedTrials, type ValueOptions, valued, valueScale } from './values.ts'

export interface SlicesOptions extends ValueOptions {
  /** Paths of the parameters that get a panel, in this order; default all, in the order of the space. */
  readonly parameters?: readonly string[]
}

const WIDTH = 190
/** In a panel: the best quarter of so many, and evenly of the others. */
const MOST_POINTS = 800

/**
 * The value against each parameter, a panel each, a point a complete trial that has the parameter; later trials are darker, the best is a diamond. Along each axis goes
 * the parameter's own scale. Values far worse than most are drawn at the end of the axis.
 *
 * @throws UsageError when no trial is complete
 *
 * @example
 * searchSlices(await readStudy('studies/mlp'), { parameters: ['lr', 'dropout'] })
 */
export function searchSlices(
  { space: { axes }, trials, direction }: Searched,
  { value: name = 'value', parameters = axes.map(({ path }) => path) }: SlicesOptions = {},
): Figure {
  const complete = valued(trials)
  const order = bestFirst(complete, direction)
  const [best] = order
  const drawn = thinnedTrials(order, MOST_POINTS, MOST_POINTS / 4).toSorted((a, b) => a.number - b.number)
  const scale = valueScale(
    complete.map(({ value }) => value),
    direction,
  )
  const shown = parameters.flatMap((path) => {
    const index = axes.findIndex((one) => one.path === path)
    const axis = axes[index]
    return axis === undefined ? [] : [{ index, axis }]
  })
  const rows = shown.flatMap(({ index, axis: { path, parameter } }) =>
    drawn.flatMap(({ number, point, value }): Row[] => {
      const at = point[index]
      if (at === undefined) return []
      return [
        { parameter: path, trial: number, setting: valueText(parameter, at), place: unitOf(parameter, at), value },
      ]
    }),
  )
  const y = {
    field: 'shown',
    type: 'quantitative' as const,
    scale: scale.scale,
    axis: { title: null, tickCount: 5, ...scale.ticks },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(`${name} by parameter`, [
      `${goalText(direction)}; the diamond is the best`,
      ...(scale.beyond > 0 ? [`${scale.beyond} values lie beyond the axis, drawn at its end`] : []),
    ]),
    data: {
      values: rows.map((row) => ({
        ...row,
        shown: typeof row.value === 'number' ? scale.clamp(row.value) : null,
        isBest: row.trial === best?.number,
      })),
    },
    columns: 3,
    concat: shown.map(({ axis }) => {
      const x = {
        field: 'place',
        type: 'quantitative' as const,
        scale: { domain: [0, 1], nice: false },
        axis: unitAxis(axis, WIDTH),
      }
      return {
        transform: [{ filter: { field: 'parameter', equal: axis.path } }],
        width: WIDTH,
        height: 150,
        layer: [
          {
            transform: [{ filter: '!datum.isBest' }],
            mark: { type: 'point' as const, filled: true, size: 18, opacity: 0.75 },
            encoding: {
              x,
              y,
              color: {
                field: 'trial',
                type: 'quantitative' as const,
                scale: { range: ['#a9cbe3', PALETTE.blue, '#003a5c'], zero: false, nice: false },
                legend: { title: 'trial', gradientLength: 100, format: 'd', tickCount: 4, tickMinStep: 1 },
              },
            },
          },
          {
            transform: [{ filter: 'datum.isBest' }],
            mark: {
              type: 'point' as const,
              filled: true,
              shape: 'diamond',
              size: 110,
              opacity: 1,
              color: PALETTE.vermillion,
            },
            encoding: { x, y },
          },
        ],
      }
    }),
    config: STYLE,
  }
  const settings = shown.flatMap(({ index, axis: { path, parameter } }) => {
    const at = best?.point[index]
    return at === undefined ? [] : [`${path} ${valueText(parameter, at)}`]
  })
  const alt = `${name} of ${drawn.length === complete.length ? '' : `${drawn.length} of `}${complete.length} complete trials against each of ${shown.length} parameters; the best, ${shortNumber(best?.value ?? Number.NaN)}, lies at ${settings.join(', ')}.`
  return plotted({ spec, rows: rows.map(({ place: _, ...row }) => row), alt })
}
