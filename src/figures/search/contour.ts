import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { type Axis, type Importance, type Searched, surface } from '../../search/index.ts'
import { levelsOf, unitOf } from '../../search/space/index.ts'
import { type Figure, PALETTE, plotted, type Row, STYLE, titled } from '../figure.ts'
import { shortNumber, unitAxis, valueText } from './parameters.ts'
import { bestFirst, goalText, thinnedTrials, type ValueOptions, valued } from './values.ts'

export interface ContourOptions extends ValueOptions {
  /** Paths of the two parameters; default the two that do most together and alone. */
  readonly parameters?: readonly [string, string]
}

/** Cells along a parameter that has more values than that, or any. */
const CELLS = 32
const SIZE = 320
/** The best quarter of so many, and evenly of the others. */
const MOST_POINTS = 800

/**
 * What the forest expects over two parameters, as the mean over all others, with the trials as points on it. It is made of steps, as trees are, and knows nothing
 * where there are no trials: trust it around them. Brighter is better.
 *
 * @param found - from `importance` of the same study, known
 * @throws UsageError when the space has fewer than two parameters, or not those that are asked for, or the two are never there together
 *
 * @example
 * const study = await readStudy('studies/mlp')
 * const found = importance(study)
 * if (found.kind === 'known') searchContour(study, found, { parameters: ['lr', 'dropout'] })
 */
export function searchContour(
  study: Searched,
  found: Extract<Importance, { kind: 'known' }>,
  { value: name = 'value', parameters = mostImportant(found) }: ContourOptions = {},
): Figure {
  const { space, trials, direction } = study
  const [across, up] = parameters.map((path) => axisOf(space.axes, path))
  if (across === undefined || up === undefined) throw new UsageError('a contour needs two parameters')
  const columns = placesOf(across.axis)
  const rowPlaces = placesOf(up.axis)
  const expected = surface(found.forest, up.index, across.index, rowPlaces, columns)
  const cells = expected.flatMap((line, i) =>
    line.flatMap((value, j) =>
      value === undefined ? [] : [{ ...edges('x', j, columns.length), ...edges('y', i, rowPlaces.length), value }],
    ),
  )
  const complete = valued(trials)
  const order = bestFirst(complete, direction)
  const [best] = order
  const points = thinnedTrials(order, MOST_POINTS, MOST_POINTS / 4).flatMap(({ number, point, value }) => {
    const [x, y] = [point[across.index], point[up.index]]
    if (x === undefined || y === undefined) return []
    return [
      {
        ...{ trial: number, value, x: unitOf(across.axis.parameter, x), y: unitOf(up.axis.parameter, y) },
        ...{ atX: valueText(across.axis.parameter, x), atY: valueText(up.axis.parameter, y) },
        isBest: number === best?.number,
      },
    ]
  })
  if (cells.length === 0 || points.length === 0)
    throw new UsageError(`${across.axis.path} and ${up.axis.path} are never there together: choose two others`)
  const place = (field: string, axis: Axis) => ({
    field,
    type: 'quantitative' as const,
    scale: { domain: [0, 1], nice: false },
    axis: unitAxis(axis, SIZE),
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(`${name} by ${across.axis.path} and ${up.axis.path}`, [
      `what a forest expects (mean over the other parameters); brighter is better`,
      'points: trials; the diamond is the best',
    ]),
    width: SIZE,
    height: SIZE,
    layer: [
      {
        data: { values: cells },
        mark: { type: 'rect' },
        encoding: {
          x: place('x', across.axis),
          x2: { field: 'x2' },
          y: place('y', up.axis),
          y2: { field: 'y2' },
          color: {
            field: 'value',
            type: 'quantitative',
            scale: { scheme: 'viridis', reverse: direction === 'minimize', zero: false, nice: false },
            legend: {
              title: [`${name}, expected`, goalText(direction)],
              gradientLength: 160,
              tickCount: 6,
              format: '.3~g',
              titleLimit: 160,
            },
          },
        },
      },
      {
        data: { values: points },
        transform: [{ filter: '!datum.isBest' }],
        mark: { type: 'point', filled: true, size: 22, fill: 'white', stroke: 'black', strokeWidth: 0.8, opacity: 0.9 },
        encoding: { x: place('x', across.axis), y: place('y', up.axis) },
      },
      {
        data: { values: points },
        transform: [{ filter: 'datum.isBest' }],
        mark: {
          type: 'point',
          filled: true,
          shape: 'diamond',
          size: 140,
          fill: PALETTE.vermillion,
          stroke: 'white',
          strokeWidth: 1.2,
          opacity: 1,
        },
        encoding: { x: place('x', across.axis), y: place('y', up.axis) },
      },
    ],
    config: STYLE,
  }
  const values = cells.map(({ value }) => value)
  const rows = points.map(
    ({ trial, value, atX, atY }): Row => ({ trial, [across.axis.path]: atX, [up.axis.path]: atY, value }),
  )
  const at = rows.find(({ trial }) => trial === best?.number)
  const alt = `Map of ${name} over ${across.axis.path} and ${up.axis.path} as a forest expects it, from ${shortNumber(Math.min(...values))} to ${shortNumber(Math.max(...values))}, with ${points.length} trials${at === undefined ? '' : `; the best, ${shortNumber(best?.value ?? Number.NaN)}, at ${at[across.axis.path]} and ${at[up.axis.path]}`}.`
  return plotted({ spec, rows, alt })
}

/** The pair that explains most, with what each does alone; a branch says nothing beside what is inside it. */
function mostImportant({ parameters, pairs }: Extract<Importance, { kind: 'known' }>): readonly [string, string] {
  const alone = new Map(parameters.map(({ path, alone: { value } }) => [path, value]))
  const total = ({ paths: [a, b], share }: (typeof pairs)[number]): number =>
    share.value + (alone.get(a) ?? 0) + (alone.get(b) ?? 0)
  const [best] = pairs.filter(({ together }) => together > 0).toSorted((a, b) => total(b) - total(a))
  if (best === undefined) throw new UsageError('a contour needs two parameters that are there together')
  const [a, b] = best.paths
  return (alone.get(a) ?? 0) >= (alone.get(b) ?? 0) ? [a, b] : [b, a]
}

function axisOf(axes: readonly Axis[], path: string): { readonly index: number; readonly axis: Axis } {
  const index = axes.findIndex((one) => one.path === path)
  const axis = axes[index]
  if (axis === undefined)
    throw new UsageError(`the space has no parameter ${path}: give two of ${axes.map((one) => one.path).join(', ')}`)
  return { index, axis }
}

/** Middles of cells: of each value, or of so many parts of the range. */
function placesOf({ parameter }: Axis): number[] {
  const levels = levelsOf(parameter)
  const isEven = parameter.kind === 'choice' || !parameter.log
  const count = levels !== undefined && isEven && levels <= CELLS ? levels : CELLS
  return Array.from({ length: count }, (_, i) => (i + 0.5) / count)
}

const edges = (name: 'x' | 'y', i: number, count: number) =>
  name === 'x' ? { x: i / count, x2: (i + 1) / count } : { y: i / count, y2: (i + 1) / count }
