import type { TopLevelSpec } from 'vega-lite'
import { UsageError } from '../../errors.ts'
import { type Figure, INK, PALETTE, plotted, STYLE, titled } from '../figure.ts'

/** A signal, or a long vector, and what several methods say of each of its places. */
export interface ExplainedSignal {
  /** Which sample, in a line. */
  readonly name: string
  /** `[length]`; of several channels their mean. */
  readonly signal: Float32Array
  readonly maps: readonly { readonly name: string; readonly values: Float32Array }[]
}

/** Bars that can be told apart in a panel. */
const MOST_BARS = 160
const WIDTH = 190

/**
 * Explanations of signals: a row a sample, a column a method. Bars are what a method says of each place, orange for what speaks for the output and
 * blue for what speaks against it, in parts of the largest; the line is the signal, in parts of its own largest magnitude.
 *
 * @throws UsageError where there is no sample
 *
 * @example
 * saliencySignals('What speaks for the class', [{ name: 'test 0', signal, maps: [{ name: 'gradient', values }] }])
 */
export function saliencySignals(title: string, samples: readonly ExplainedSignal[]): Figure {
  const [first] = samples
  if (first === undefined) throw new UsageError('there is no sample to explain: choose at least one')
  const methods = first.maps.map(({ name }) => name)
  const rows = samples.flatMap(({ name, signal, maps }) => {
    const wide = Math.ceil(signal.length / MOST_BARS)
    const line = parts(signal)
    return maps.flatMap(({ name: method, values }) => {
      const map = parts(values)
      return Array.from({ length: Math.ceil(signal.length / wide) }, (_, i) => {
        const [begin, end] = [i * wide, Math.min(signal.length, (i + 1) * wide)]
        return {
          sample: name,
          method,
          place: (begin + end - 1) / 2,
          begin: begin - 0.5,
          end: end - 0.5,
          signal: mean(line, begin, end),
          attribution: mean(map, begin, end),
          value: mean(values, begin, end),
        }
      })
    })
  })
  const x = {
    field: 'place',
    type: 'quantitative' as const,
    axis: { title: 'place', grid: false },
    scale: { nice: false },
  }
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled(title, [
      'bars: what speaks for it (orange) and against it (blue), in parts of the largest; line: the signal',
    ]),
    data: { values: rows },
    facet: {
      row: {
        field: 'sample',
        sort: samples.map(({ name }) => name),
        header: {
          title: null,
          labelAngle: 0,
          labelAlign: 'left',
          labelLimit: 0,
          labelFontSize: 12,
          labelExpr: "split(datum.value, ' · ')",
        },
      },
      column: { field: 'method', sort: methods, header: { title: null, labelFontSize: 12 } },
    },
    spacing: 14,
    spec: {
      width: WIDTH,
      height: 110,
      layer: [
        {
          mark: { type: 'rect', clip: true },
          encoding: {
            x: { ...x, field: 'begin' },
            x2: { field: 'end' },
            y: {
              field: 'attribution',
              type: 'quantitative',
              axis: { title: 'parts of the largest', values: [-1, 0, 1] },
              scale: { domain: [-1, 1] },
            },
            y2: { datum: 0 },
            color: {
              condition: { test: 'datum.attribution >= 0', value: PALETTE.orange },
              value: PALETTE.blue,
            },
          },
        },
        { mark: { type: 'rule', color: INK.line }, encoding: { y: { datum: 0 } } },
        {
          mark: { type: 'line', color: PALETTE.black, strokeWidth: 1 },
          encoding: { x, y: { field: 'signal', type: 'quantitative' } },
        },
      ],
    },
    config: STYLE,
  }
  return plotted({ spec, rows, alt: `${samples.length} signals with what ${methods.join(', ')} say of each place.` })
}

const mean = (values: Float32Array, begin: number, end: number): number => {
  let sum = 0
  for (let i = begin; i < end; i++) sum += values[i] ?? 0
  return sum / (end - begin)
}

/** In parts of the largest magnitude. */
function parts(values: Float32Array): Float32Array {
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  return largest > 0 ? values.map((value) => value / largest) : values
}
