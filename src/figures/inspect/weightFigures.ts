import type { TopLevelSpec } from 'vega-lite'
import type { AblationCurve, WeightHistogram, WeightQuantiles, WeightStatistics } from '../../inspect/index.ts'
import { type Figure, INK, PALETTE, type Row, STYLE } from '../figure.ts'
import { seriesEncoding } from '../series.ts'

const three = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`

/** Panels side by side, by the name of the weight. */
const panels = (names: readonly string[]) => ({
  columns: 3,
  facet: {
    field: 'name',
    type: 'nominal' as const,
    sort: [...names],
    header: { title: null, labelFontSize: 12, labelFontWeight: 'bold' as const, labelAnchor: 'start' as const },
  },
})
const SIZE = { width: 200, height: 120 } as const
const OWN = { scale: { x: 'independent' as const, y: 'independent' as const } }

/** How the numbers of each weight are distributed in each snapshot, as outlines over each other. */
export function weightHistogramsFigure(histograms: readonly WeightHistogram[]): Figure {
  const rows = histograms.flatMap(({ name, low, high, series }) =>
    series.flatMap(({ label, counts }) => {
      const width = (high - low) / counts.length
      return counts.map((count, i) => ({ name, label, from: low + i * width, to: low + (i + 1) * width, count }))
    }),
  )
  const labels = histograms[0]?.series.map(({ label }) => label) ?? []
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `Weights, ${labels.join(' and ')}`,
    // Outlines end on the ground, so the last interval is closed.
    data: { values: closed(rows) },
    ...panels(histograms.map(({ name }) => name)),
    spec: {
      ...SIZE,
      mark: { type: 'line', interpolate: 'step-after' },
      encoding: {
        x: {
          field: 'from',
          type: 'quantitative',
          scale: { zero: false, nice: false },
          axis: { title: null, grid: false, tickCount: 4 },
        },
        y: { field: 'count', type: 'quantitative', axis: { title: 'numbers', tickCount: 3, format: '~s' } },
        ...seriesEncoding(
          labels.map((name) => ({ name })),
          labels,
          labels.length,
        ),
      },
    },
    resolve: OWN,
    config: STYLE,
  }
  return {
    spec,
    rows,
    alt: `Histograms of ${histograms.length} weights, ${labels.join(' and ')}${widened(histograms)}.`,
  }
}

/** Which weight's numbers spread most from the first snapshot to the last. */
function widened(histograms: readonly WeightHistogram[]): string {
  const ratios = histograms.flatMap(({ name, low, high, series }) => {
    const spreadOf = (counts: readonly number[] = []): number => {
      const at = (i: number): number => low + ((i + 0.5) * (high - low)) / counts.length
      const all = counts.reduce((sum, count) => sum + count, 0)
      const mean = counts.reduce((sum, count, i) => sum + count * at(i), 0) / all
      return Math.sqrt(counts.reduce((sum, count, i) => sum + count * (at(i) - mean) ** 2, 0) / all)
    }
    const [before, after] = [spreadOf(series[0]?.counts), spreadOf(series.at(-1)?.counts)]
    return before > 0 && series.length > 1 ? [{ name, ratio: after / before }] : []
  })
  const [most] = ratios.toSorted((a, b) => b.ratio - a.ratio)
  return most === undefined
    ? ''
    : `: those of ${most.name} spread most, to ${three(most.ratio)} times their first standard deviation`
}

function closed(rows: readonly (Row & { readonly from: number; readonly to: number })[]): Row[] {
  return rows.flatMap((row, i) => {
    const next = rows[i + 1]
    const isLast = next === undefined || next.name !== row.name || next.label !== row.label
    return isLast ? [row, { ...row, from: row.to, count: 0 }] : [row]
  })
}

/** Bands of the values of each weight over the epochs: all, nine tenths, the middle half, and the median. */
export function weightQuantilesFigure(quantiles: readonly WeightQuantiles[]): Figure {
  const rows = quantiles.map(({ name, label, epoch, values }) => {
    const [min = 0, q05 = 0, q25 = 0, median = 0, q75 = 0, q95 = 0, max = 0] = values
    return { name, label, epoch, min, q05, q25, median, q75, q95, max }
  })
  const x = {
    field: 'epoch',
    type: 'quantitative' as const,
    scale: { nice: false },
    axis: { title: 'epoch', tickMinStep: 1, tickCount: 5, grid: false },
  }
  const band = (low: string, high: string, opacity: number) => ({
    mark: { type: 'area' as const, color: PALETTE.blue, opacity },
    encoding: {
      x,
      y: { field: low, type: 'quantitative' as const, axis: { title: 'weight', tickCount: 4 } },
      y2: { field: high },
    },
  })
  const names = [...new Set(rows.map(({ name }) => name))]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'Weights over the epochs',
      subtitle: ['bands: all values, 90 % and 50 % of them; line: median'],
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
    data: { values: rows },
    ...panels(names),
    spec: {
      ...SIZE,
      layer: [
        band('min', 'max', 0.15),
        band('q05', 'q95', 0.25),
        band('q25', 'q75', 0.4),
        {
          mark: { type: 'line', color: PALETTE.black, strokeWidth: 1.5 },
          encoding: { x, y: { field: 'median', type: 'quantitative' } },
        },
      ],
    },
    resolve: OWN,
    config: STYLE,
  }
  const widest = names
    .map((name) => {
      const own = rows.filter((row) => row.name === name)
      const [first, last] = [own[0], own.at(-1)]
      return { name, ratio: first && last ? (last.q95 - last.q05) / Math.max(first.q95 - first.q05, 1e-30) : 1 }
    })
    .toSorted((a, b) => b.ratio - a.ratio)[0]
  const epochs = new Set(rows.map(({ epoch }) => epoch)).size
  const alt = `Values of ${names.length} weights at ${epochs} times: those of ${widest?.name} spread most, to ${three(widest?.ratio ?? 1)} times their first width (90 % of them).`
  return { spec, rows, alt }
}

/** Norms of all weights in every snapshot, and all other numbers of them in the rows. */
export function weightNormsFigure(statistics: readonly WeightStatistics[]): Figure {
  const rows = statistics.map(({ spectrum, shape, deadUnits, epoch, ...rest }) => ({
    ...rest,
    ...(epoch !== undefined && { epoch }),
    shape: shape.join('×'),
    rms: rest.norm / Math.sqrt(rest.count),
    deadUnits: deadUnits ?? null,
    spectralNorm: spectrum?.spectralNorm ?? null,
    stableRank: spectrum?.stableRank ?? null,
    rank: spectrum?.rank ?? null,
  }))
  const labels = [...new Set(rows.map(({ label }) => label))]
  const names = [...new Set(rows.map(({ name }) => name))]
  const colors = [PALETTE.sky, PALETTE.vermillion, PALETTE.black, PALETTE.green, PALETTE.purple]
  const shapes = ['circle', 'square', 'diamond', 'triangle-up', 'cross']
  const channel = { field: 'label', type: 'nominal' as const, sort: labels }
  const legend = { title: null, orient: 'bottom' as const }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Size of the weights: root mean square',
    data: { values: rows.filter(({ rms }) => rms > 0) },
    width: 360,
    height: { step: 20 },
    mark: { type: 'point', filled: true, size: 60, opacity: 0.9 },
    encoding: {
      x: {
        field: 'rms',
        type: 'quantitative',
        scale: { type: 'log', nice: false, padding: 12 },
        axis: { title: 'root mean square (logarithmic)', tickCount: 6, format: '~g' },
      },
      y: { field: 'name', type: 'nominal', sort: names, axis: { title: null, grid: true, labelLimit: 240 } },
      ...(labels.length <= colors.length
        ? {
            color: { ...channel, scale: { domain: labels, range: colors.slice(0, labels.length) }, legend },
            shape: { ...channel, scale: { domain: labels, range: shapes.slice(0, labels.length) }, legend },
          }
        : {}),
    },
    config: STYLE,
  }
  const [first, last] = [labels[0] ?? '', labels.at(-1) ?? '']
  const at = (name: string, label: string) => rows.find((row) => row.name === name && row.label === label)
  const grown = names
    .flatMap((name) => {
      const [before, after] = [at(name, first)?.norm ?? 0, at(name, last)?.norm ?? 0]
      return before > 0 ? [{ name, ratio: after / before }] : []
    })
    .toSorted((a, b) => b.ratio - a.ratio)
  const [most] = grown
  const dead = rows.filter(({ label, deadUnits }) => label === last && (deadUnits ?? 0) > 0)
  const sparse = rows.filter(({ label, zeros }) => label === last && zeros > 0.01)
  const alt = `Norms of ${names.length} weights${labels.length > 1 && most !== undefined ? ` from ${first} to ${last}: ${most.name} grew most, ${three(most.ratio)} times` : ''}. ${dead.length === 0 ? 'No unit has next to no weights' : `Units with next to no weights: ${dead.map(({ name, deadUnits }) => `${deadUnits} in ${name}`).join(', ')}`}${sparse.length === 0 ? '' : `; exact zeros: ${sparse.map(({ name, zeros }) => `${percent(zeros)} of ${name}`).join(', ')}`}.`
  return { spec, rows, alt }
}

/** Singular values of each weight in each snapshot, against their place. */
export function spectraFigure(statistics: readonly WeightStatistics[]): Figure | undefined {
  const there = statistics.flatMap(({ name, label, spectrum }) => (spectrum ? [{ name, label, spectrum }] : []))
  if (there.length === 0) return undefined
  const rows = there.flatMap(({ name, label, spectrum: { singularValues, stableRank, spectralNorm } }) =>
    Array.from(singularValues, (value, i) => ({
      name,
      label,
      place: i + 1,
      singularValue: value,
      stableRank,
      spectralNorm,
    })),
  )
  const names = [...new Set(there.map(({ name }) => name))]
  const labels = [...new Set(there.map(({ label }) => label))]
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: 'Singular values of the weights',
      subtitle: ['convolutions as matrices [out, in · kernel]'],
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
    data: { values: rows },
    ...panels(names),
    spec: {
      ...SIZE,
      mark: { type: 'line', point: { size: 14 } },
      encoding: {
        x: {
          field: 'place',
          type: 'quantitative',
          axis: { title: 'place', tickMinStep: 1, tickCount: 5, grid: false },
        },
        y: { field: 'singularValue', type: 'quantitative', axis: { title: 'singular value', tickCount: 4 } },
        ...seriesEncoding(
          labels.map((name) => ({ name })),
          labels,
          labels.length,
        ),
      },
    },
    resolve: OWN,
    config: STYLE,
  }
  const last = labels.at(-1)
  const said = there
    .filter(({ label }) => label === last)
    .map(
      ({ name, spectrum }) =>
        `${name} ${three(spectrum.stableRank)} of ${spectrum.singularValues.length} (largest singular value ${three(spectrum.spectralNorm)})`,
    )
  return { spec, rows, alt: `Stable rank of the weights, ${last}: ${said.join(', ')}.` }
}

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
    title: {
      text: `What is left without the least important weights: ${score}`,
      subtitle: ['nothing is trained again; band: from the worst to the best of the random orders'],
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
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
  return { spec, rows, alt: ablationText(curves, of, score, goal) }
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
