/** How an audit writes numbers and names. */

/** Whether a metric is a share, from 0 to 1. */
export const isShare = (metric: string): boolean => /accuracy|f1|precision|recall|auc/i.test(metric)

const trimmed = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text)

/** A plain number in at most five digits: whole ones as they are, with thousands separated. */
export function numberText(value: number): string {
  if (Number.isSafeInteger(value)) return value.toLocaleString('en-GB')
  if (!Number.isFinite(value)) return String(value)
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e6) return trimmed(value.toPrecision(5))
  return value.toExponential(3).replace(/\.?0+e/, 'e')
}

/** A score as a reader writes it: `99.12 %`, or a plain number where the metric is no share. */
export const scoreText = (metric: string, value: number): string =>
  isShare(metric) ? `${(100 * value).toFixed(2)} %` : numberText(value)

/** `batchSize` as `batch size`, `f1Macro` as `F1 macro`. */
export const spaced = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/^f1/, 'F1')
    .replace(/^(mse|rmse|mae)$/, (short) => short.toUpperCase())
