import { topologicalOrder } from '../autodiff/index.ts'
import { graphOf, interpret } from '../runtime/index.ts'
import { simplify } from '../runtime/simplify/index.ts'
import { placeholder, type Shape, sizeOf, type Tensor } from '../tensor/index.ts'
import { expectClose, gradientOf, type TensorFunction } from './check.ts'
import { fill } from './golden/formula.ts'

/** Ops of the simplified outputs in order of computation, without inputs and constants. */
export const operationsOf = (outputs: readonly Tensor[]): string[] =>
  topologicalOrder(outputs)
    .map(({ operation }) => operation.name)
    .filter((name) => name !== 'placeholder' && name !== 'constant')

/**
 * Simplifies a function of float tensors of the given shapes. Fails where its values, its gradients or their gradients
 * change by it, all in float64.
 *
 * @returns the ops that are left of the values
 */
export function simplified(fn: TensorFunction, ...shapes: readonly Shape[]): string[] {
  const inputs = shapes.map((shape, i) => placeholder(`input ${i}`, { dtype: 'float32', shape }))
  const data = shapes.map((shape, i) => ({ shape, data: Float64Array.from(fill(sizeOf(shape), 0.3 + i, 1)) }))
  const values = [fn(...inputs)].flat()
  const slope = gradientOf(fn)
  const all = [...values, ...[slope, gradientOf(slope)].flatMap((gradient) => gradient(...inputs))]
  const expected = interpret(graphOf(inputs, all), data)
  const found = interpret(graphOf(inputs, simplify(all)), data)
  for (const [i, value] of expected.entries()) expectClose(found[i] ?? value, value, 1e-6, `output ${i}`)
  return operationsOf(simplify(values))
}
