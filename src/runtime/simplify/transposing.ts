import { gemm, matmul, reshape, sameShape, sizeOf, swapLastAxes, type Tensor } from '../../tensor/index.ts'
import { gemmOperation, matmulOperation } from '../../tensor/ops/matmul.ts'
import { reduceSumOperation } from '../../tensor/ops/reduction.ts'
import { transposeOperation } from '../../tensor/ops/shaping.ts'
import { axisSize } from '../../tensor/shape.ts'
import type { Rule } from './rule.ts'

/** What the two last axes were swapped of, if they were. */
function swappedFrom(tensor: Tensor | undefined): Tensor | undefined {
  if (tensor?.operation !== transposeOperation) return undefined
  const { perm } = transposeOperation.attributesOf(tensor)
  const rank = perm.length
  return perm.every((axis, i) => axis === (i < rank - 2 ? i : 2 * rank - 3 - i)) ? tensor.inputs[0] : undefined
}

/** A matrix, and whether to read it transposed. */
export function matrixOf(tensor: Tensor): { readonly matrix: Tensor; readonly turned: boolean } {
  const from = tensor.shape.length === 2 ? swappedFrom(tensor) : undefined
  return from === undefined ? { matrix: tensor, turned: false } : { matrix: from, turned: true }
}

/** Gemm reads its matrices in either order, so they need no transposing. */
const turnedGemm: Rule = (tensor) => {
  const [a, b, bias] = tensor.inputs
  if (tensor.operation !== gemmOperation || a === undefined || b === undefined) return undefined
  const [left, right] = [matrixOf(a), matrixOf(b)]
  if (!left.turned && !right.turned) return undefined
  const { transA, transB } = gemmOperation.attributesOf(tensor)
  return gemm(left.matrix, right.matrix, {
    transA: transA !== left.turned,
    transB: transB !== right.turned,
    ...(bias && { bias }),
  })
}

/** (A · B)ᵀ = Bᵀ · Aᵀ: a product is turned by turning its matrices, which costs Gemm nothing. */
const turnedProduct: Rule = (tensor, { isUsedOnce }) => {
  const product = swappedFrom(tensor)
  const [a, b, bias] = product?.inputs ?? []
  if (!product || !a || !b || bias !== undefined || !isUsedOnce(product)) return undefined
  if (product.operation === gemmOperation) {
    const { transA, transB } = gemmOperation.attributesOf(product)
    return gemm(b, a, { transA: !transB, transB: !transA })
  }
  // Other products turn their operands by an op, which pays where one of them is turned back by it.
  if (product.operation !== matmulOperation || (!swappedFrom(a) && !swappedFrom(b))) return undefined
  return matmul(swappedFrom(b) ?? swapLastAxes(b), swappedFrom(a) ?? swapLastAxes(a))
}

/** Σ over a stack of aᵀ · b, the gradient of a weight that a stack was multiplied by, is one product over all rows. */
const summedProducts: Rule = (tensor, { isUsedOnce }) => {
  const [product] = tensor.inputs
  if (tensor.operation !== reduceSumOperation || product?.operation !== matmulOperation || !isUsedOnce(product))
    return undefined
  const { axes } = reduceSumOperation.attributesOf(tensor)
  const rank = product.shape.length
  const [left, b] = product.inputs
  const a = swappedFrom(left)
  if (!a || !b) return undefined
  const isWhole = axes.length === rank - 2 && axes.every((axis, i) => axis === i)
  if (rank < 3 || !isWhole || !sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1)) || a.shape.length !== rank)
    return undefined
  const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), axisSize(x.shape, rank - 1)])
  return reshape(gemm(rows(a), rows(b), { transA: true }), tensor.shape)
}

export const transposing: readonly Rule[] = [turnedGemm, turnedProduct, summedProducts]
