import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { meanOverSeeds } from '../metrics/uncertainty/index.ts'
import { type Figure, INK, plotted, STYLE, titled } from './figure.ts'

/** What came of one cell of a grid. */
export interface HeatMapCell {
  /** Labels on the two axes. */
  readonly row: string
  readonly column: string
  /** Scores of the runs that ended, one for each seed. */
  readonly values: readonly number[]
  /** Runs whose numbers stopped being finite. Default 0. */
  readonly diverged?: number
  /** Runs that ended without a number for the score, as of a metric that is undefined. Default 0. */
  readonly withoutNumber?: number
}

export interface HeatMapOptions {
  /** Of the score, as `test accuracy`. */
  readonly score: string
  /** Which is better. */
  readonly goal: 'max' | 'min'
  /** Names of the axes, as `model` and `learning rate`. */
  readonly rows: string
  readonly columns: string
  /** A number as it is written in a cell. Default: four significant digits. */
  format?(value: number): string
}

const plain = (value: number): string => String(Number(value.toPrecision(4)))

/**
 * A table of a grid as a heat map: in each cell the mean over the seeds and its standard deviation, with the best cell framed. Cells whose
 * runs all diverged, or have no number, say so and have no colour; those of which some did say how many. Viridis, whose steps look alike to the eye and
 * rise in brightness (the brighter the better), so that the map can be read in grey and by colour-blind people.
 *
 * @throws UsageError when there is no cell, or two have the same place
 *
 * @example
 * gridHeatMap([{ row: 'dense', column: '0.1', values: [0.91, 0.92] }], { score: 'test accuracy', goal: 'max', rows: 'model', columns: 'lr' })
 */
