import { namedWeights, type WeightSnapshot } from './matrices.ts'

/** The values of one tensor at several times, counted in the same intervals. */
export interface WeightHistogram {
  readonly name: string
  readonly low: number
  readonly high: number
  readonly series: readonly { readonly label: string; readonly counts: readonly number[] }[]
}

/**
 * How the values of every trained tensor are distributed in each snapshot, over the range of all of them.
 *
 * @param wanted how many intervals; default: twice the cube root of the count (Rice's rule), 8 to 50
 * @example
 * weightHistograms([{ label: 'initial', variables }, { label: 'final', variables: trained }])[0].series.length // 2
 */
export function weightHistograms(snapshots: readonly WeightSnapshot[], wanted?: number): WeightHistogram[] {
  const all = snapshots.map(({ label, variables }) => ({ label, weights: namedWeights(variables) }))
  return (all[0]?.weights ?? []).map(({ name }, at) => {
    const series = all.map(({ label, weights }) => ({ label, data: finite(weights[at]?.data ?? new Float32Array()) }))
    const bins = wanted ?? Math.max(8, Math.min(50, Math.round(2 * Math.cbrt(series[0]?.data.length ?? 0))))
    const low = Math.min(...series.map(({ data }) => data.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)))
    const high = Math.max(...series.map(({ data }) => data.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)))
    // One value has an interval around it.
    const [from, to] = high > low ? [low, high] : [low - 0.5, high + 0.5]
    return {
      name,
      low: from,
      high: to,
      series: series.map(({ label, data }) => {
        const counts = new Array<number>(bins).fill(0)
        for (const value of data) {
          const bin = Math.min(bins - 1, Math.floor((bins * (value - from)) / (to - from)))
          counts[bin] = (counts[bin] ?? 0) + 1
        }
        return { label, counts }
      }),
    }
  })
}

/** Shares below which values are told over time. */
export const QUANTILES = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1] as const

/** The values of one tensor at one time, by their quantiles. */
export interface WeightQuantiles {
  readonly name: string
  readonly label: string
  readonly epoch: number
  /** One for each of {@link QUANTILES}. */
  readonly values: readonly number[]
}

/**
 * Quantiles of every trained tensor in the snapshots that have an epoch, in between by linear interpolation.
 *
 * @example
 * weightQuantiles(recorded)[0].values // [least, …, median, …, largest]
 */
export const weightQuantiles = (snapshots: readonly WeightSnapshot[]): WeightQuantiles[] =>
  snapshots.flatMap(({ label, epoch, variables }) =>
    epoch === undefined
      ? []
      : namedWeights(variables).map(({ name, data }) => {
          const sorted = Float32Array.from(finite(data)).sort()
          return { name, label, epoch, values: QUANTILES.map((share) => quantile(sorted, share)) }
        }),
  )

function quantile(sorted: Float32Array, share: number): number {
  const at = share * (sorted.length - 1)
  const [below, above] = [sorted[Math.floor(at)] ?? Number.NaN, sorted[Math.ceil(at)] ?? Number.NaN]
  return below + (above - below) * (at - Math.floor(at))
}

const finite = (data: Float32Array): Float32Array => data.filter(Number.isFinite)
