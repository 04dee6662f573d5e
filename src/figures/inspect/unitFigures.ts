import type { TopLevelSpec } from 'vega-lite'
import type { LayerActivity, UnitState } from '../../inspect/index.ts'
import { describeLayer } from '../../nn/index.ts'
import { type Figure, PALETTE, plotted, STYLE, titled } from '../figure.ts'
import { histogramsFigure } from '../histograms.ts'
import { scaleFor } from './colourScale.ts'
import { heatMapSpec } from './heatMap.ts'
import { named, percent, three } from './words.ts'

const STATES: readonly { readonly state: UnitState; readonly color: string }[] = [
  { state: 'alive', color: PALETTE.sky },
  { state: 'saturated', color: PALETTE.orange },
  { state: 'constant', color: PALETTE.purple },
  { state: 'dead', color: PALETTE.black },
]

/**
 * How many units of each layer are alive, saturated, constant or dead over a split.
 *
 * @param name of the samples
 */
export function unitStatesFigure(layers: readonly LayerActivity[], name: string): Figure {
  const rows = layers.flatMap(({ path, layer, units }) =>
    units.map(({ unit, mean, sd, min, max, active, saturated, state }) => ({
      ...{ layer: named(path), kind: layer.kind, unit, state, mean, sd, min, max, active },
      saturated: saturated ?? null,
    })),
  )
  const labels = layers.map(({ path, layer, units }) => `${named(path)}  ${layer.kind}, ${units.length}`)
  const bars = layers.flatMap(({ units }, l) =>
    STATES.map(({ state }, order) => ({
      label: labels[l],
      ...{ state, order, share: units.filter((unit) => unit.state === state).length / units.length },
    })),
  )
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(`Units over ${name}`, [
      'dead: a ReLU that never answers; constant: always the same number',
      'saturated: at least 95 % of its values within 1 % of a bound of tanh or sigmoid',
    ]),
    data: { values: bars },
    width: 360,
    height: { step: 22 },
    mark: { type: 'bar', height: { band: 0.75 } },
    encoding: {
      x: { field: 'share', type: 'quantitative', axis: { title: 'share of the units', format: '.0%', tickCount: 5 } },
      y: {
        field: 'label',
        type: 'nominal',
        sort: labels,
        axis: { title: null, ticks: false, domain: false, labelLimit: 260 },
      },
      color: {
        field: 'state',
        type: 'nominal',
        scale: { domain: STATES.map(({ state }) => state), range: STATES.map(({ color }) => color) },
        legend: { title: null, orient: 'bottom' },
      },
      order: { field: 'order', type: 'quantitative' },
    },
    config: STYLE,
  }
  const said = layers.flatMap(({ path, units }) => {
    const counts = STATES.slice(1).flatMap(({ state }) => {
      const count = units.filter((unit) => unit.state === state).length
      return count === 0 ? [] : [`${count} ${state}`]
    })
    return counts.length === 0 ? [] : [`${named(path)} has ${counts.join(' and ')} of ${units.length}`]
  })
  const all = layers.reduce((sum, { units }) => sum + units.length, 0)
  const alt = `Over ${name}, ${said.length === 0 ? `all ${all} units of ${layers.length} layers are alive` : said.join('; ')}.`
  return plotted({ spec, rows, alt })
}

/** How the values of each layer are distributed over a split; exact zeros are told in words, for they would hide the rest. */
export function activationHistograms(layers: readonly LayerActivity[], name: string): Figure {
  const panels = layers.map(({ path, layer, histogram, zeros }) => ({
    name: `${named(path)} ${layer.kind}${zeros > 0 ? `, ${percent(zeros)} zeros` : ''}`,
    ...histogram,
  }))
  const figure = histogramsFigure(panels, {
    title: `Activations over ${name}`,
    unit: 'values',
    ...(layers.length === 1 && { axis: 'activation' }),
  })
  return plotted({ ...figure, alt: `Activations over ${name}. ${figure.alt}` })
}

/**
 * Mean activation of each unit for each class.
 *
 * @param classes by name
 */
export async function classMeansFigure(
  { path, layer, units, classMeans = new Float64Array() }: LayerActivity,
  classes: readonly string[],
): Promise<Figure> {
  const spec = await heatMapSpec(
    { title: 'class', names: classes },
    { title: 'unit', names: units.map(({ unit }) => String(unit)) },
    classMeans,
    {
      title: `${named(path)}, ${describeLayer(layer)}: mean activation by class`,
      scale: scaleFor(classMeans, 'mean activation'),
    },
  )
  const rows = Array.from(classMeans, (mean, i) => ({
    layer: named(path),
    class: classes[Math.floor(i / units.length)] ?? '',
    unit: units[i % units.length]?.unit ?? 0,
    mean: Number.isFinite(mean) ? mean : null,
  }))
  // A unit that tells classes apart has means that differ by more than it spreads.
  const told = units.map(({ unit, sd }) => {
    const means = classes.flatMap((_, c) => {
      const mean = classMeans[c * units.length + unit] ?? Number.NaN
      return Number.isFinite(mean) ? [mean] : []
    })
    const most = Math.max(...means)
    const apart = sd > 0 ? (most - Math.min(...means)) / sd : 0
    return {
      unit,
      apart,
      best: classes[[...classes.keys()].find((c) => classMeans[c * units.length + unit] === most) ?? 0],
    }
  })
  const [first] = told.toSorted((a, b) => b.apart - a.apart)
  const alt = `Mean activation of ${units.length} units of ${named(path)} for ${classes.length} classes. Unit ${first?.unit} tells classes apart best: its class means lie up to ${three(first?.apart ?? 0)} standard deviations apart, highest for ${first?.best}.`
  return plotted({ spec, rows, alt })
}
