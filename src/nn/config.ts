import { z } from 'zod'
import { UsageError } from '../errors.ts'

/** A whole number of at least `least`. */
export const wholeNumber = (least: number) => z.number().int().min(least)

/** One whole number, or one for height and one for width. */
export const pairOf = (least: number) =>
  z.union([wholeNumber(least), z.tuple([wholeNumber(least), wholeNumber(least)])])

/**
 * Checks what a user gave.
 *
 * @throws UsageError naming the function, the option, the value and what it must be
 */
export function parseConfig<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) => {
    const given = path.reduce<unknown>(
      (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
      value,
    )
    return path.length === 0
      ? `${message} (given ${JSON.stringify(given)})`
      : `${path.join('.')} is ${JSON.stringify(given)}: ${message}`
  })
  throw new UsageError(`${what}: ${problems.join('; ')}`)
}