export function gridHeatMap(cells: readonly HeatMapCell[], options: HeatMapOptions): Figure {
  const { score, goal, rows: rowAxis, columns: columnAxis, format = plain } = options
  if (cells.length === 0) throw new UsageError('a heat map needs at least one cell: give what came of a grid')
  const place = ({ row, column }: HeatMapCell): string => JSON.stringify([row, column])
  const twice = cells.find((cell, i) => cells.findIndex((other) => place(other) === place(cell)) !== i)
  if (twice !== undefined)
    throw new UsageError(
      `the cell ${twice.row}, ${twice.column} is there twice: gather its seeds, or give a map for each value of the other axes`,
    )
  const judged = cells.map(({ row, column, values, diverged = 0, withoutNumber = 0 }) => {
    const { mean, sd } = spread(values)
    const all = values.length + diverged + withoutNumber
    const lost = [
      { runs: diverged, word: 'diverged' },
      { runs: withoutNumber, word: 'no number' },
    ].filter(({ runs }) => runs > 0)
    const parts = lost.map(({ runs, word }) => (runs === all ? word : `${runs} of ${all} ${word}`))
    const number = mean === null ? [] : [sd === null ? format(mean) : `${format(mean)} ± ${format(sd)}`]
    const [first = 'not run', ...others] = [...number, ...parts]
    return { row, column, mean, sd, seeds: values.length, diverged, withoutNumber, first, second: others.join(', ') }
  })
  const [best] = judged
    .flatMap((cell) => (cell.mean === null ? [] : [{ ...cell, mean: cell.mean }]))
    .sort((a, b) => (goal === 'max' ? b.mean - a.mean : a.mean - b.mean))
  const means = judged.flatMap(({ mean }) => (mean === null ? [] : [mean]))
  const [lowest, highest] = [Math.min(...means), Math.max(...means)]
  // Brighter is better, whichever way that is; white words lose to black ones a little below the middle of the scale.
  const limit = goal === 'max' ? lowest + 0.45 * (highest - lowest) : highest - 0.45 * (highest - lowest)
  // A label of several settings has a line for each.
  const lines = cells.flatMap(({ column }) => column.split(', '))
  const longest = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length))
  const width =
    26 + 6.2 * Math.max(longest(judged.flatMap(({ first, second }) => [first, second])), Math.min(16, longest(lines)))
  const unique = (labels: readonly string[]): string[] => [...new Set(labels)]
  const position = {
    x: {
      field: 'column',
      type: 'nominal' as const,
      sort: unique(cells.map(({ column }) => column)),
      axis: {
        title: columnAxis,
        labelAngle: 0,
        labelExpr: "split(datum.label, ', ')",
        labelLimit: width,
        orient: 'bottom' as const,
        ticks: false,
        domain: false,
      },
    },
    y: {
      field: 'row',
      type: 'nominal' as const,
      sort: unique(cells.map(({ row }) => row)),
      axis: { title: rowAxis, labelLimit: 180, ticks: false, domain: false },
    },
  }
  const data = judged.map((cell) => ({
    ...cell,
    isBest: cell === best || (best !== undefined && place({ ...cell, values: [] }) === place({ ...best, values: [] })),
  }))
  // Dark ends of the scale take white words, bright ones black; cells without colour the page's ink.
  const ink = (field: 'first' | 'second', dy: number, fontSize: number, test: string, color: string) => ({
    transform: [{ filter: test }],
    mark: { type: 'text' as const, dy, fontSize, color },
    encoding: { ...position, text: { field, type: 'nominal' as const } },
  })
  const isDark = `datum.mean !== null && datum.mean ${goal === 'max' ? '<' : '>'} ${limit}`
  const isBright = `datum.mean !== null && datum.mean ${goal === 'max' ? '>=' : '<='} ${limit}`
  const words = (test: string, color: string) => [
    ink('first', 0, 11, `${test} && datum.second === ''`, color),
    ink('first', -7, 11, `${test} && datum.second !== ''`, color),
    ink('second', 8, 9, `${test} && datum.second !== ''`, color),
  ]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(score, [
      `${goal === 'max' ? 'more' : 'less'} is better, and brighter`,
      'mean ± standard deviation over the seeds',
      ...(best === undefined ? [] : [`framed: the best (${best.row}, ${best.column})`]),
    ]),
    data: { values: data },
    width: { step: Math.max(64, width) },
    height: { step: 40 },
    layer: [
      {
        mark: { type: 'rect', stroke: INK.grid, strokeWidth: 1, fillOpacity: 0, fill: INK.grid },
        encoding: position,
      },
      {
        transform: [{ filter: 'datum.mean !== null' }],
        mark: { type: 'rect' },
        encoding: {
          ...position,
          color: {
            field: 'mean',
            type: 'quantitative',
            scale: {
              scheme: 'viridis',
              reverse: goal === 'min',
              ...(lowest < highest && { domain: [lowest, highest] }),
            },
            legend: lowest < highest ? { title: score, gradientLength: 120, format: '.3~g', titleLimit: 160 } : null,
          },
        },
      },
      {
        transform: [{ filter: 'datum.isBest' }],
        mark: { type: 'rect', filled: false, stroke: '#D55E00', strokeWidth: 3 },
        encoding: position,
      },
      ...words(isDark, 'white'),
      ...words(isBright, 'black'),
      ...words('datum.mean === null', INK.text),
    ],
    config: STYLE,
  }
  const lost = judged.filter(({ mean, diverged }) => mean === null && diverged > 0).length
  const unknown = judged.filter(
    ({ mean, diverged, withoutNumber }) => mean === null && diverged === 0 && withoutNumber > 0,
  )
  const alt = `Heat map of ${score} by ${rowAxis} and ${columnAxis}: ${
    best === undefined
      ? 'no run ended'
      : `best ${best.first} at ${best.row}, ${best.column}; from ${format(lowest)} to ${format(highest)} over ${means.length} cells`
  }${lost > 0 ? `; ${lost} ${lost === 1 ? 'cell' : 'cells'} diverged` : ''}${unknown.length > 0 ? `; ${unknown.length} without a number` : ''}.`
  return plotted({
    spec,
    rows: judged.map(({ first: _, second: __, ...row }) => ({
      [rowAxis]: row.row,
      [columnAxis]: row.column,
      mean: row.mean,
      sd: row.sd,
      seeds: row.seeds,
      diverged: row.diverged,
      withoutNumber: row.withoutNumber,
    })),
    alt,
  })
}

/** Null where there is none: JSON has no NaN. */
function spread(values: readonly number[]): { readonly mean: number | null; readonly sd: number | null } {
  if (values.length === 0) return { mean: null, sd: null }
  const { mean, sd } = meanOverSeeds(values)
  return { mean, sd: values.length === 1 ? null : sd }
}
