import type { TopLevelSpec } from 'vega-lite'
import { liveliest, type Profile } from '../../inspect/index.ts'
import { describeLayer } from '../../nn/index.ts'
import { type Figure, INK, plotted, STYLE } from '../figure.ts'
import { seriesEncoding } from '../series.ts'
import { scaleFor } from './colourScale.ts'
import { type HeatAxis, heatMapSpec } from './heatMap.ts'
import { named, three } from './words.ts'

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
  return plotted({ spec, rows, alt: profileText(profile, x, axis) })
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
  return plotted({ spec, rows, alt })
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
