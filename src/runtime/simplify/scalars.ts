import { div, mul, reduceMean, reduceSum, sameShape, type Tensor } from '../../tensor/index.ts'
import { reduceMeanOperation, reduceSumOperation } from '../../tensor/ops/reduction.ts'
import { named, numberIn, type Rule } from './rule.ts'

/** x · factor, or x / factor, as one op writes it. */
interface Scaled {
  readonly x: Tensor
  readonly by: 'mul' | 'div'
  readonly factor: number
}

/**
 * Factors are joined within this range only: beyond, the first product could have become infinite or 0 where the joined one
 * is neither.
 */
const RANGE = 2 ** 40

const isModerate = (factor: number): boolean => Math.abs(factor) <= RANGE && Math.abs(factor) >= 1 / RANGE

/** Float products and quotients with one constant number that leave the shape as it is. */
function scaled(tensor: Tensor | undefined): Scaled | undefined {
  if (!named(tensor, 'mul', 'div') || tensor.dtype !== 'float32') return undefined
  const [a, b] = tensor.inputs
  const by = named(tensor, 'mul') ? 'mul' : 'div'
  const [left, right] = [numberIn(a), numberIn(b)]
  if (right !== undefined && a !== undefined && sameShape(a.shape, tensor.shape)) return { x: a, by, factor: right }
  if (left !== undefined && by === 'mul' && b !== undefined && sameShape(b.shape, tensor.shape))
    return { x: b, by, factor: left }
  return undefined
}

const scale = ({ x, by, factor }: Scaled): Tensor => (by === 'mul' ? mul(x, factor) : div(x, factor))

/** x · 2 · 3 = x · 6, x / 2 / 3 = x / 6 and x · 3 / 2 = x · 1.5, up to the rounding of the factor. */
const chains: Rule = (tensor) => {
  const outer = scaled(tensor)
  const inner = scaled(outer?.x)
  if (outer === undefined || inner === undefined) return undefined
  const by = outer.by === 'div' && inner.by === 'div' ? 'div' : 'mul'
  const asFactor = (one: Scaled): number => (one.by === by ? one.factor : 1 / one.factor)
  const factor = asFactor(outer) * asFactor(inner)
  return [outer.factor, inner.factor, factor].every(isModerate) ? scale({ x: inner.x, by, factor }) : undefined
}

/** y · (1 / x) = y / x, rounded once instead of twice. */
const quotients: Rule = (tensor, { isUsedOnce }) => {
  if (!named(tensor, 'mul')) return undefined
  const inverse = tensor.inputs.find((input) => named(input, 'div') && numberIn(input.inputs[0]) === 1)
  const other = tensor.inputs.find((input) => input !== inverse)
  const x = inverse?.inputs[1]
  if (inverse === undefined || other === undefined || x === undefined || !isUsedOnce(inverse)) return undefined
  // A division for each number of a larger tensor would cost more than it saves.
  return sameShape(other.shape, x.shape) && sameShape(x.shape, tensor.shape) ? div(other, x) : undefined
}

/** (c · x) · y = c · (x · y): numbers move to the end of a product, where they meet others. */
const outOfProducts: Rule = (tensor, { isUsedOnce }) => {
  if (!named(tensor, 'mul') || scaled(tensor) !== undefined) return undefined
  const [a, b] = tensor.inputs
  for (const [product, other] of [
    [a, b],
    [b, a],
  ]) {
    const found = scaled(product)
    if (!product || !other || !found || !isModerate(found.factor) || !isUsedOnce(product)) continue
    if (sameShape(product.shape, tensor.shape)) return scale({ ...found, x: mul(found.x, other) })
  }
  return undefined
}

/** Σ (c · x) = c · Σ x, for sums and means: the product is of fewer numbers. */
const outOfSums: Rule = (tensor, { isUsedOnce }) => {
  if (!named(tensor, 'reduceSum', 'reduceMean')) return undefined
  const [product] = tensor.inputs
  const found = scaled(product)
  if (product === undefined || found === undefined || !isModerate(found.factor) || !isUsedOnce(product))
    return undefined
  const sum = named(tensor, 'reduceSum')
    ? reduceSum(found.x, reduceSumOperation.attributesOf(tensor))
    : reduceMean(found.x, reduceMeanOperation.attributesOf(tensor))
  return scale({ ...found, x: sum })
}

export const scalars: readonly Rule[] = [chains, quotients, outOfProducts, outOfSums]
