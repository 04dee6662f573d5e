import { type Application, applyModel, isWeights, type Variables } from '../nn/index.ts'
import { compile } from '../runtime/index.ts'
import { leavesOf, mapLeaves, type Shape, type Tensor, type TensorType, type TypedArray } from '../tensor/index.ts'
import type { Inspected } from './activations.ts'

/** A program over a network whose weights are given once. */
export interface BoundProgram {
  /** @returns the numbers of each tensor that the function gives, in new arrays */
  run(...inputs: readonly TypedArray[]): Promise<readonly Float32Array[]>
  /** The same program with other weights of the same shapes. */
  with(variables: Variables): BoundProgram
  dispose(): void
}

/**
 * Compiles a function of a network and of further inputs, as in prediction: dropout off, running statistics fixed.
 *
 * @param fn - gets the network, which takes samples in their own units (`[batch, …]`, float32 or bytes) and prepares them first, and the
 *   inputs; gives float32 tensors
 * @param specs - types of the inputs
 *
 * @example
 * const program = await bound({ model }, variables, (apply, x) => [apply(x).output], spec([8, 1, 28, 28]))
 * const [logits] = await program.run(images)
 */
export async function bound(
  { model, prepare = (x) => x }: Inspected,
  { parameters, buffers }: Variables,
  fn: (apply: (x: Tensor) => Application, ...inputs: Tensor[]) => readonly Tensor[],
  ...specs: readonly TensorType[]
): Promise<BoundProgram> {
  const typeOf = ({ shape }: { readonly shape: Shape }): TensorType => ({ dtype: 'float32', shape })
  const program = await compile(
    (weights, statistics, inputs) =>
      fn((x) => applyModel(model, weights, prepare(x), { buffers: statistics }), ...inputs),
    mapLeaves(parameters, isWeights, typeOf),
    mapLeaves(buffers, isWeights, typeOf),
    specs,
  )
  const at = (variables: Variables): BoundProgram => {
    const weights = [...leavesOf(variables.parameters, isWeights), ...leavesOf(variables.buffers, isWeights)]
    const values = weights.map(({ leaf }) => leaf.data)
    return {
      run: async (...inputs) =>
        (await program.runFlat([...values, ...inputs])).map((one) =>
          one instanceof Float32Array ? one : Float32Array.from(one),
        ),
      with: at,
      dispose: program.dispose,
    }
  }
  return at({ parameters, buffers })
}
