import * as z from 'zod'
import { parseConfig } from '../nn/index.ts'
import { scale, sumOfSquares } from './norm.ts'

/**
 * How gradients are kept small before the optimiser's step: `norm` shortens the vector of all gradients to that length
 * (Pascanu et al., 2013), `value` cuts each number off.
 */
export type Clipping = { readonly norm: number } | { readonly value: number }

const positive = z.number().positive().optional()
const schema = z
  .strictObject(
    { norm: positive, value: positive },
    { error: (issue) => (issue.code === 'invalid_type' ? 'give { norm: 1 } or { value: 0.5 }' : undefined) },
  )
  .refine(
    ({ norm, value }) => (norm === undefined) !== (value === undefined),
    'give one of norm and value, as in { norm: 1 }',
  )

/**
 * Reads a clipping that came from outside.
 *
 * @throws UsageError where it is not exactly one of a norm and a value above 0
 * @example
 * parseClipping({ norm: 1 }) // { norm: 1 }
 */
export function parseClipping(clipping: unknown): Clipping {
  const { norm, value = 0 } = parseConfig('clipping', schema, clipping)
  return norm === undefined ? { value } : { norm }
}

/**
 * Length of a vector of gradients, √Σg², summed in float64.
 *
 * @param gradients of all parameters, end to end, `[n]`
 * @returns NaN or Infinity exactly where a gradient is one: this is also the check for gradients that have diverged
 * @example
 * gradientNorm(Float32Array.of(3, 4)) // 5
 */
export const gradientNorm = (gradients: Float32Array): number => Math.sqrt(sumOfSquares(gradients))

/**
 * Shortens gradients, in place, to a length of at most `maxNorm`: g ← g·min(1, maxNorm/(‖g‖ + 1e-6)), the norm being that of
 * all parameters together, as in PyTorch's `clip_grad_norm_`. Where the norm is not finite nothing is changed, so that what
 * is wrong with the gradients can still be seen.
 *
 * @param gradients of all parameters, end to end, `[n]`
 * @returns the norm before
 * @example
 * const gradients = Float32Array.of(3, 4)
 * clipGradientNorm(gradients, 1) // 5; the gradients are 0.6, 0.8
 */
export function clipGradientNorm(gradients: Float32Array, maxNorm: number): number {
  const norm = gradientNorm(gradients)
  const factor = maxNorm / (norm + 1e-6)
  if (Number.isFinite(norm) && factor < 1) scale(gradients, factor)
  return norm
}

/**
 * Cuts every gradient off at ±`maxValue`, in place, as PyTorch's `clip_grad_value_` does. NaN stays NaN.
 *
 * @param gradients of all parameters, end to end, `[n]`
 * @example
 * clipGradientValue(Float32Array.of(3, -0.2), 1) // the gradients are 1, -0.2
 */
export function clipGradientValue(gradients: Float32Array, maxValue: number): void {
  for (let i = 0; i < gradients.length; i++) {
    const gradient = gradients[i] ?? 0
    if (gradient > maxValue) gradients[i] = maxValue
    else if (gradient < -maxValue) gradients[i] = -maxValue
  }
}

/**
 * Clips gradients in place as an experiment says.
 *
 * @param gradients of all parameters, end to end, `[n]`
 * @example
 * clipGradients(gradients, { norm: 1 })
 */
export function clipGradients(gradients: Float32Array, clipping: Clipping): void {
  if ('norm' in clipping) clipGradientNorm(gradients, clipping.norm)
  else clipGradientValue(gradients, clipping.value)
}
