/**
 * How numbers are written in a report: one place, so that the same number never appears in two ways.
 */
const NO_NUMBER = '–'

/** A share as a percentage: 0.9912 is `99.12%`. */
export const percent = (share: number, digits = 2): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(digits)}%` : NO_NUMBER

/** A whole number with thousands separated. */
export const whole = (value: number): string => value.toLocaleString('en-GB')

/**
 * A measured value in four significant digits, whole numbers as they are; NaN and the infinities by name, because they are results too.
 */
export function value(number: number): string {
  const plain = Number.isSafeInteger(number) || !Number.isFinite(number) ? String(number) : number.toPrecision(4)
  return plain.replace('-', '−').replace('e-', 'e−')
}

/** A score between 0 and 1 in four decimals. */
export const score = (number: number): string => (Number.isFinite(number) ? number.toFixed(4) : NO_NUMBER)

/** Seconds as a reader would say them: `850 ms`, `42.3 s`, `3 min 20 s`, `2 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const s = Math.round(seconds)
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`
  return `${Math.floor(s / 3600)} h ${String(Math.floor((s % 3600) / 60)).padStart(2, '0')} min`
}

/** An ISO time in UTC as `2026-11-21 10:15:02 UTC`. */
export const time = (iso: string): string => `${iso.slice(0, 19).replace('T', ' ')} UTC`

/** Whether a metric is a share, from 0 to 1. */
export const isShare = (name: string): boolean => /accuracy|f1|precision|recall|sparsity/i.test(name)

/** What each metric can reach, by the beginning of its name; losses of an experiment may be anything. */
const RANGES: readonly (readonly [RegExp, readonly [number, number]])[] = [
  [/^(accuracy|balancedAccuracy|top\d+Accuracy|f1|precision|recall|rocAuc|averagePrecision|ece)/, [0, 1]],
  [/^(kappa|mcc)/, [-1, 1]],
  [/^(r2|explainedVariance)/, [Number.NEGATIVE_INFINITY, 1]],
  [/^brier/, [0, 2]],
  [/^(mse|mae|rmse|maxError|logLoss)/, [0, Number.POSITIVE_INFINITY]],
]

/** The least and the largest value of a metric, where they are known; else infinite. */
export const rangeOf = (name: string): readonly [low: number, high: number] =>
  RANGES.find(([names]) => names.test(name))?.[1] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
