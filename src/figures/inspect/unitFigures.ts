import type { TopLevelSpec } from 'vega-lite'
import { type LayerActivity, liveliest, type Profile, type UnitState } from '../../inspect/index.ts'
import { describeLayer } from '../../nn/index.ts'
import { type Figure, INK, PALETTE, STYLE } from '../figure.ts'
import { histogramsFigure } from '../histograms.ts'
import { seriesEncoding } from '../series.ts'
import { scaleFor } from './colourScale.ts'
import { type HeatAxis, heatMapSpec } from './heatMap.ts'

const three = (value: number): string => String(Number(value.toPrecision(3)))
const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`
const named = (path: string): string => (path === '' ? 'the model' : path)

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
    title: {
      text: `Units over ${name}`,
      subtitle: [
        'dead: a ReLU that never answers; constant: always the same number',
        'saturated: at least 95 % of its values within 1 % of a bound of tanh or sigmoid',
      ],
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
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
  return { spec, rows, alt }
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
  return { ...figure, alt: `Activations over ${name}. ${figure.alt}` }
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
  return { spec, rows, alt }
}

/** Lines in one picture: more cannot be told apart. */
const LINES = 8

/**
 * What units put out against the one number that goes in: chosen units as lines, as they are.
 *
 * @param x the inputs of the profile, in the data's own units
 * @param wanted units; default the eight that vary most
 */
export function profileLines(profile: Profile, x: Float32Array, wanted?: readonly number[], axis = 'x'): Figure {
  const { path, layer, units, data } = profile
  const shown = wanted ?? liveliest(profile, LINES).sort((a, b) => a - b)
  const rows = Array.from(x, (value, i) =>
    Array.from({ length: units }, (_, unit) => ({
      layer: named(path),
      unit,
      x: value,
      activation: data[i * units + unit] ?? 0,
    })),
  ).flat()
  const labels = shown.map((unit) => `unit ${unit}`)
  const drawn = rows.filter(({ unit }) => shown.includes(unit)).map((row) => ({ ...row, label: `unit ${row.unit}` }))
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: {
      text: `${named(path)}, ${describeLayer(layer)}: activation against ${axis}`,
      ...(shown.length < units && {
        subtitle: [`${shown.length} of ${units} units${wanted === undefined ? ', those that vary most' : ''}`],
      }),
      subtitleColor: INK.text,
      subtitleFontSize: 11,
    },
    data: { values: drawn },
    width: 460,
    height: 240,
    layer: [
      { mark: { type: 'rule', color: INK.line }, encoding: { y: { datum: 0 } } },
      {
        mark: { type: 'line' },
        encoding: {
          x: {
            field: 'x',
            type: 'quantitative',
            scale: { zero: false, nice: false },
            axis: { title: `${axis}, as it is stored`, grid: false },
          },
          y: { field: 'activation', type: 'quantitative', axis: { title: 'activation' } },
          ...seriesEncoding(
            labels.map((name) => ({ name })),
            labels,
            4,
          ),
        },
      },
    ],
    config: STYLE,
  }
  return { spec, rows, alt: profileText(profile, x, axis) }
}

/** The same of all units, a row each. */
export async function profileMap(profile: Profile, inputs: HeatAxis): Promise<Figure> {
  const { path, layer, units, data } = profile
  const count = data.length / units
  const turned = Float32Array.from(
    { length: data.length },
    (_, i) => data[(i % count) * units + Math.floor(i / count)] ?? 0,
  )
  const spec = await heatMapSpec(
    { title: 'unit', names: Array.from({ length: units }, (_, u) => String(u)) },
    inputs,
    turned,
    {
      title: `${named(path)}, ${describeLayer(layer)}: activation of every unit`,
      subtitle: profile.output.length > 1 ? ['mean over the places of each channel'] : [],
      scale: scaleFor(turned, 'activation'),
    },
  )
  const rows = Array.from(data, (activation, i) => ({
    layer: named(path),
    ...('names' in inputs
      ? { input: inputs.names[Math.floor(i / units)] ?? '' }
      : { x: inputs.range[0] + ((inputs.range[1] - inputs.range[0]) * Math.floor(i / units)) / (count - 1) }),
    unit: i % units,
    activation,
  }))
  const [first = 0] = liveliest(profile, 1)
  const [low, high] = data.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Infinity,
    -Infinity,
  ] as [number, number])
  const alt = `Activations of ${units} units of ${named(path)} for ${count} inputs, from ${three(low)} to ${three(high)}; unit ${first} varies most.`
  return { spec, rows, alt }
}

/** What profiles say: how many units bend where. */
function profileText({ path, layer, units, data }: Profile, x: Float32Array, axis: string): string {
  const count = x.length
  const of = (unit: number): number[] => Array.from({ length: count }, (_, i) => data[i * units + unit] ?? 0)
  const flat = Array.from({ length: units }, (_, unit) => of(unit)).filter((values) =>
    values.every((v) => v === values[0]),
  )
  const turns = Array.from({ length: units }, (_, unit) => turnsOf(of(unit)))
  const most = Math.max(...turns)
  return `Activation of ${units} units of ${named(path)} (${layer.kind}) against ${axis} from ${three(x[0] ?? 0)} to ${three(x[count - 1] ?? 0)}: ${most === 0 ? 'each only rises or only falls' : `they turn up to ${most} time${most === 1 ? '' : 's'} (unit ${turns.indexOf(most)})`}${flat.length > 0 ? `; ${flat.length} ${flat.length === 1 ? 'is' : 'are'} the same everywhere` : ''}.`
}

/** Turns smaller than this share of the range are noise, as of a tanh at its bound. */
const TURN = 0.01

/** How often a curve turns from rising to falling or back. */
function turnsOf(values: readonly number[]): number {
  const least = TURN * (Math.max(...values) - Math.min(...values))
  let [turns, direction, extreme] = [0, 0, values[0] ?? 0]
  for (const value of values) {
    if (direction === 0 ? Math.abs(value - extreme) > least : direction * (extreme - value) > least) {
      if (direction !== 0) turns++
      direction = Math.sign(value - extreme)
      extreme = value
    } else if (direction * (value - extreme) > 0) extreme = value
  }
  return turns
}
