import * as z from 'zod'

/**
 * A number as JSON lets it be kept: finite numbers as they are, the others as the strings `"NaN"`, `"Infinity"`, `"-Infinity"`.
 * JSON has no such numbers, and a loss that became NaN is exactly what a log must not lose. DuckDB casts these strings: `value::DOUBLE`.
 */
export const jsonNumber: z.ZodType<number> = z.union([
  z.number(),
  z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number),
])

/**
 * The other direction of {@link jsonNumber}.
 *
 * @example
 * encodeNumber(0.5) // 0.5
 * encodeNumber(Number.NaN) // 'NaN'
 */
export const encodeNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value))
