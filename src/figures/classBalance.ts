import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from './figure.ts'

/** Samples of each class in one split. */
export interface ClassCounts {
  readonly split: string
  readonly counts: readonly number[]
}

/** More classes than this are not told apart in one picture; the numbers beside it have all. */
const MAX_CLASSES = 40

/**
 * How many samples of each class there are: bars for the splits' shares, with the counts beside them.
 *
 * @throws UsageError when there is no class, or a split has not as many counts
 *
 * @example
 * const figure = classBalanceFigure(['cat', 'dog'], [{ split: 'train', counts: [50, 47] }])
 */
export function classBalanceFigure(classes: readonly string[], splits: readonly ClassCounts[]): Figure {
  const odd = splits.find(({ counts }) => counts.length !== classes.length)
  if (classes.length === 0 || splits.length === 0 || odd !== undefined)
    throw new UsageError(
      `the balance of ${classes.length} classes needs a split with as many counts${odd ? `, and ${odd.split} has ${odd.counts.length}` : ''}`,
    )
  const rows = splits.flatMap(({ split, counts }) => {
    const all = Math.max(
      1,
      counts.reduce((a, b) => a + b, 0),
    )
    return classes.map((name, c) => ({ class: name, split, count: counts[c] ?? 0, share: (counts[c] ?? 0) / all }))
  })
  const shown = classes.slice(0, MAX_CLASSES)
  const domain = splits.map(({ split }) => split)
  const range = [PALETTE.blue, PALETTE.orange].slice(0, splits.length)
  const step = splits.length > 1 ? 13 : 18
  const y = { field: 'class', type: 'nominal', sort: [...shown], axis: { title: 'class', labelLimit: 200 } } as const
  const yOffset = { field: 'split', type: 'nominal', sort: domain } as const
  const x = {
    field: 'share',
    type: 'quantitative',
    axis: {
      title: splits.length > 1 ? 'share of the split’s samples' : 'share of all samples',
      format: '~%',
      tickCount: 5,
    },
  } as const
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Samples of each class',
    data: { values: rows.filter((row) => shown.includes(row.class)) },
    width: 400,
    height: { step, for: splits.length > 1 ? 'offset' : 'position' },
    layer: [
      {
        mark: { type: 'bar' },
        encoding: {
          x,
          y,
          yOffset,
          color: {
            field: 'split',
            type: 'nominal',
            scale: { domain, range },
            legend: splits.length > 1 ? { title: null, orient: 'top' } : null,
          },
        },
      },
      {
        mark: { type: 'text', align: 'left', dx: 4, fontSize: 10, color: INK.text },
        encoding: { x, y, yOffset, text: { field: 'count', type: 'quantitative', format: ',' } },
      },
    ],
    config: STYLE,
  }
  const first = splits[0]?.counts ?? []
  const [least, most] = [Math.min(...first), Math.max(...first)]
  const alt = `Samples of ${classes.length} classes in ${domain.join(' and ')}: from ${least} (${classes[first.indexOf(least)]}) to ${most} (${classes[first.indexOf(most)]}) in ${domain[0]}${classes.length > MAX_CLASSES ? `; the first ${MAX_CLASSES} are drawn` : ''}.`
  return plotted({ spec, rows, alt })
}
