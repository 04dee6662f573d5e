import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, plotted, STYLE } from './figure.ts'

/** Beyond this many classes the cells are too small for their counts. */
const MAX_CLASSES_WITH_COUNTS = 26

export interface ConfusionMatrixOptions {
  /** Whether cells hold shares of their row in place of counts, which can be compared where classes are unequal. Default false. */
  readonly isNormalized?: boolean
}

/**
 * A confusion matrix as a heat map: rows are true classes, columns predicted ones, with the count (or the share of the row, in percent) in
 * each cell and the recall beside each row. Hits are blue by recall; mistakes are orange on their own square-root scale, because one scale for both would leave
 * every mistake of a good classifier white. Cells of nothing are empty.
 *
 * @param counts - counts[i][j]: examples of class i predicted as j, [k, k]
 * @param classes - names of the k classes, all different
 * @throws UsageError when the matrix is not square, or the names do not fit
 *
 * @example
 * const figure = confusionMatrixFigure([[50, 2], [3, 45]], ['cat', 'dog'])
 */
export function confusionMatrixFigure(
  counts: readonly (readonly number[])[],
  classes: readonly string[],
  { isNormalized = false }: ConfusionMatrixOptions = {},
): Figure {
  const k = classes.length
  const odd = counts.find((row) => row.length !== k)
  if (counts.length !== k || odd || k === 0) {
    throw new UsageError(
      `the confusion matrix has ${counts.length} rows${odd ? ` and a row of ${odd.length} counts` : ''}, and there are ${k} class names: give k × k counts and k names`,
    )
  }
  const twice = classes.find((name, i) => classes.indexOf(name) !== i)
  if (twice !== undefined)
    throw new UsageError(`the class name "${twice}" is there twice: give each class its own name`)

  const cells = counts.flatMap((row, i) => {
    const total = row.reduce((a, b) => a + b, 0)
    return row.map((count, j) => ({
      label: classes[i] ?? '',
      predicted: classes[j] ?? '',
      count,
      share: total > 0 ? count / total : 0,
      hit: i === j,
    }))
  })
  const mistakes = cells.filter((cell) => !cell.hit && cell.count > 0)
  const measure = isNormalized ? 'share' : 'count'
  const mostMistaken = Math.max(isNormalized ? 0.01 : 1, ...mistakes.map((cell) => cell[measure]))
  const size = k <= 12 ? 38 : k <= MAX_CLASSES_WITH_COUNTS ? 26 : 12
  const x = {
    field: 'predicted',
    type: 'nominal' as const,
    sort: [...classes],
    axis: {
      title: 'predicted class',
      orient: 'top' as const,
      labelAngle: longest(classes) > 3 ? -45 : 0,
      ticks: false,
    },
  }
  const y = {
    field: 'label',
    type: 'nominal' as const,
    sort: [...classes],
    axis: { title: isNormalized ? 'true class (percent)' : 'true class', ticks: false, domain: false },
  }
  const cell = (hit: boolean, color: object, threshold: string) => {
    // No colour for nothing: white cells would glare on a dark page.
    const transform = [{ filter: `datum.hit === ${hit} && datum.count > 0` }]
    const rect = {
      transform,
      mark: { type: 'rect' as const },
      encoding: { x, y, color },
    }
    const text = {
      transform,
      mark: { type: 'text' as const, fontSize: size > 30 ? 11 : 9 },
      encoding: {
        x,
        y,
        text: isNormalized
          ? { field: 'percent', type: 'nominal' as const }
          : { field: 'count', type: 'quantitative' as const },
        color: { condition: { test: threshold, value: 'white' }, value: 'black' },
      },
    }
    return k <= MAX_CLASSES_WITH_COUNTS ? [rect, text] : [rect]
  }
  const quiet = { legend: null }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: cells.map((one) => ({ ...one, percent: inPercent(one.share) })) },
    spacing: 4,
    hconcat: [
      {
        width: { step: size },
        height: { step: size },
        layer: [
          {
            mark: { type: 'rect', fillOpacity: 0, fill: INK.grid, stroke: INK.grid, strokeWidth: 0.5 },
            encoding: { x, y },
          },
          ...cell(
            true,
            {
              field: 'share',
              type: 'quantitative' as const,
              scale: { domain: [0, 1], range: ['#d5e4f3', '#08519c'], interpolate: 'rgb' },
              ...quiet,
            },
            'datum.share > 0.5',
          ),
          ...cell(
            false,
            {
              field: measure,
              type: 'quantitative' as const,
              scale: { type: 'sqrt', domain: [0, mostMistaken], range: ['#fdebd9', '#e6720a'], interpolate: 'rgb' },
              ...quiet,
            },
            `datum.${measure} > ${0.75 * mostMistaken}`,
          ),
        ],
        resolve: { scale: { color: 'independent' } },
      },
      {
        width: 48,
        height: { step: size },
        transform: [{ filter: 'datum.hit' }],
        title: { text: 'recall', fontSize: 12, fontWeight: 'normal', anchor: 'middle', color: INK.text },
        mark: { type: 'text', fontSize: size > 20 ? 11 : 9, color: INK.strong },
        encoding: {
          y: { ...y, axis: null },
          text: { field: 'share', type: 'quantitative', format: '.1%' },
        },
      },
    ],
    config: STYLE,
  }
  const worst = mistakes.toSorted((a, b) => b.count - a.count).slice(0, 3)
  const total = cells.reduce((sum, c) => sum + c.count, 0)
  const hits = cells.reduce((sum, c) => sum + (c.hit ? c.count : 0), 0)
  const alt = `Confusion matrix of ${k} classes${isNormalized ? ', in percent of each true class' : ''}: ${hits} of ${total} examples on the diagonal. ${
    worst.length === 0
      ? 'No mistakes.'
      : `Most frequent mistakes: ${worst.map((c) => `${c.label} taken for ${c.predicted} (${times(c.count)})`).join(', ')}.`
  }`
  return plotted({ spec, rows: cells, alt })
}

/** Without a percent sign, which ten columns have no room for. */
const inPercent = (share: number): string => (share >= 0.9995 ? '100' : (100 * share).toFixed(share < 0.001 ? 2 : 1))
const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
const longest = (names: readonly string[]): number => Math.max(...names.map((name) => name.length))
