import type { TopLevelSpec } from 'vega-lite'
import { ResultKind } from '../display.ts'

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

export const figureKind = new ResultKind<Figure>()

/** A figure that shows itself in notebooks: every function that makes one ends with this. */
export const plotted = (figure: Figure): Figure => figureKind.mark(figure)

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

/** Colours of data that a dark page would swallow, and what it shows instead. */
export const DARK_COLORS: readonly (readonly [light: string, dark: string])[] = [
  [PALETTE.black, '#e4e8f0'],
  [PALETTE.blue, '#2c8fd1'],
  ['#6b5b00', '#a8932a'],
  ['#882255', '#c4447f'],
]

/**
 * The inks of everything but data. Pages exchange them for their own in the dark, by exactly these texts; what is written on a coloured
 * cell, whose colour stays, is `black` or `white` instead.
 */
export const INK = { paper: 'white', text: '#333', strong: '#222', line: '#888', grid: '#e6e6e6' } as const

/** Fonts that every system has, quiet lines, no frame: shared by all figures. */
export const STYLE = {
  font: 'Helvetica, Arial, sans-serif',
  background: INK.paper,
  view: { stroke: null },
  axis: {
    labelFontSize: 11,
    titleFontSize: 12,
    titleFontWeight: 'normal',
    labelColor: INK.text,
    titleColor: INK.text,
    gridColor: INK.grid,
    domainColor: INK.line,
    tickColor: INK.line,
  },
  header: { labelColor: INK.strong, titleColor: INK.strong },
  legend: { labelFontSize: 12, titleFontSize: 12, labelColor: INK.text, titleColor: INK.text },
  title: { fontSize: 13, fontWeight: 'bold', color: INK.strong, anchor: 'start', offset: 12 },
} as const

/** A figure's title with quieter lines under it, which are left out where there are none. */
export const titled = (text: string, subtitle: string | readonly string[] = []) => ({
  text,
  ...(subtitle.length > 0 && { subtitle: typeof subtitle === 'string' ? subtitle : [...subtitle] }),
  subtitleColor: INK.text,
  subtitleFontSize: 11,
})
