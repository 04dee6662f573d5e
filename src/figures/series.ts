import { PALETTE } from './figure.ts'

const COLORS = [PALETTE.blue, PALETTE.vermillion, PALETTE.green, PALETTE.purple, PALETTE.orange, PALETTE.sky] as const
const DASHES = [
  [1, 0],
  [7, 3],
  [2, 2],
  [9, 3, 2, 3],
  [14, 4],
] as const
/** Of averages over the other series. */
const AVERAGE_DASHES = [
  [1, 0],
  [5, 3],
  [2, 2],
] as const

/** A curve among others. */
export interface NamedSeries {
  readonly name: string
  /** Whether it is an average of the others, drawn in black and thicker. Default false. */
  readonly isAverage?: boolean
}

/** How many series are told apart in one picture. */
export const MAX_SERIES = COLORS.length * DASHES.length

/**
 * Colour, dash and width of each series, no two alike up to {@link MAX_SERIES}: series that share a dash differ in colour, and in grey print
 * those that look alike differ in their dashes.
 */
export function seriesStyles(series: readonly NamedSeries[]) {
  let [ordinary, averages] = [0, 0]
  return series.map(({ isAverage = false }) => {
    if (isAverage) {
      const dash = AVERAGE_DASHES[averages++ % AVERAGE_DASHES.length] ?? [1, 0]
      return { color: PALETTE.black, dash: [...dash], width: 2.5 }
    }
    const [color, dash] = [COLORS[ordinary % COLORS.length], DASHES[ordinary % DASHES.length]]
    ordinary++
    return { color: color ?? PALETTE.blue, dash: [...(dash ?? [1, 0])], width: 1.75 }
  })
}

/**
 * Vega-Lite's encoding of series by colour, dash and width, with one legend that shows all three.
 *
 * @param labels - of the legend, one for each series, all different; the rows' field `label` holds them
 */
export function seriesEncoding(series: readonly NamedSeries[], labels: readonly string[], columns = 2) {
  const styles = seriesStyles(series)
  const [only] = styles
  // One curve needs no legend: the title names it.
  if (styles.length === 1 && only !== undefined) return { color: { value: only.color }, strokeWidth: { value: 2 } }
  const domain = [...labels]
  const legend = {
    title: null,
    orient: 'bottom' as const,
    columns,
    labelLimit: 0,
    symbolType: 'stroke' as const,
    symbolSize: 900,
    symbolStrokeWidth: 2,
    rowPadding: 3,
  }
  const channel = { field: 'label', type: 'ordinal' as const, sort: domain }
  return {
    color: { ...channel, scale: { domain, range: styles.map(({ color }) => color) }, legend },
    strokeDash: { ...channel, scale: { domain, range: styles.map(({ dash }) => dash) }, legend },
    strokeWidth: { ...channel, scale: { domain, range: styles.map(({ width }) => width) }, legend },
  }
}
