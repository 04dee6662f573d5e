/**
 * Functions of tensors under test, their gradients, and what runtimes make of them. Nothing here is Node's: pages are tested
 * with it too.
 *
 * @module
 */
import { vjp } from '../autodiff/index.ts'
import { type Graph, graphOf, hostData, interpret, type Runtime } from '../runtime/index.ts'
import {
  constant,
  mul,
  type NdArray,
  placeholder,
  type Shape,
  sizeOf,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { fill } from './golden/fill.ts'

/** One argument of a function under test. */
export interface Argument {
  readonly type: TensorType
  readonly data: TypedArray
}

/** Function under test: tensors in, one tensor or several out. */
export type TensorFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[]

export const real = (shape: Shape, data: ArrayLike<number>): Argument => ({
  type: { dtype: 'float32', shape },
  data: Float32Array.from(data),
})

export const whole = (shape: Shape, data: ArrayLike<number>): Argument => ({
  type: { dtype: 'int32', shape },
  data: Int32Array.from(data),
})

export const truth = (shape: Shape, data: ArrayLike<number>): Argument => ({
  type: { dtype: 'bool', shape },
  data: Uint8Array.from(data),
})

export const isReal = ({ dtype }: TensorType): boolean => dtype === 'float32'

/** The fixed weights of the sums whose gradients are checked: PyTorch's golden gradients have the same. */
export const weightsOf = ({ shape }: TensorType): Float32Array => fill(sizeOf(shape), 2.5, 1)

/** Gradients of Σ output · weight with respect to the float inputs, as a function that can be differentiated again. */
export const gradientOf =
  (fn: TensorFunction): TensorFunction =>
  (...inputs) => {
    const outputs = [fn(...inputs)].flat().filter(isReal)
    const cotangents = outputs.map((output) => constant(weightsOf(output), output.shape, 'float32'))
    return vjp(outputs, cotangents, inputs.filter(isReal))
  }

/** The squares of a function's results: their gradients depend on the inputs by way of the cotangents too. */
export const squared =
  (fn: TensorFunction): TensorFunction =>
  (...inputs) =>
    [fn(...inputs)].flat().flatMap((output) => (isReal(output) ? [mul(output, output)] : []))

/** The graph of a function on placeholders of its arguments' types. */
export function trace(fn: TensorFunction, given: readonly Argument[]): Graph {
  const inputs = given.map(({ type }, i) => placeholder(`argument ${i}`, type))
  return graphOf(inputs, [fn(...inputs)].flat())
}

const inDoubles = ({ shape }: TensorType, data: TypedArray): NdArray => ({ shape, data: Float64Array.from(data) })

/** Results in float64, never rounded in between. */
export function evaluate(fn: TensorFunction, given: readonly Argument[]): NdArray[] {
  return interpret(trace(fn, given), doublesOf(given))
}

/** Arguments for the reference. */
export const doublesOf = (given: readonly Argument[]): NdArray[] => given.map(({ type, data }) => inDoubles(type, data))

/** Results of a runtime. The session is closed again: a property test opens hundreds of them. */
export async function runIn(runtime: Runtime, graph: Graph, given: readonly Argument[]): Promise<NdArray[]> {
  const executable = await runtime.prepare(graph, { threads: 1 })
  const data = given.map((argument) => argument.data)
  const results = await executable.run(data, hostData(graph, data))
  await executable.dispose()
  return graph.outputs.map((output, i) => inDoubles(output, results[i] ?? new Float32Array(0)))
}
