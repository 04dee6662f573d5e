import type { TopLevelSpec } from 'vega-lite'
import type { Sanity } from '../../inspect/index.ts'
import { type Figure, INK, plotted, STYLE, titled } from '../figure.ts'
import { seriesEncoding } from '../series.ts'

const MEASURES = [
  { field: 'rankCorrelation', title: 'rank correlation' },
  { field: 'magnitudeCorrelation', title: 'rank correlation of magnitudes' },
  { field: 'ssim', title: 'structural similarity' },
] as const

/**
 * How alike maps stay to those of the trained network while its weights are drawn anew from the output down: a panel a measure, a line a method.
 *
 * @example
 * sanityCurves(await sanityCheck(network, question, options))
 */
export function sanityCurves({ steps }: Pick<Sanity, 'steps'>): Figure {
  const methods = [...new Set(steps.map(({ method }) => method))]
  const layers = [...new Set(steps.map(({ layer }) => layer))]
  const order = ['none', ...layers]
  const measures = MEASURES.filter(({ field }) => steps.some((step) => step[field] !== undefined))
  const rows = steps.map((step) => ({ ...step, ssim: step.ssim ?? null }))
  const values = measures.flatMap(({ field, title }) => [
    ...methods.map((method) => ({ label: method, layer: 'none', measure: title, value: 1 })),
    ...steps.map((step) => ({ label: step.method, layer: step.layer, measure: title, value: step[field] ?? null })),
  ])
  const encoding = seriesEncoding(
    methods.map((name) => ({ name })),
    methods,
    3,
  )
  const spec: TopLevelSpec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: titled('Do the maps depend on the weights?', [
      'likeness to the trained network’s maps when layers are drawn anew, the output first',
      'a method that ends above the dashed line shows the sample more than the network',
    ]),
    data: { values },
    facet: {
      column: {
        field: 'measure',
        sort: measures.map(({ title }) => title),
        header: { title: null, labelFontSize: 12 },
      },
    },
    spec: {
      width: 230,
      height: 220,
      layer: [
        {
          mark: { type: 'line', point: { size: 28 } },
          encoding: {
            x: {
              field: 'layer',
              type: 'ordinal',
              sort: order,
              axis: { title: 'drawn anew down to', labelAngle: -40, grid: false },
            },
            y: {
              field: 'value',
              type: 'quantitative',
              axis: { title: 'likeness (mean over samples)', tickCount: 6 },
              scale: { domainMin: Math.min(-0.2, ...values.map(({ value }) => value ?? 0)), domainMax: 1 },
            },
            ...encoding,
          },
        },
        { mark: { type: 'rule', strokeDash: [4, 3], color: INK.line }, encoding: { y: { datum: 0.5 } } },
        { mark: { type: 'rule', color: INK.line }, encoding: { y: { datum: 0 } } },
      ],
    },
    config: STYLE,
  }
  return plotted({
    spec,
    rows,
    alt: `Likeness of the maps of ${methods.join(', ')} to those of the trained network while ${layers.length} layers are drawn anew.`,
  })
}
