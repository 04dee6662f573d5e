import type { Tensor } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import type { Sketch } from './sketch.ts'

/** One step of a random graph: a tensor made from those there are, or nothing where none fits. */
export type Step = (sketch: Sketch) => Tensor | undefined
export type Steps = Readonly<Record<string, Step>>

/** Within ±1, so that exponentials and products stay of one size. */
export const bounded = (x: Tensor): Tensor => ops.tanh(x)
/** Between 0.3 and 1.3. */
export const positive = (x: Tensor): Tensor => ops.add(ops.square(ops.tanh(x)), 0.3)

const kinked =
  (op: (x: Tensor, sketch: Sketch) => Tensor): Step =>
  (sketch) =>
    op(sketch.apart(sketch.any()), sketch)

/** A truth value for each number of `x`, from numbers that are never close to each other. */
export function truth(sketch: Sketch, x: Tensor): Tensor {
  const compare = sketch.one(ops.greater, ops.less, ops.greaterOrEqual, ops.lessOrEqual, ops.equal)
  const condition = compare(sketch.apart(x), sketch.apart(x, { odd: true }))
  if (sketch.number(0, 2) === 0) return condition
  const given = sketch.bytes(x.shape, 'bool')
  return sketch.one(
    () => given,
    () => ops.logicalAnd(condition, given),
    () => ops.logicalOr(condition, ops.logicalNot(given)),
  )()
}

export const elementwise: Steps = {
  smooth: (s) => s.one(ops.tanh, ops.sin, ops.cos, ops.sigmoid, ops.erf, ops.softplus, ops.silu, ops.neg)(s.any()),
  gelu: (s) => ops.gelu(s.any(), { approximate: s.one('none', 'tanh') }),
  exp: (s) => ops.exp(bounded(s.any())),
  ofPositive: (s) => s.one(ops.log, ops.sqrt, ops.reciprocal)(positive(s.any())),
  pow: (s) => {
    const base = positive(s.any())
    return ops.pow(base, s.coin() ? bounded(s.partner(base)) : s.one(2, 0.5, -1, 3, 1, 0))
  },
  kinked: kinked((x, s) => s.one(ops.relu, ops.abs, ops.leakyRelu, ops.elu)(x)),
  stairs: (s) => {
    const x = s.any()
    return ops.mul(x, s.one(ops.sign, ops.step, ops.floor, ops.ceil, ops.round)(s.apart(x)))
  },
  clip: kinked((x, s) => ops.clip(x, s.one({ min: -1, max: 1 }, { min: 0 }, { max: 0.5 }))),
  add: (s) => {
    const x = s.any()
    return ops.add(x, s.partner(x))
  },
  sub: (s) => {
    const x = s.any()
    return s.coin() ? ops.sub(x, s.partner(x)) : ops.sub(s.partner(x), x)
  },
  mul: (s) => {
    const x = s.any()
    return ops.mul(bounded(x), s.partner(x))
  },
  div: (s) => {
    const x = s.any()
    return s.coin() ? ops.div(x, positive(s.partner(x))) : ops.div(s.partner(x), positive(x))
  },
  // Where simplification works: what changes nothing, chains of numbers, numbers on either side.
  byNumbers: (s) => {
    const x = s.any()
    const number = () => s.one(0, 1, 2, -1, 0.5, -3)
    const [a, b] = [number(), number() || 2]
    return s.one(
      () => ops.add(x, a),
      () => ops.mul(ops.mul(x, a), b),
      () => ops.div(ops.mul(x, a), b),
      () => ops.sub(a, x),
      () => ops.sub(x, a),
      () => ops.div(ops.div(x, b), b),
      () => ops.neg(ops.neg(x)),
      () => ops.pow(positive(x), 1),
    )()
  },
  extremes: (s) => {
    const x = s.any()
    const [left, right] = [s.apart(x), s.apart(x, { odd: true })]
    return s.one(ops.maximum, ops.minimum)(left, right)
  },
  where: (s) => {
    const x = s.any()
    return s.coin() ? ops.where(truth(s, x), x, s.partner(x)) : ops.where(truth(s, x), s.one(0, 1, -2), x)
  },
  cast: (s) => {
    const x = s.any()
    const whole = ops.cast(s.apart(x), 'int32')
    const number = s.one(
      () => whole,
      () => ops.add(whole, 3),
      () => ops.mul(ops.sub(whole, 1), whole),
      () => ops.cast(ops.greater(whole, 1), 'int32'),
      () => ops.clip(whole, { min: -2, max: 2 }),
      () => s.bytes(x.shape, 'uint8'),
    )()
    return ops.add(x, ops.div(ops.cast(number, 'float32'), 8))
  },
}
