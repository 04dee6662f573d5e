import { allocate, sizeOf, type Tensor, type TypedArray } from '../tensor/index.ts'
import { constantOperation } from '../tensor/ops/constant.ts'
import { type Graph, isConstant } from './graph.ts'

/** Numbers for {@link Graph.hostValues}, from the numbers of the inputs. */
export type HostEvaluator = (inputs: readonly TypedArray[]) => readonly TypedArray[]

/**
 * Makes host values in arrays that are made once: each call writes over what the one before gave. A step then allocates
 * nothing of their size, and the runtime meets the same arrays again.
 */
export function hostEvaluator({ inputs, hostValues }: Graph): HostEvaluator {
  const arrays = new Map<Tensor, TypedArray>()
  const arrayOf = (tensor: Tensor): TypedArray => {
    const array = arrays.get(tensor) ?? allocate(tensor.dtype, sizeOf(tensor.shape))
    arrays.set(tensor, array)
    return array
  }
  return (data) => {
    const known = new Map<Tensor, TypedArray>()
    inputs.forEach((tensor, i) => {
      const array = data[i]
      if (array !== undefined) known.set(tensor, array)
    })
    const evaluate = (tensor: Tensor): TypedArray => {
      const before = known.get(tensor)
      if (before !== undefined) return before
      if (isConstant(tensor)) return constantOperation.attributesOf(tensor).data
      const array = arrayOf(tensor)
      tensor.operation.evaluateOnHost(tensor, tensor.inputs.map(evaluate), array)
      known.set(tensor, array)
      return array
    }
    return hostValues.map(evaluate)
  }
}

/**
 * An evaluator that several runs may use at a time: each has arrays of its own until it is over, so that one that waits
 * for the runtime keeps its numbers while the next is given others.
 */
export function sharedHostEvaluator(graph: Graph) {
  const free: HostEvaluator[] = []
  return async <T>(
    inputs: readonly TypedArray[],
    run: (hostValues: readonly TypedArray[]) => Promise<T>,
  ): Promise<T> => {
    const evaluate = free.pop() ?? hostEvaluator(graph)
    try {
      return await run(evaluate(inputs))
    } finally {
      free.push(evaluate)
    }
  }
}

/** {@link hostEvaluator} for once. */
export const hostData = (graph: Graph, inputs: readonly TypedArray[]): readonly TypedArray[] =>
  hostEvaluator(graph)(inputs)
