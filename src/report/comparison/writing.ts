import { isShare, percent, value } from '../format.ts'

/** How numbers of a comparison are written, by metric. */
export interface Writing {
  /** A share as a percentage. */
  percent(share: number): string
  /** A metric's value. */
  value(metric: string, number: number): string
  /** A standard deviation: of a share in percentage points. */
  spread(metric: string, number: number): string
  /** A difference, with its sign: of a share in percentage points. */
  difference(metric: string, number: number): string
}

const points = (share: number): string => (share * 100).toFixed(2)

export function writing({ percent: share = percent }: Partial<Writing> = {}): Writing {
  return {
    percent: share,
    value: (metric, number) => (isShare(metric) ? share(number) : value(number)),
    spread: (metric, number) => (isShare(metric) ? `${points(number)} pp` : value(number)),
    difference: (metric, number) => {
      const size = Math.abs(number)
      return `${number < 0 ? '−' : '+'}${isShare(metric) ? `${points(size)} pp` : value(size)}`
    },
  }
}

/** A p-value: never 0, which no test can give. */
export const pText = (p: number): string => (p < 0.0001 ? '< 0.0001' : p.toFixed(4))
