import type { Tensor } from '../tensor.ts'
import { add, mul } from './arithmetic.ts'
import { erf, sigmoid, tanh } from './unary.ts'

/** `x · sigmoid(x)`, also known as swish (Elfwing, Uchibe and Doya, 2018). */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x))

/**
 * Gaussian error linear unit, `x · Φ(x)` (Hendrycks and Gimpel, 2016).
 *
 * @param options.approximate `'none'` (default): by erf; `'tanh'`: the paper's approximation
 */
export function gelu(x: Tensor, { approximate = 'none' }: { readonly approximate?: 'none' | 'tanh' } = {}): Tensor {
  const cumulative = (): Tensor => {
    if (approximate === 'none') return erf(mul(x, Math.SQRT1_2))
    const cubic = add(x, mul(mul(x, mul(x, x)), 0.044715))
    return tanh(mul(cubic, Math.sqrt(2 / Math.PI)))
  }
  return mul(mul(x, 0.5), add(cumulative(), 1))
}
