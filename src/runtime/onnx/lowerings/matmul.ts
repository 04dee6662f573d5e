import type { Tensor } from '../../../tensor/index.ts'
import { gemmOperation, matmulOperation } from '../../../tensor/ops/matmul.ts'
import { transposeOperation } from '../../../tensor/ops/shaping.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

/** Products of matrices whose transposition costs nothing: ONNX Runtime reads them in either order. */
export const matmul: readonly (readonly [string, Lowering])[] = [
  lower(matmulOperation, (context, tensor, inputs) => {
    const { builder, target } = context
    const [a, b] = tensor.inputs.map((input, i) => operand(context, input, inputs[i] ?? ''))
    if (a === undefined || b === undefined || target === 'standard' || !(a.transposed || b.transposed))
      return builder.node('MatMul', inputs)
    const attributes = { transA: a.transposed ? 1 : 0, transB: b.transposed ? 1 : 0 }
    return builder.node('FusedMatMul', [a.value, b.value], attributes, 'com.microsoft')
  }),
  lower(gemmOperation, ({ builder }, _, inputs, { transA, transB }) =>
    builder.node('Gemm', inputs, { transA: transA ? 1 : 0, transB: transB ? 1 : 0 }),
  ),
]

/** Looks through a swap of the last two axes. */
function operand(context: LoweringContext, tensor: Tensor, value: string): { value: string; transposed: boolean } {
  const [source] = tensor.inputs
  if (tensor.operation !== transposeOperation || source === undefined) return { value, transposed: false }
  const { perm } = transposeOperation.attributesOf(tensor)
  const rank = perm.length
  const swapsLast = perm.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i))
  return swapsLast ? { value: context.valueName(source), transposed: true } : { value, transposed: false }
}
