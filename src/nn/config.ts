import * as z from 'zod'
import { UsageError } from '../errors.ts'

/** A whole number of at least `least`. */
export const wholeNumber = (least: number) => z.number().int().min(least)

/** One whole number, or one for height and one for width. */
export const pairOf = (least: number) =>
  z.union([wholeNumber(least), z.tuple([wholeNumber(least), wholeNumber(least)])], {
    error: `give a whole number of at least ${least}, or two of them for height and width`,
  })

/**
 * Checks what a user gave.
 *
 * @throws UsageError naming the function, the option, the value and what it must be; for an unknown option, those there are
 */
export function parseConfig<T>(what: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const path = issue.path.join('.')
    if (issue.code === 'unrecognized_keys')
      return `${path === '' ? '' : `${path} has `}no option ${issue.keys.map((name) => `"${name}"`).join(', ')}${known(schema, issue.path)}`
    const given = shown(at(value, issue.path))
    return path === '' ? `${issue.message} (given ${given})` : `${path} is ${given}: ${issue.message}`
  })
  throw new UsageError(`${what}: ${problems.join('; ')}`)
}

const at = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  )

/** The options that the schema has at a place. */
function known(schema: unknown, path: readonly PropertyKey[]): string {
  const inner = path.reduce<unknown>(
    (outer, name) => (outer instanceof z.ZodObject ? Reflect.get(outer.shape, name) : undefined),
    schema,
  )
  return inner instanceof z.ZodObject ? `; the options are ${Object.keys(inner.shape).join(', ')}` : ''
}

/** JSON where it says something: it has no NaN, no infinity and no functions. */
function shown(value: unknown): string {
  if (typeof value === 'function') return 'a function'
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value))
}

/**
 * What a user gave as options, which is easily another argument of PyTorch's, as in `linear(784, 128)`.
 *
 * @throws UsageError naming the function and the value, where it is no record of options
 */
export function optionsOf<O extends object>(what: string, options: O, wayOut: string): O {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return options
  throw new UsageError(`${what}: ${shown(options)} is no record of options: ${wayOut}`)
}
