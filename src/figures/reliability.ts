import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../errors.ts'
import { type ReliabilityBin, wilsonInterval } from '../metrics/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from './figure.ts'

export interface ReliabilityOptions {
  readonly title?: string
}

/**
 * A reliability diagram: how often a model is right when it is so sure, in bins of its confidence, with Wilson's 95 % interval of each bin, the
 * diagonal of a calibrated model, and below it how many examples each bin has. The expected calibration error is that of the bins.
 *
 * @throws UsageError when no bin holds an example
 *
 * @example
 * const figure = reliabilityFigure(reliabilityBins(targets, probabilities, 10))
 */
export function reliabilityFigure(
  bins: readonly ReliabilityBin[],
  { title = 'Calibration' }: ReliabilityOptions = {},
): Figure {
  const filled = bins.filter(({ count }) => count > 0)
  if (filled.length === 0)
    throw new UsageError('a reliability diagram needs at least one example: give bins with counts')
  const n = filled.reduce((sum, { count }) => sum + count, 0)
  const ece = filled.reduce(
    (sum, { count, accuracy, confidence }) => sum + (count / n) * Math.abs(accuracy - confidence),
    0,
  )
  const rows = filled.map((bin) => {
    const { low, high } = wilsonInterval(Math.round(bin.accuracy * bin.count), bin.count)
    return { ...bin, accuracyLow: low, accuracyHigh: high }
  })
  const share = { domain: [0, 1], nice: false }
  const quantitative = { type: 'quantitative' as const }
  const x = {
    field: 'low',
    ...quantitative,
    scale: share,
    axis: { title: null, labels: false, ticks: false, grid: false },
  }
  const middle = { field: 'confidence', ...quantitative, scale: share }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: title,
      // In lines, because Vega takes words for wider than they are and would leave room for that.
      subtitle: [
        `expected calibration error ${ece.toFixed(4)} (${bins.length} bins)`,
        'rules: 95 % intervals of each bin',
      ],
      subtitleColor: INK.text,
    },
    data: { values: rows },
    spacing: 6,
    vconcat: [
      {
        width: 360,
        height: 260,
        layer: [
          {
            mark: { type: 'rect', color: PALETTE.sky, opacity: 0.55, stroke: INK.paper },
            encoding: {
              x,
              x2: { field: 'high' },
              y: {
                field: 'accuracy',
                ...quantitative,
                scale: share,
                axis: { title: 'share that is right', tickCount: 5, format: '.1f' },
              },
              y2: { datum: 0 },
            },
          },
          {
            data: { values: [{ from: 0, to: 1 }] },
            mark: { type: 'rule', stroke: INK.line, strokeDash: [4, 3], strokeWidth: 1.5 },
            encoding: {
              x: { field: 'from', ...quantitative },
              x2: { field: 'to' },
              y: { field: 'from', ...quantitative },
              y2: { field: 'to' },
            },
          },
          {
            mark: { type: 'rule', stroke: PALETTE.blue, strokeWidth: 1.5 },
            encoding: { x: middle, y: { field: 'accuracyLow', ...quantitative }, y2: { field: 'accuracyHigh' } },
          },
          {
            mark: { type: 'point', filled: true, color: PALETTE.blue, size: 36, opacity: 1 },
            encoding: { x: middle, y: { field: 'accuracy', ...quantitative } },
          },
        ],
      },
      {
        width: 360,
        height: 70,
        layer: [
          {
            mark: { type: 'rect', color: '#9aa3b2', stroke: INK.paper },
            encoding: {
              x: {
                ...x,
                axis: {
                  title: 'confidence (probability of the predicted class)',
                  tickCount: 5,
                  format: '.1f',
                  grid: false,
                },
              },
              x2: { field: 'high' },
              y: { field: 'count', ...quantitative, axis: { title: 'examples', tickCount: 3, format: '~s' } },
              y2: { datum: 0 },
            },
          },
          {
            transform: [{ calculate: '(datum.low + datum.high) / 2', as: 'middle' }],
            mark: { type: 'text', dy: -5, fontSize: 8, color: INK.text },
            encoding: {
              x: { field: 'middle', ...quantitative, scale: share },
              y: { field: 'count', ...quantitative },
              text: { field: 'count', ...quantitative, format: ',' },
            },
          },
        ],
      },
    ],
    config: STYLE,
  }
  const [sure] = filled.toSorted((a, b) => b.count - a.count)
  const mean = (of: (bin: ReliabilityBin) => number): number =>
    filled.reduce((sum, bin) => sum + (bin.count / n) * of(bin), 0)
  const gap = mean(({ confidence }) => confidence) - mean(({ accuracy }) => accuracy)
  const alt = `Reliability diagram of ${n} examples in ${bins.length} bins: expected calibration error ${ece.toFixed(4)}. The model is on the whole ${Math.abs(gap) < 0.005 ? 'as sure as it is right' : `${gap > 0 ? 'more' : 'less'} sure than right, by ${(100 * Math.abs(gap)).toFixed(1)} points`}. Most examples (${sure?.count}) have a confidence of ${sure?.low.toFixed(2)} to ${sure?.high.toFixed(2)}.`
  return plotted({ spec, rows, alt })
}
