import type { Axis } from '../../search/index.ts'
import { levelAt, levelsOf, unitOf } from '../../search/space/index.ts'

type Leaf = Axis['parameter']

/** More levels than this get a tick each only every so many. */
const MOST_TICKS = 8
const MOST_LETTERS = 16

/** A number as short as it can be read: `1e-4`, `0.25`, `512`. */
export function shortNumber(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 0.01 || size >= 1e5)) return value.toExponential(2).replace(/\.?0*e\+?/, 'e')
  return String(Number(value.toPrecision(4)))
}

/** A value of a point as it is written beside an axis: values of choices as JSON, texts without quotes. */
export function valueText(parameter: Leaf, at: number): string {
  if (parameter.kind !== 'choice') return shortNumber(at)
  const value = parameter.values[at]
  const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text
}

/** Places in the unit interval, and what is written there. */
export interface Tick {
  readonly at: number
  readonly text: string
}

/** Ticks of a parameter's axis, which goes from 0 to 1. */
export function ticksOf(parameter: Leaf): readonly Tick[] {
  return tickValues(parameter).map((value) => ({ at: unitOf(parameter, value), text: valueText(parameter, value) }))
}

function tickValues(parameter: Leaf): readonly number[] {
  const levels = levelsOf(parameter)
  if (parameter.kind === 'choice') return Array.from({ length: parameter.values.length }, (_, k) => k)
  const { low, high, log } = parameter
  if (levels !== undefined && !log) {
    const stride = Math.ceil(levels / MOST_TICKS)
    return Array.from({ length: Math.ceil(levels / stride) }, (_, k) => levelAt(parameter, k * stride))
  }
  return log ? logTicks(low, high) : linearTicks(low, high)
}

function linearTicks(low: number, high: number): number[] {
  const rough = (high - low) / 5
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** Powers of ten; where there are few, of two; where there are few of them too, the ends. */
function logTicks(low: number, high: number): number[] {
  for (const base of [10, 2]) {
    const [first, last] = [
      Math.ceil(Math.log(low) / Math.log(base) - 1e-9),
      Math.floor(Math.log(high) / Math.log(base) + 1e-9),
    ]
    const count = last - first + 1
    if (count < 3) continue
    const stride = Math.ceil(count / MOST_TICKS)
    return Array.from({ length: Math.ceil(count / stride) }, (_, i) =>
      Number((base ** (first + i * stride)).toPrecision(12)),
    )
  }
  return [low, high]
}

/**
 * A Vega-Lite axis of a parameter over its unit interval.
 *
 * @param length - in pixels
 */
export function unitAxis({ path, parameter }: Axis, length: number) {
  const ticks = ticksOf(parameter)
  const [places, texts] = [ticks.map(({ at }) => at), ticks.map(({ text }) => text)]
  return {
    title: path,
    values: places,
    labelExpr: `${JSON.stringify(texts)}[indexof(${JSON.stringify(places)}, datum.value)]`,
    // The words of a choice are cut, where numbers may be left out.
    ...(parameter.kind === 'choice'
      ? { labelOverlap: false, labelLimit: length / ticks.length - 2 }
      : { labelOverlap: true }),
    grid: false,
  }
}
