import type { TopLevelSpec } from 'vega-lite'
import { type LandscapeFacts, type LossProfile, landscapeNotes, profileText } from '../../../inspect/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE, titled } from '../../figure.ts'
import { curveRows } from './curveRows.ts'
import { logTicks } from './logTicks.ts'
import { wrapped } from './wrapped.ts'

const COLORS = [PALETTE.blue, PALETTE.vermillion, PALETTE.green] as const
/** From this ratio of the largest to the smallest loss on, the axis is logarithmic. */
const WIDE = 20

/**
 * Loss and metrics along random directions from a network: a thin line a direction, their mean, and a band from the smallest to the largest.
 *
 * @example
 * await saveFigure('.', 'profile', lossProfileFigure(profile, facts))
 */
export function lossProfileFigure(profile: LossProfile, facts: LandscapeFacts): Figure {
  const { lines } = profile
  const curves = lines.map((line) => line.map(({ at: [x = 0], scores }) => ({ x, scores })))
  const splits = facts.splits.map(({ name }) => name)
  const means = curveRows(curves).filter(({ metric }) => !metric.startsWith('gap of '))
  const each = curves.flatMap((curve, direction) =>
    curveRows([curve])
      .filter(({ metric }) => !metric.startsWith('gap of '))
      .map(({ metric, split, x, value }) => ({ metric, split, direction, x, value })),
  )
  const panels = [...new Set(means.map(({ metric }) => metric))].map((metric) => {
    const own = means.filter((row) => row.metric === metric && row.value !== null)
    const values = own.flatMap(({ low, high }) => [low ?? 0, high ?? 0])
    const [least, most] = [Math.min(...values), Math.max(...values)]
    const isLog = metric === 'loss' && least > 0 && most / least > WIDE
    const x = {
      field: 'x',
      type: 'quantitative' as const,
      axis: { title: 'step (1: as long as the filters)', grid: false, tickCount: 7 },
      scale: { nice: false, zero: false },
    }
    const y = {
      field: 'value',
      type: 'quantitative' as const,
      axis: { title: metric, tickCount: 6, ...(isLog && { values: logTicks(least / 1.1, most * 1.1), format: '~g' }) },
      scale: isLog ? { type: 'log' as const, nice: false, domain: [least / 1.1, most * 1.1] } : { zero: false },
    }
    const color = {
      field: 'split',
      type: 'nominal' as const,
      scale: { domain: splits, range: COLORS.slice(0, splits.length) },
      legend: { title: null, orient: 'top' as const, symbolType: 'stroke' as const, symbolSize: 500, symbolOpacity: 1 },
    }
    return {
      width: 320,
      height: 210,
      data: { values: own.map((row) => ({ ...row })) },
      layer: [
        {
          mark: { type: 'area' as const, opacity: 0.15, clip: true },
          encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' }, color },
        },
        {
          data: { values: each.filter((row) => row.metric === metric && row.value !== null) },
          mark: { type: 'line' as const, strokeWidth: 0.7, opacity: 0.45, clip: true },
          encoding: { x, y, color, detail: { field: 'direction', type: 'nominal' as const } },
        },
        { mark: { type: 'line' as const, strokeWidth: 2.2, clip: true }, encoding: { x, y, color } },
        {
          data: { values: [{ x: 0 }] },
          mark: { type: 'rule' as const, color: INK.line, strokeDash: [3, 3] },
          encoding: { x },
        },
      ],
    }
  })
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(
      `Loss along ${lines.length} direction${lines.length === 1 ? '' : 's'} from ${facts.name}`,
      wrapped([...landscapeNotes(facts), 'thick: mean; thin: one a direction; band: smallest to largest']),
    ),
    vconcat: panels.flatMap((_, i) => (i % 2 === 0 ? [{ hconcat: panels.slice(i, i + 2) }] : [])),
    config: STYLE,
  }
  return plotted({ spec, rows: each, alt: splits.map((split) => profileText(profile, split)).join(' ') })
}
