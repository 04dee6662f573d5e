import type { TopLevelSpec } from 'vega-lite'
import type { LayerDisplacement, PointDistances, WeightLoading } from '../../../inspect/index.ts'
import { type Figure, PALETTE, plotted, STYLE, titled } from '../../figure.ts'
import { seriesEncoding } from '../../series.ts'

const MEASURES = [
  { field: 'fromStart', title: 'from the start' },
  { field: 'fromEnd', title: 'from the end' },
  { field: 'path', title: 'path so far' },
] as const

/** How far the weights of each run are from where they began and where they ended, and how far they have gone, against the epoch. */
export function distancesFigure(distances: readonly PointDistances[], labels: readonly string[]): Figure {
  const rows = distances.map(({ run, ...rest }) => ({ label: labels[run] ?? '', ...rest }))
  const series = seriesEncoding(
    labels.map((name) => ({ name })),
    labels,
    4,
  )
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: 'Distances of the weights',
    data: { values: rows },
    hconcat: MEASURES.map(({ field, title }) => ({
      ...{ title, width: 210, height: 190 },
      mark: { type: 'line' as const, point: { size: 20 } },
      encoding: {
        x: {
          field: 'epoch',
          type: 'quantitative' as const,
          scale: { nice: false },
          axis: { title: 'epoch', tickCount: 5, grid: false },
        },
        y: { field, type: 'quantitative' as const, axis: { title: 'Euclidean distance', tickCount: 5 } },
        ...series,
      },
    })),
    config: STYLE,
  }
  const ends = rows.filter((row, i) => rows[i + 1]?.label !== row.label)
  const said = ends.map(
    ({ label, fromStart, path }) => `${label} ended ${three(fromStart)} from its start after a path of ${three(path)}`,
  )
  return plotted({ spec, rows, alt: `Distances in the space of all weights: ${said.join('; ')}.` })
}

/** Which layers the weights moved in: a layer's share of the squared distance from start to end, beside its share of the weights. */
export function displacementFigure(displacements: readonly LayerDisplacement[], labels: readonly string[]): Figure {
  const layers = [...new Set(displacements.map(({ layer }) => layer))]
  const runs = new Set(displacements.map(({ run }) => run)).size
  const total = displacements.reduce((sum, { size }) => sum + size, 0) / runs
  const rows = displacements.map(({ run, ...rest }) => ({
    ...{ label: labels[run] ?? '', ...rest },
    share: Number.isFinite(rest.share) ? rest.share : null,
    ofWeights: rest.size / total,
  }))
  const x = {
    type: 'quantitative' as const,
    axis: { title: 'share', format: '.0%', tickCount: 6 },
    scale: { domainMin: 0 },
  }
  const y = { field: 'layer', type: 'nominal' as const, sort: layers, axis: { title: 'layer', grid: false } }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Which layers moved', [
      'bar: share of the squared distance from start to end, mean over runs',
      'dots: each run; black mark: share of the weights',
    ]),
    data: { values: rows },
    width: 420,
    height: { step: 26 },
    layer: [
      {
        mark: { type: 'bar', color: PALETTE.sky, height: 15 },
        encoding: { y, x: { ...x, field: 'share', aggregate: 'mean' } },
      },
      {
        mark: { type: 'point', filled: true, size: 18, color: PALETTE.blue, opacity: 0.8 },
        encoding: { y, x: { ...x, field: 'share' } },
      },
      {
        mark: { type: 'tick', color: PALETTE.black, thickness: 2, size: 20 },
        encoding: { y, x: { ...x, field: 'ofWeights', aggregate: 'mean' } },
      },
    ],
    config: STYLE,
  }
  const means = layers
    .map((layer) => {
      const own = rows.filter((row) => row.layer === layer)
      const mean = (values: readonly (number | null)[]): number =>
        values.reduce<number>((sum, value) => sum + (value ?? 0), 0) / own.length
      return {
        layer,
        share: mean(own.map(({ share }) => share)),
        ofWeights: own[0]?.ofWeights ?? 0,
        perWeight: mean(own.map(({ perWeight }) => perWeight)),
      }
    })
    .sort((a, b) => b.share - a.share)
  const said = means.map(
    ({ layer, share, ofWeights, perWeight }) =>
      `${layer} ${percent(share)} (${percent(ofWeights)} of the weights, ${three(perWeight)} a weight)`,
  )
  return plotted({ spec, rows, alt: `Share of the squared distance from start to end, by layer: ${said.join(', ')}.` })
}

/** Weights with the largest loadings of each component. */
export function loadingsFigure(loadings: readonly WeightLoading[], of: string): Figure {
  const rows = loadings.map(({ component, parameter, index, loading }) => ({
    ...{ component, parameter, index: index.join(','), loading },
    weight: `${parameter}[${index.join(', ')}]`,
  }))
  const components = [...new Set(rows.map(({ component }) => component))]
  const most = Math.max(...rows.map(({ loading }) => Math.abs(loading)))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: `Weights with the largest loadings, ${of}`,
    hconcat: components.map((component) => ({
      ...{ title: `component ${component}`, width: 220, height: { step: 16 } },
      data: { values: rows.filter((row) => row.component === component) },
      mark: { type: 'bar' as const, color: PALETTE.blue },
      encoding: {
        x: {
          field: 'loading',
          type: 'quantitative' as const,
          scale: { domain: [-most, most] },
          axis: { title: 'loading', tickCount: 5 },
        },
        y: { field: 'weight', type: 'nominal' as const, sort: null, axis: { title: null, labelLimit: 220 } },
      },
    })),
    config: STYLE,
  }
  const said = components.map((component) => {
    const own = rows.filter((row) => row.component === component)
    const share = own.reduce((sum, { loading }) => sum + loading ** 2, 0)
    return `component ${component}: ${own[0]?.weight} first (${three(own[0]?.loading)}), the ${own.length} together ${percent(share)} of the direction`
  })
  return plotted({ spec, rows, alt: `Weights that matter most in the plane of ${of}: ${said.join('; ')}.` })
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
const three = (value = Number.NaN): string => String(Number(value.toPrecision(3)))
