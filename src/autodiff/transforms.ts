import type { MapTree, Tensor } from '../tensor/index.ts'
import { gradients } from './gradients.ts'

/**
 * Turns `fn(parameters, …)` with a scalar result into the function of its gradient with respect to `parameters`.
 *
 * @example
 * const cube = (x: Tensor) => mul(x, mul(x, x))
 * const slope = grad(cube) // 3x²
 * const bend = grad(grad(cube)) // 6x
 */
export function grad<T, Rest extends readonly unknown[]>(
  fn: (parameters: T, ...rest: Rest) => Tensor,
): (parameters: T, ...rest: Rest) => MapTree<T, Tensor, Tensor> {
  return (parameters, ...rest) => gradients(fn(parameters, ...rest), parameters)
}

/** Like {@link grad}, and gives the value too. */
export function valueAndGrad<T, Rest extends readonly unknown[]>(
  fn: (parameters: T, ...rest: Rest) => Tensor,
): (parameters: T, ...rest: Rest) => { readonly value: Tensor; readonly grad: MapTree<T, Tensor, Tensor> } {
  return (parameters, ...rest) => {
    const value = fn(parameters, ...rest)
    return { value, grad: gradients(value, parameters) }
  }
}
