import { UsageError } from '../errors.ts'
import type { Shape } from '../tensor/index.ts'

/** A parameter as optimisers know it: its dotted name, which is PyTorch's (`features.0.weight`), and its shape. */
export interface ParameterPlace {
  readonly path: string
  readonly shape: Shape
}

/**
 * Whether a name fits a pattern, in which `*` stands for any run of characters, dots too: `*.bias`, `features.*`.
 *
 * @example
 * matcher('features.*.weight')('features.0.conv.weight') // true
 */
export function matcher(pattern: string): (path: string) => boolean {
  const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const expression = new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`, 's')
  return (path) => expression.test(path)
}

/** What to say of a pattern that fits no parameter. */
export const nothingFits = (what: string, pattern: string, parameters: readonly ParameterPlace[]): UsageError =>
  new UsageError(
    `${what}: no parameter is named like "${pattern}"; the parameters are ${parameters.map(({ path }) => path).join(', ') || 'none'}`,
  )
