import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, STYLE } from './figure.ts'

/** Beyond this many classes the cells are too small for their counts. */
const MAX_CLASSES_WITH_COUNTS = 26

/**
 * A confusion matrix as a heat map: rows are true classes, columns predicted ones, with the count in each cell and the recall beside
 * each row. Hits are blue by recall; mistakes are orange on their own square-root scale, because one scale for both would leave
 * every mistake of a good classifier white.
 *
 * @param counts - counts[i][j]: examples of class i predicted as j, [k, k]
 * @param classes - names of the k classes, all different
 * @throws UsageError when the matrix is not square, or the names do not fit
 *
 * @example
 * const figure = confusionMatrixFigure([[50, 2], [3, 45]], ['cat', 'dog'])
 */
export function confusionMatrixFigure(counts: readonly (readonly number[])[], classes: readonly string[]): Figure {
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
  const mostMistaken = Math.max(1, ...mistakes.map((cell) => cell.count))
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
    axis: { title: 'true class', ticks: false, domain: false },
  }
  const cell = (hit: boolean, color: object, threshold: string) => {
    const transform = [{ filter: `datum.hit === ${hit}` }]
    const rect = {
      transform,
      mark: { type: 'rect' as const, stroke: '#ddd', strokeWidth: 0.5 },
      encoding: { x, y, color },
    }
    const text = {
      transform: [...transform, { filter: 'datum.count > 0' }],
      mark: { type: 'text' as const, fontSize: size > 30 ? 11 : 9 },
      encoding: {
        x,
        y,
        text: { field: 'count', type: 'quantitative' as const },
        color: { condition: { test: threshold, value: 'white' }, value: 'black' },
      },
    }
    return k <= MAX_CLASSES_WITH_COUNTS ? [rect, text] : [rect]
  }
  const quiet = { legend: null }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    data: { values: cells },
    spacing: 4,
    hconcat: [
      {
        width: { step: size },
        height: { step: size },
        layer: [
          ...cell(
            true,
            {
              field: 'share',
              type: 'quantitative' as const,
              scale: { domain: [0, 1], range: ['#f4f8fc', '#08519c'], interpolate: 'rgb' },
              ...quiet,
            },
            'datum.share > 0.5',
          ),
          ...cell(
            false,
            {
              field: 'count',
              type: 'quantitative' as const,
              scale: { type: 'sqrt', domain: [0, mostMistaken], range: ['#ffffff', '#e6720a'], interpolate: 'rgb' },
              ...quiet,
            },
            `datum.count > ${0.75 * mostMistaken}`,
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
  const alt = `Confusion matrix of ${k} classes: ${hits} of ${total} examples on the diagonal. ${
    worst.length === 0
      ? 'No mistakes.'
      : `Most frequent mistakes: ${worst.map((c) => `${c.label} taken for ${c.predicted} (${times(c.count)})`).join(', ')}.`
  }`
  return { spec, rows: cells, alt }
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)
const longest = (names: readonly string[]): number => Math.max(...names.map((name) => name.length))
