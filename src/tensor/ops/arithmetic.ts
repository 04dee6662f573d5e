import type { DType } from '../dtype.ts'
import { mapBroadcast } from '../ndarray.ts'
import { broadcastShapes } from '../shape.ts'
import { defineOperation, type Pullback, type Tensor } from '../tensor.ts'
import { cast } from './cast.ts'
import { equal, greater, less, where } from './comparison.ts'
import { asTensors, commonDtype, type Operand, unbroadcast } from './operands.ts'
import { log } from './unary.ts'

type None = Record<string, never>

/** A row of two broadcast inputs; `gradient` gives the two cotangents before broadcasting is undone. */
function binary(
  name: string,
  compute: (a: number, b: number) => number,
  gradient: (a: Tensor, b: Tensor, pullback: Pullback<None>) => readonly [Tensor, Tensor],
  dtypes: readonly DType[] = ['float32', 'int32'],
): (a: Operand, b: Operand) => Tensor {
  const operation = defineOperation<None>({
    name,
    infer: (inputs) => ({
      dtype: commonDtype(name, inputs, ...dtypes),
      shape: broadcastShapes(name, ...inputs.map((input) => input.shape)),
    }),
    reference: (inputs, _, { shape }) => mapBroadcast(shape, inputs, compute),
    vjp: (pullback) => {
      const [a, b] = pullback.inputs
      if (a === undefined || b === undefined) return []
      const [da, db] = gradient(a, b, pullback)
      return [unbroadcast(da, a), unbroadcast(db, b)]
    },
  })
  return (a, b) => operation.apply(asTensors(a, b), {})
}

/** `a + b` with broadcasting. */
export const add = binary(
  'add',
  (a, b) => a + b,
  (_a, _b, { cotangent }) => [cotangent, cotangent],
)

/** `a - b` with broadcasting. */
export const sub = binary(
  'sub',
  (a, b) => a - b,
  (_a, _b, { cotangent }) => [cotangent, mul(cotangent, -1)],
)

/** `a * b` with broadcasting. */
export const mul = binary(
  'mul',
  (a, b) => a * b,
  (a, b, { cotangent }) => [mul(cotangent, b), mul(cotangent, a)],
)

/** `a / b` with broadcasting. */
export const div = binary(
  'div',
  (a, b) => a / b,
  (_a, b, { cotangent, output }) => [div(cotangent, b), mul(div(mul(cotangent, output), b), -1)],
  ['float32'],
)

/** `a` to the power `b` with broadcasting. The gradient with respect to `b` is defined for positive `a`. */
export const pow = binary(
  'pow',
  (a, b) => a ** b,
  // Where a factor is 0 the product is, though 0 to a negative power or its logarithm is infinite.
  (a, b, { cotangent, output }) => [
    mul(cotangent, where(equal(b, 0), 0, mul(b, pow(a, sub(b, 1))))),
    mul(cotangent, where(equal(output, 0), 0, mul(output, log(a)))),
  ],
  ['float32'],
)

/** Half the cotangent to each side of a tie, as PyTorch does. */
const share = (wins: Tensor, ties: Tensor): Tensor => add(cast(wins, 'float32'), mul(cast(ties, 'float32'), 0.5))

/** The larger of `a` and `b`, element by element. */
export const maximum = binary('max', Math.max, (a, b, { cotangent }) => [
  mul(cotangent, share(greater(a, b), equal(a, b))),
  mul(cotangent, share(less(a, b), equal(a, b))),
])

/** The smaller of `a` and `b`, element by element. */
export const minimum = binary('min', Math.min, (a, b, { cotangent }) => [
  mul(cotangent, share(less(a, b), equal(a, b))),
  mul(cotangent, share(greater(a, b), equal(a, b))),
])
