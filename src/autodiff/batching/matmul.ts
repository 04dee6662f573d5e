import { add, gemm, matmul, reshape, swapLastAxes, type Tensor } from '../../tensor/index.ts'
import { type GemmAttributes, gemmOperation, matmulOperation } from '../../tensor/ops/matmul.ts'
import { axisSize } from '../../tensor/shape.ts'
import {
  asBatched,
  type Batched,
  divided,
  input,
  isBatched,
  memberShape,
  merged,
  moved,
  type Rule,
  rule,
  type Value,
} from './batched.ts'
import { aligned } from './elementwise.ts'

export const products: readonly (readonly [string, Rule])[] = [
  rule(matmulOperation, (_, call): Batched => {
    const [a, b] = [input(call, 0), input(call, 1)]
    // Members are rows like others.
    if (isBatched(a) && !isBatched(b) && b.tensor.shape.length === 2 && a.axis < a.tensor.shape.length - 2)
      return { tensor: matmul(a.tensor, b.tensor), axis: a.axis }
    const rank = Math.max(memberShape(a).length, memberShape(b).length)
    return { tensor: matmul(inFront(a, rank), inFront(b, rank)), axis: 0 }
  }),
  rule(gemmOperation, (attributes, call): Batched => {
    const bias = call.inputs[2]
    const product = multiplied(input(call, 0), input(call, 1), attributes, call.size)
    if (bias === undefined) return asBatched(product)
    const { tensors, axis } = aligned([product, bias], 2)
    const [left = product.tensor, right = bias.tensor] = tensors
    return { tensor: add(left, right), axis }
  }),
]

/** The members in front of a product's other axes, of which a member gets `rank`. */
function inFront(value: Value, rank: number): Tensor {
  if (!isBatched(value)) return value.tensor
  const front = moved(value, 0)
  const ones = Array.from({ length: rank + 1 - front.shape.length }, () => 1)
  return reshape(front, [...front.shape.slice(0, 1), ...ones, ...front.shape.slice(1)])
}

/**
 * Up to so many columns, a product is computed with its rows and columns exchanged: a bias is then one number for a long
 * stretch and its gradient the sum of one, where short stretches take longer than the product itself.
 */
const NARROW = 32

/** What the members share is multiplied with all of theirs at once: one large product is faster than many small ones. */
function multiplied(a: Value, b: Value, attributes: GemmAttributes, size: number): Value {
  const { transA, transB } = attributes
  const turned = (tensor: Tensor, swap: boolean): Tensor => (swap ? swapLastAxes(tensor) : tensor)
  if (isBatched(a) && isBatched(b)) {
    const [left, right] = [turned(moved(a, 0), transA), turned(moved(b, 0), transB)]
    const [rows, columns] = [axisSize(left.shape, 1), axisSize(right.shape, 2)]
    // What reads `a` by its columns is the gradient of a weight, which is wanted as it is.
    if (transA || columns > NARROW || columns >= rows) return { tensor: matmul(left, right), axis: 0 }
    return { tensor: swapLastAxes(matmul(swapLastAxes(right), swapLastAxes(left))), axis: 0 }
  }
  if (isBatched(b)) {
    const columns = transB ? merged(moved(b, 0), 0) : merged(moved(b, 1), 1)
    return { tensor: divided(gemm(a.tensor, columns, attributes), 1, size), axis: 1 }
  }
  if (!isBatched(a)) return { tensor: gemm(a.tensor, b.tensor, attributes), axis: undefined }
  if (transA && a.axis === 1) {
    const product = gemm(merged(a.tensor, 1), b.tensor, attributes)
    return { tensor: divided(product, 0, size), axis: 0 }
  }
  if (transA) return { tensor: matmul(swapLastAxes(moved(a, 0)), turned(b.tensor, transB)), axis: 0 }
  const axis = a.axis === 1 ? 1 : 0
  const product = gemm(merged(moved(a, axis), 0), b.tensor, attributes)
  return { tensor: divided(product, 0, axis === 0 ? size : axisSize(product.shape, 0) / size), axis }
}
