import { sequential } from '../featureMaps.ts'
import { diverging } from '../filterGrid.ts'
import type { Rgb } from '../raster.ts'

/**
 * How numbers become colours. Diverging: from −largest (blue) over 0 (white) to largest (orange). Sequential: from 0 (white) to largest
 * (dark brown), for numbers that are never negative.
 */
export interface ColourScale {
  readonly kind: 'diverging' | 'sequential'
  readonly largest: number
  /** Of the legend. */
  readonly title: string
}

/** The scale that values need: diverging where one is below 0. Values that are no finite number have none. */
export function scaleFor(values: Iterable<number>, title: string): ColourScale {
  let [low, largest] = [0, 0]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    largest = Math.max(largest, Math.abs(value))
  }
  return { kind: low < 0 ? 'diverging' : 'sequential', largest, title }
}

/** The colour of a value; grey where there is none. */
export function colourOf({ kind, largest }: ColourScale, value: number): Rgb {
  if (!Number.isFinite(value)) return [190, 190, 190]
  const share = largest > 0 ? value / largest : 0
  return kind === 'diverging' ? diverging(share) : sequential(share)
}

const STOPS = { diverging: [-1, -0.5, 0, 0.5, 1], sequential: [0, 1 / 3, 2 / 3, 1] } as const

/** A Vega-Lite layer with nothing but the scale's legend. */
export const legendLayer = (scale: ColourScale, length = 140) => ({
  data: { values: [{ weight: 0 }] },
  mark: { type: 'point' as const, opacity: 0 },
  encoding: {
    color: {
      field: 'weight',
      type: 'quantitative' as const,
      scale: {
        domain: STOPS[scale.kind].map((share) => share * (scale.largest || 1)),
        range: STOPS[scale.kind].map((share) => `rgb(${colourOf({ ...scale, largest: 1 }, share).join()})`),
        interpolate: 'rgb' as const,
      },
      legend: { title: scale.title, orient: 'right' as const, gradientLength: length, tickCount: 5, titleLimit: 220 },
    },
  },
})
