import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../../errors.ts'
import { type InterpolationStudy, studyNotes } from '../../../inspect/index.ts'
import { type Figure, INK, PALETTE, plotted, STYLE } from '../../figure.ts'
import { logTicks } from './logTicks.ts'
import { wrapped } from './wrapped.ts'

/**
 * The loss while one layer alone moves from A to B, a line of cells a layer: which layers may take the other network's weights, and which
 * may not. Means over the pairs.
 *
 * @throws UsageError where no layer was moved alone
 */
export function layerInterpolationMap(study: InterpolationStudy): Figure {
  const split = study.splits.some(({ name }) => name === 'test') ? 'test' : (study.splits[0]?.name ?? 'train')
  const layers = (study.pairs[0]?.lines ?? []).flatMap(({ layer }) => (layer === undefined ? [] : [layer]))
  if (layers.length === 0) throw new UsageError('no layer was moved alone: ask for some by --layers')
  const rows = layers.flatMap((layer) => {
    const lines = study.pairs.flatMap((pair) => pair.lines.filter((line) => line.layer === layer))
    return (lines[0]?.points ?? []).map(({ alpha }, i) => {
      const losses = lines.map(({ points }) => points[i]?.scores[split]?.loss ?? Number.NaN)
      const loss = losses.reduce((sum, value) => sum + value, 0) / losses.length
      return { layer, alpha, loss: Number.isFinite(loss) ? loss : null }
    })
  })
  const alphas = [...new Set(rows.map(({ alpha }) => alpha))]
  const losses = rows.flatMap(({ loss }) => (loss === null ? [] : [loss]))
  const [least, most] = [Math.min(...losses), Math.max(...losses)]
  const isLog = least > 0 && most / least > 3
  const edges = alphas.map((alpha, i) => {
    const [before = alpha, after = alpha] = [alphas[i - 1], alphas[i + 1]]
    return { alpha, from: (alpha + before) / 2, to: (alpha + after) / 2 }
  })
  const cells = rows.map((row) => ({ ...row, ...edges.find(({ alpha }) => alpha === row.alpha) }))
  const x = { type: 'quantitative' as const, scale: { nice: false, zero: false }, axis: { title: 'α', grid: false } }
  const y = {
    field: 'layer',
    type: 'nominal' as const,
    sort: layers,
    axis: { title: 'layer that moves', labelLimit: 180, ticks: false, domain: false },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: wrapped([`One layer alone from ${study.a} (α = 0) to ${study.b} (α = 1): ${split} loss`]),
      subtitle: wrapped(studyNotes(study)),
      subtitleColor: study.statistics === 'interpolated' ? PALETTE.vermillion : INK.text,
      subtitleFontSize: 11,
    },
    data: { values: cells },
    width: 420,
    height: { step: 20 },
    layer: [
      {
        mark: { type: 'rect' },
        encoding: {
          x: { ...x, field: 'from' },
          x2: { field: 'to' },
          y,
          color: {
            field: 'loss',
            type: 'quantitative',
            scale: {
              scheme: 'viridis',
              reverse: true,
              type: isLog ? 'log' : 'linear',
              domain: [least, most],
            },
            legend: {
              title: [`${split} loss`, '(brighter: better)'],
              gradientLength: Math.min(160, Math.max(80, 20 * layers.length)),
              ...(isLog && { values: logTicks(least, most) }),
              format: '~g',
            },
          },
        },
      },
      ...[0, 1].map((at) => ({
        data: { values: [{ at }] },
        mark: { type: 'rule' as const, color: 'white', strokeDash: [3, 3], strokeWidth: 1.5 },
        encoding: { x: { ...x, field: 'at' } },
      })),
    ],
    config: STYLE,
  }
  return plotted({ spec, rows, alt: layerText(rows, split) })
}

/** Which layer's weights cannot be exchanged. */
function layerText(
  rows: readonly { readonly layer: string; readonly alpha: number; readonly loss: number | null }[],
  split: string,
): string {
  const atB = rows
    .filter(({ alpha, loss }) => alpha === 1 && loss !== null)
    .sort((one, other) => (other.loss ?? 0) - (one.loss ?? 0))
  const [worst] = atB
  const mildest = atB.at(-1)
  const atA = rows.find(({ alpha }) => alpha === 0)?.loss
  if (worst === undefined || mildest === undefined || typeof atA !== 'number')
    return 'With one layer of B in A the loss is no finite number.'
  const short = (value: number | null): string => String(Number((value ?? Number.NaN).toPrecision(3)))
  return `With the weights of B in one layer of A, the ${split} loss of ${short(atA)} becomes ${short(worst.loss)} at worst (${worst.layer}) and ${short(mildest.loss)} at best (${mildest.layer}).`
}
