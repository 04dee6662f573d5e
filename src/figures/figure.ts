import type { TopLevelSpec } from 'vega-lite'

/** One row of the numbers behind a figure. */
export type Row = Readonly<Record<string, string | number | boolean | null>>

/** A figure: its Vega-Lite specification, the numbers in it, and what it shows in words. */
export interface Figure {
  /** A complete specification, data included; renders in a terminal export, a notebook, a report and a page. */
  readonly spec: TopLevelSpec
  /** The numbers that the picture shows, saved beside it as CSV. */
  readonly rows: readonly Row[]
  /** For readers who cannot see the picture; made from the same numbers. */
  readonly alt: string
}

/**
 * Okabe and Ito's palette, distinguishable with every common colour blindness.
 * Source: https://jfly.uni-koeln.de/color/
 */
export const PALETTE = {
  blue: '#0072B2',
  vermillion: '#D55E00',
  green: '#009E73',
  purple: '#CC79A7',
  orange: '#E69F00',
  sky: '#56B4E9',
  black: '#000000',
} as const

/** Fonts that every system has, quiet lines, no frame: shared by all figures. */
export const STYLE = {
  font: 'Helvetica, Arial, sans-serif',
  background: 'white',
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: '#333',
    titleColor: '#333',
    gridColor: '#e6e6e6',
    domainColor: '#888',
    tickColor: '#888',
  },
  legend: { labelFontSize: 12, titleFontSize: 12, labelColor: '#333' },
  title: { fontSize: 13, fontWeight: 'bold', color: '#222', anchor: 'start' },
} as const
