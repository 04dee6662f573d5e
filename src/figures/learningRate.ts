import type { TopLevelSpec } from 'vega-lite'
import type { LrFinding } from '../train/index.ts'
import { type Figure, PALETTE, plotted, STYLE } from './figure.ts'

/**
 * The curve of a learning-rate range test: the loss against the rate, smoothed and as it was, and where it falls fastest.
 *
 * @example
 * await saveFigure('.', 'lr-find', learningRateFigure(await findLearningRate(experiment, prepared)))
 */
export function learningRateFigure({ curve, suggestion, lowest, isClear }: LrFinding): Figure {
  const rows = curve.map(({ lr, loss, smoothed }) => ({ lr, loss, smoothed }))
  const lowestLoss = Math.min(...curve.map(({ smoothed }) => smoothed))
  const firstLoss = curve[0]?.smoothed ?? lowestLoss
  // A loss that blows up would leave no room for the fall.
  const top = firstLoss + 0.5 * (firstLoss - lowestLoss || 1)
  const x = {
    field: 'lr',
    type: 'quantitative' as const,
    scale: { type: 'log' as const, nice: false },
    axis: { title: 'learning rate', format: '.0e', grid: false, tickCount: 8 },
  }
  const series = (name: string) => ({
    datum: name,
    scale: { domain: ['each step', 'smoothed', 'suggestion'], range: [PALETTE.sky, PALETTE.blue, PALETTE.vermillion] },
    legend: { title: null, orient: 'top' as const },
  })
  const y = (field: string) => ({
    field,
    type: 'quantitative' as const,
    axis: { title: 'training loss' },
    scale: { domain: [0.95 * lowestLoss, top], zero: false, nice: false },
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Loss as the learning rate rises',
    data: { values: rows },
    width: 480,
    height: 240,
    layer: [
      {
        mark: { type: 'point', filled: true, size: 12, clip: true, opacity: 0.8 },
        encoding: { x, y: y('loss'), color: series('each step') },
      },
      {
        mark: { type: 'line', strokeWidth: 2, clip: true },
        encoding: { x, y: y('smoothed'), color: series('smoothed') },
      },
      {
        data: { values: [{ lr: suggestion }] },
        mark: { type: 'rule', strokeWidth: 1.5, strokeDash: [5, 3] },
        encoding: { x, color: series('suggestion') },
      },
    ],
    config: STYLE,
  }
  const alt =
    `Training loss against the learning rate: ${firstLoss.toPrecision(3)} at first, lowest (${lowestLoss.toPrecision(3)}) at ${lowest.toExponential(1)}, ` +
    `falling fastest at ${suggestion.toExponential(1)}${isClear ? '' : '; it falls so little that this says next to nothing'}.`
  return plotted({ spec, rows, alt })
}
