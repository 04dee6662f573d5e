import { gemm, reshape, type Shape, sameShape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { conv2dOperation } from '../../tensor/ops/convolution.ts'
import { gemmOperation, matmulOperation } from '../../tensor/ops/matmul.ts'
import { reduceSumOperation } from '../../tensor/ops/reduction.ts'
import { transposeOperation } from '../../tensor/ops/shaping.ts'
import { axisSize } from '../../tensor/shape.ts'
import { named, type Rule } from './rule.ts'

/** What a matrix is the transpose of, if it is. */
const turnedFrom = (tensor: Tensor): Tensor | undefined =>
  named(tensor, 'transpose') && tensor.shape.length === 2 ? tensor.inputs[0] : undefined

/** A matrix, and whether to read it transposed. */
function operand(tensor: Tensor): { readonly matrix: Tensor; readonly turned: boolean } {
  const from = turnedFrom(tensor)
  return from === undefined ? { matrix: tensor, turned: false } : { matrix: from, turned: true }
}

/** Gemm reads its matrices in either order, so they need no transposing. */
const turnedGemm: Rule = (tensor) => {
  const [a, b, bias] = tensor.inputs
  if (tensor.operation !== gemmOperation || a === undefined || b === undefined) return undefined
  const [left, right] = [operand(a), operand(b)]
  if (!left.turned && !right.turned) return undefined
  const { transA, transB } = gemmOperation.attributesOf(tensor)
  return gemm(left.matrix, right.matrix, {
    transA: transA !== left.turned,
    transB: transB !== right.turned,
    ...(bias && { bias }),
  })
}

const fits = (bias: Tensor, shape: Shape): boolean =>
  bias.shape.length <= shape.length &&
  bias.shape.every((size, i) => size === 1 || size === axisSize(shape, shape.length - bias.shape.length + i))

/** The operands of a sum, with the one that satisfies `is` first. */
function addends(tensor: Tensor, is: (tensor: Tensor) => boolean): readonly [Tensor, Tensor] | undefined {
  const [a, b] = tensor.inputs
  if (!named(tensor, 'add') || a === undefined || b === undefined) return undefined
  return is(a) ? [a, b] : is(b) ? [b, a] : undefined
}

const isUnbiased = ({ operation, inputs }: Tensor): boolean =>
  operation === matmulOperation || (operation === gemmOperation && inputs.length === 2)

/** A product of matrices plus something that broadcasts to it is one Gemm. */
const biasedProduct: Rule = (tensor, { isUsedOnce }) => {
  const found = addends(tensor, (one) => isUnbiased(one) && one.shape.length === 2 && isUsedOnce(one))
  if (found === undefined) return undefined
  const [product, bias]: readonly Tensor[] = found
  const [a, b] = product?.inputs ?? []
  if (!product || !bias || !a || !b || !sameShape(product.shape, tensor.shape) || !fits(bias, tensor.shape))
    return undefined
  if (product.operation === gemmOperation) return gemm(a, b, { ...gemmOperation.attributesOf(product), bias })
  const [left, right] = [operand(a), operand(b)]
  // A product with a leading axis of 1 is no matrix for Gemm.
  return a.shape.length === 2 && b.shape.length === 2
    ? gemm(left.matrix, right.matrix, { transA: left.turned, transB: right.turned, bias })
    : undefined
}

/** A stack of matrices times one matrix, plus a vector: the rows of all of them at once. */
const biasedRows: Rule = (tensor, { isUsedOnce }) => {
  const found = addends(tensor, (one) => named(one, 'matMul') && one.shape.length > 2 && isUsedOnce(one))
  const [product, bias] = found ?? []
  const [a, b] = product?.inputs ?? []
  if (!product || !bias || !a || !b || b.shape.length !== 2 || bias.shape.length !== 1) return undefined
  if (!sameShape(product.shape, tensor.shape)) return undefined
  const columns = axisSize(a.shape, a.shape.length - 1)
  const { matrix, turned } = operand(b)
  const rows = reshape(a, [sizeOf(a.shape) / Math.max(1, columns), columns])
  return reshape(gemm(rows, matrix, { transB: turned, bias }), tensor.shape)
}

/** Σ over a stack of aᵀ · b, the gradient of a weight that a stack was multiplied by, is one product over all rows. */
const summedProducts: Rule = (tensor, { isUsedOnce }) => {
  const [product] = tensor.inputs
  if (tensor.operation !== reduceSumOperation || product?.operation !== matmulOperation || !isUsedOnce(product))
    return undefined
  const { axes } = reduceSumOperation.attributesOf(tensor)
  const rank = product.shape.length
  const [left, b] = product.inputs
  const [a] = left?.inputs ?? []
  if (!left || !a || !b || left.operation !== transposeOperation || !isSwap(transposeOperation.attributesOf(left).perm))
    return undefined
  const isWhole = axes.length === rank - 2 && axes.every((axis, i) => axis === i)
  if (rank < 3 || !isWhole || !sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1)) || a.shape.length !== rank)
    return undefined
  const rows = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape.slice(0, -1)), axisSize(x.shape, rank - 1)])
  return reshape(gemm(rows(a), rows(b), { transA: true }), tensor.shape)
}

const isSwap = (perm: readonly number[]): boolean =>
  perm.every((axis, i) => axis === (i < perm.length - 2 ? i : 2 * perm.length - 3 - i))

/** A convolution plus one number a channel is a convolution with a bias. */
const biasedConvolution: Rule = (tensor, { isUsedOnce }) => {
  const found = addends(tensor, (one) => named(one, 'conv2d') && one.inputs.length === 2 && isUsedOnce(one))
  const [convolution, bias] = found ?? []
  if (!convolution || !bias || !sameShape(convolution.shape, tensor.shape)) return undefined
  const channels = axisSize(tensor.shape, 1)
  const isVector = sameShape(bias.shape, [channels, 1, 1]) || sameShape(bias.shape, [1, channels, 1, 1])
  if (!isVector) return undefined
  return conv2dOperation.apply(
    [...convolution.inputs, reshape(bias, [channels])],
    conv2dOperation.attributesOf(convolution),
  )
}

export const products: readonly Rule[] = [turnedGemm, biasedProduct, biasedRows, summedProducts, biasedConvolution]
