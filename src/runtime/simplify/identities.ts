import { add, expand, mul, type Shape, sameShape, sub, type Tensor } from '../../tensor/index.ts'
import { castOperation } from '../../tensor/ops/cast.ts'
import { clipOperation } from '../../tensor/ops/comparison.ts'
import { cumSumOperation } from '../../tensor/ops/elements.ts'
import { averagePool2dOperation, maxPool2dOperation } from '../../tensor/ops/pooling.ts'
import { upsampleOperation } from '../../tensor/ops/resize.ts'
import type { Window } from '../../tensor/ops/window.ts'
import { axisSize } from '../../tensor/shape.ts'
import { filling, named, numberIn, type Rule } from './rule.ts'

/** `x`, stretched to the shape of what it stands for. */
const as = (x: Tensor, shape: Shape): Tensor => expand(x, shape)

/**
 * What adding, multiplying or raising by a constant leaves as it is, bit for bit except that -0 + 0 is 0. A product with 0
 * is kept, since it is not 0 for infinities and NaN.
 */
const neutral: Rule = ({ operation: { name }, inputs: [a, b], shape }) => {
  if (a === undefined || b === undefined) return undefined
  const [left, right] = [filling(a), filling(b)]
  switch (name) {
    case 'add':
      return right === 0 ? as(a, shape) : left === 0 ? as(b, shape) : undefined
    case 'sub':
      return right === 0 ? as(a, shape) : undefined
    case 'mul':
      return right === 1 ? as(a, shape) : left === 1 ? as(b, shape) : undefined
    case 'div':
    case 'pow':
      return right === 1 ? as(a, shape) : undefined
    default:
      return undefined
  }
}

/** -x as the op table writes it, and its x. */
function negated(tensor: Tensor | undefined): Tensor | undefined {
  if (!named(tensor, 'mul')) return undefined
  const [a, b] = tensor.inputs
  return numberIn(b) === -1 && sameShape(tensor.shape, a?.shape ?? []) ? a : undefined
}

/** a + (-b) = a - b, (-a) + b = b - a, a - (-b) = a + b and a + a = 2a, all exactly. */
const signs: Rule = (tensor) => {
  const [a, b] = tensor.inputs
  if (a === undefined || b === undefined || !named(tensor, 'add', 'sub')) return undefined
  const [minusA, minusB] = [negated(a), negated(b)]
  if (named(tensor, 'sub')) return minusB && add(a, minusB)
  if (minusB !== undefined) return sub(a, minusB)
  if (minusA !== undefined) return sub(b, minusA)
  return a === b ? mul(a, 2) : undefined
}

/** A choice that is made already, or between the same. */
const decided: Rule = (tensor) => {
  const [condition, a, b] = tensor.inputs
  if (!named(tensor, 'where') || a === undefined || b === undefined) return undefined
  const test = filling(condition)
  if (test !== undefined) return as(test === 0 ? b : a, tensor.shape)
  return a === b ? as(a, tensor.shape) : undefined
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['abs', 'ceil', 'floor', 'relu', 'round', 'sign'])

/** f(f(x)) = f(x), and not(not(x)) = x. */
const repeated: Rule = ({ operation, inputs: [inner] }) => {
  if (inner === undefined || inner.operation !== operation) return undefined
  return IDEMPOTENT.has(operation.name) ? inner : operation.name === 'not' ? inner.inputs[0] : undefined
}

const isTrivial = ({ kernel, strides, pads }: Window): boolean =>
  [...kernel, ...strides].every((n) => n === 1) && pads.every((n) => n === 0)

/** Ops whose attributes say that nothing happens. */
const idle: Rule = (tensor) => {
  const [x] = tensor.inputs
  if (x === undefined) return undefined
  const isIdle = (() => {
    switch (tensor.operation) {
      case castOperation:
        return x.dtype === tensor.dtype
      case clipOperation: {
        const { min, max } = clipOperation.attributesOf(tensor)
        return min === -Infinity && max === Infinity
      }
      case maxPool2dOperation:
        return isTrivial(maxPool2dOperation.attributesOf(tensor))
      case averagePool2dOperation:
        return isTrivial(averagePool2dOperation.attributesOf(tensor))
      case upsampleOperation:
        return upsampleOperation.attributesOf(tensor).factors.every((factor) => factor === 1)
      case cumSumOperation: {
        const { axis, exclusive } = cumSumOperation.attributesOf(tensor)
        return !exclusive && axisSize(x.shape, axis) === 1
      }
      default:
        return false
    }
  })()
  return isIdle ? x : undefined
}

export const identities: readonly Rule[] = [neutral, signs, decided, repeated, idle]
