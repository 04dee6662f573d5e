import type { TopLevelSpec } from 'vega-lite'
import type { AblationCurve } from '../../inspect/index.ts'
import { type Figure, PALETTE, plotted, STYLE, titled } from '../figure.ts'
import { seriesEncoding } from '../series.ts'
import { percent, three } from './words.ts'

/** From this share of the way from the whole network's score to the worst on, a network counts as broken. */
const BROKEN = 0.1

/**
 * What is left of a network without its least important weights: rankings as lines, random orders as a band with their mean.
 *
 * @param score which is drawn: `loss`, or a metric
 */
export function ablationFigure(
  curves: readonly AblationCurve[],
  score: string,
  goal: 'min' | 'max',
  split: string,
): Figure {
  const of = ({ loss, scores }: AblationCurve['points'][number]): number =>
    score === 'loss' ? loss : (scores[score] ?? Number.NaN)
  const rows = curves.flatMap(({ by, draw, points }) =>
    points.map((point) => ({
      ...{ ranking: by, draw: draw ?? null, share: point.share, removed: point.removed, loss: point.loss },
      ...point.scores,
    })),
  )
  const random = curves.filter(({ by }) => by === 'random')
  const ranked = curves.filter(({ by }) => by !== 'random')
  const band = (random[0]?.points ?? []).map(({ share }, i) => {
    const values = random.flatMap(({ points }) => points.slice(i, i + 1).map(of))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    return {
      label: `random (${random.length} orders)`,
      share,
      value: mean,
      low: Math.min(...values),
      high: Math.max(...values),
    }
  })
  const lines = [
    ...ranked.flatMap(({ by, points }) =>
      points.map((point) => ({ label: `least ${by}`, share: point.share, value: of(point) })),
    ),
    ...band.map(({ label, share, value }) => ({ label, share, value })),
  ]
  const labels = [...new Set(lines.map(({ label }) => label))]
  const x = {
    field: 'share',
    type: 'quantitative' as const,
    scale: { nice: false },
    axis: { title: 'share of the weights that is 0', format: '.0%', grid: false },
  }
  const isShare = /accuracy|f1/i.test(score)
  const y = {
    field: 'value',
    type: 'quantitative' as const,
    scale: { zero: false },
    axis: { title: `${score}, ${split}`, ...(isShare && { format: '.0%' }) },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(`What is left without the least important weights: ${score}`, [
      'nothing is trained again; band: from the worst to the best of the random orders',
    ]),
    width: 460,
    height: 260,
    layer: [
      {
        data: { values: band },
        mark: { type: 'area', color: PALETTE.green, opacity: 0.2 },
        encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
      },
      {
        data: { values: lines },
        mark: { type: 'line', point: { size: 30 } },
        encoding: {
          x,
          y,
          ...seriesEncoding(
            labels.map((name) => ({ name })),
            labels,
            3,
          ),
        },
      },
    ],
    config: STYLE,
  }
  return plotted({ spec, rows, alt: ablationText(curves, of, score, goal) })
}

const span = (shares: readonly number[]): string => {
  const [low, high] = [Math.min(...shares), Math.max(...shares)]
  return low === high ? percent(low) : `${percent(low)} to ${percent(high)}`
}

function ablationText(
  curves: readonly AblationCurve[],
  of: (point: AblationCurve['points'][number]) => number,
  score: string,
  goal: 'min' | 'max',
): string {
  const whole = curves.flatMap(({ points }) => points.filter(({ removed }) => removed === 0))[0]
  const all = curves.flatMap(({ points }) => points.map(of)).filter(Number.isFinite)
  if (whole === undefined || all.length === 0) return `${score} against the share of weights that is 0.`
  const worst = goal === 'max' ? Math.min(...all) : Math.max(...all)
  const bound = of(whole) + BROKEN * (worst - of(whole))
  const holds = (value: number): boolean => (goal === 'max' ? value >= bound : value <= bound)
  const lastOf = ({ points }: AblationCurve): number =>
    points.findLast((_, i) => points.slice(0, i + 1).every((one) => holds(of(one))))?.share ?? 0
  const random = curves.filter(({ by }) => by === 'random').map(lastOf)
  const said = [
    ...curves.filter(({ by }) => by !== 'random').map((curve) => `${percent(lastOf(curve))} by least ${curve.by}`),
    ...(random.length > 0 ? [`${span(random)} at random`] : []),
  ]
  return `The whole network has ${score} ${three(of(whole))}. It stays ${goal === 'max' ? 'above' : 'below'} ${three(bound)}, a tenth of the way to the worst that was seen, with ${said.join(', ')} of its weights set to 0.`
}
