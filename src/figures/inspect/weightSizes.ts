import type { TopLevelSpec } from 'vega-lite'
import type { WeightStatistics } from '../../inspect/index.ts'
import { type Figure, PALETTE, plotted, STYLE, titled } from '../figure.ts'
import { seriesEncoding } from '../series.ts'
import { OWN, panels, SIZE } from './weightPanels.ts'
import { percent, three } from './words.ts'

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
  return plotted({ spec, rows, alt })
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
    title: titled('Singular values of the weights', ['convolutions as matrices [out, in · kernel]']),
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
  return plotted({ spec, rows, alt: `Stable rank of the weights, ${last}: ${said.join(', ')}.` })
}
