/** A whole number with thousands separated. */
export const whole = (value: number): string => (value + 0).toLocaleString('en')

/** A number in four significant digits. */
export const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e15
    ? whole(value)
    : Math.abs(value) >= 1e-4 && Math.abs(value) < 1e15
      ? value.toLocaleString('en', { maximumSignificantDigits: 4 })
      : String(Number(value.toPrecision(4)))

/** A score between −1 and 1; what rounds to nothing has no sign. */
export const score = (value: number, digits = 2): string => (Number(value.toFixed(digits)) + 0).toFixed(digits)

/** A share as a percentage. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(share < 0.01 ? 2 : 1))} %`

/** `1 image`, `2 images`. */
export const counted = (n: number, one: string, many = `${one}s`): string => `${whole(n)} ${n === 1 ? one : many}`

/** `a, b and c`; beyond `limit` names, how many more. */
export function listed(names: readonly string[], limit = 10): string {
  const shown = names.length > limit ? [...names.slice(0, limit - 1), `${whole(names.length - limit + 1)} more`] : names
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}

/**
 * A value of a field: dates (days from 1970-01-01) as in ISO 8601, to the minute where they are within days of each other; numbers in
 * four significant digits.
 */
export function valueText({ type, std }: { readonly type: string; readonly std: number }, value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? '–' : String(value)
  if (type !== 'date') return short(value)
  return new Date(Math.round(value * 86_400_000)).toISOString().slice(0, std > 2 ? 10 : 16)
}
