import { gemm, reshape, type Shape, sameShape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { conv2dOperation } from '../../tensor/ops/convolution.ts'
import { gemmOperation, matmulOperation } from '../../tensor/ops/matmul.ts'
import { axisSize } from '../../tensor/shape.ts'
import { named, type Rule } from './rule.ts'
import { matrixOf } from './transposing.ts'

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
  const [left, right] = [matrixOf(a), matrixOf(b)]
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
  const { matrix, turned } = matrixOf(b)
  const rows = reshape(a, [sizeOf(a.shape) / Math.max(1, columns), columns])
  return reshape(gemm(rows, matrix, { transB: turned, bias }), tensor.shape)
}

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

export const biases: readonly Rule[] = [biasedProduct, biasedRows, biasedConvolution]
