import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'

/** Components that are drawn; the numbers beside the picture have all. */
const MAX_COMPONENTS = 50

/**
 * A scree plot: the share of the variance along each principal component as bars, and of all components so far as a line.
 *
 * @param ratios - share of each component, descending
 * @throws UsageError when there is none
 *
 * @example
 * const figure = screeFigure([0.6, 0.25, 0.1])
 */
export function screeFigure(ratios: readonly number[]): Figure {
  if (ratios.length === 0) throw new UsageError('a scree plot needs at least one component: give their shares')
  let sum = 0
  const rows = ratios.map((share, i) => {
    sum += share
    return { component: i + 1, share, together: Math.min(1, sum) }
  })
  const drawn = rows.slice(0, MAX_COMPONENTS)
  const x = {
    field: 'component',
    type: 'quantitative' as const,
    axis: { title: 'principal component', grid: false, tickMinStep: 1, format: 'd' },
    scale: { domain: [0.4, drawn.length + 0.6], nice: false },
  }
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    axis: { title: 'share of the variance', format: '~%', tickCount: 6 },
    scale: { domain: [0, 1] },
  })
  const series = (name: string) => ({
    datum: name,
    scale: { domain: ['each', 'all so far'], range: [PALETTE.blue, PALETTE.vermillion] },
    legend: { title: null, orient: 'top' as const },
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Variance along principal components',
    data: { values: drawn },
    width: 420,
    height: 200,
    layer: [
      {
        mark: { type: 'bar', width: Math.max(2, Math.min(24, 300 / drawn.length)) },
        encoding: { x, y: y('share'), color: series('each') },
      },
      {
        mark: { type: 'line', point: drawn.length <= 20, strokeWidth: 1.5, strokeJoin: 'round' },
        encoding: { x, y: y('together'), color: series('all so far') },
      },
    ],
    config: STYLE,
  }
  const [first] = rows
  const half = rows.find(({ together }) => together >= 0.5)
  const alt = `Scree plot: the first component holds ${percent(first?.share ?? 0)} of the variance${half ? `, the first ${half.component} half of it or more (${percent(half.together)})` : ''}.`
  return plotted({ spec, rows, alt })
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
