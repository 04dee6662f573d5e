import type { DType } from '../dtype.ts'
import { mapBroadcast } from '../ndarray.ts'
import { broadcastShapes, ShapeError } from '../shape.ts'
import { defineOperation, type Tensor } from '../tensor.ts'
import { mul } from './arithmetic.ts'
import { cast } from './cast.ts'
import { asTensor, asTensors, commonDtype, type Operand, requireDtype, unbroadcast } from './operands.ts'

type None = Record<string, never>

/** Rows that give truth values: piecewise constant, so without a gradient. */
function comparison(
  name: string,
  compute: (a: number, b: number) => boolean,
  ...dtypes: readonly DType[]
): (a: Operand, b: Operand) => Tensor {
  const operation = defineOperation<None>({
    name,
    infer: (inputs) => {
      commonDtype(name, inputs, ...dtypes)
      return { dtype: 'bool', shape: broadcastShapes(name, ...inputs.map((input) => input.shape)) }
    },
    reference: (inputs, _, { shape }) => mapBroadcast(shape, inputs, (a = 0, b = 0) => (compute(a, b) ? 1 : 0)),
  })
  return (a, b) => operation.apply(asTensors(a, b), {})
}

const ordered = ['float32', 'int32', 'uint8', 'uint32'] as const

export const equal = comparison('equal', (a, b) => a === b)
export const greater = comparison('greater', (a, b) => a > b, ...ordered)
export const greaterOrEqual = comparison('greaterOrEqual', (a, b) => a >= b, ...ordered)
export const less = comparison('less', (a, b) => a < b, ...ordered)
export const lessOrEqual = comparison('lessOrEqual', (a, b) => a <= b, ...ordered)
/** Both of two `bool` tensors. */
export const logicalAnd = comparison('and', (a, b) => a !== 0 && b !== 0, 'bool')
/** Either of two `bool` tensors. */
export const logicalOr = comparison('or', (a, b) => a !== 0 || b !== 0, 'bool')

const notOperation = defineOperation<None>({
  name: 'not',
  infer: ([x]) => {
    const type = x ?? { dtype: 'bool', shape: [] }
    requireDtype('not', 'the input', type, 'bool')
    return { dtype: 'bool', shape: type.shape }
  },
  reference: (inputs, _, { shape }) => mapBroadcast(shape, inputs, (a) => (a === 0 ? 1 : 0)),
})

/** The opposite of a `bool` tensor. */
export const logicalNot = (x: Tensor): Tensor => notOperation.apply([x], {})

const whereOperation = defineOperation<None>({
  name: 'where',
  infer: (inputs) => {
    const [condition, ...branches] = inputs
    if (condition !== undefined) requireDtype('where', 'the condition', condition, 'bool')
    return {
      dtype: commonDtype('where', branches, 'float32', 'int32', 'uint8'),
      shape: broadcastShapes('where', ...inputs.map((input) => input.shape)),
    }
  },
  reference: (inputs, _, { shape }) => mapBroadcast(shape, inputs, (test, a = 0, b = 0) => (test !== 0 ? a : b)),
  vjp: ({ inputs: [condition, a, b], cotangent }) => {
    if (condition === undefined || a === undefined || b === undefined) return []
    const zero = asTensor(0, cotangent.dtype)
    return [
      undefined,
      unbroadcast(where(condition, cotangent, zero), a),
      unbroadcast(where(condition, zero, cotangent), b),
    ]
  },
})

/** `a` where the `bool` condition holds, else `b`, with broadcasting. */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  return whereOperation.apply([condition, ...asTensors(a, b)], {})
}

export const clipOperation = defineOperation<{ readonly min: number; readonly max: number }>({
  name: 'clip',
  infer: (inputs, { min, max }) => {
    const dtype = commonDtype('clip', inputs, 'float32', 'int32')
    if (min > max) throw new ShapeError(`clip: min ${min} is above max ${max}; give the smaller one as min`)
    if (dtype === 'int32' && [min, max].some((bound) => Number.isFinite(bound) && !Number.isInteger(bound)))
      throw new ShapeError(`clip: the bounds ${min} and ${max} of an int32 tensor must be whole numbers`)
    return { dtype, shape: inputs[0]?.shape ?? [] }
  },
  reference: (inputs, { min, max }, { shape }) =>
    mapBroadcast(shape, inputs, (x = 0) => Math.min(max, Math.max(min, x))),
  vjp: ({ inputs: [x], cotangent, attributes: { min, max } }) =>
    x === undefined
      ? []
      : [mul(cotangent, cast(logicalAnd(greaterOrEqual(x, min), lessOrEqual(x, max)), cotangent.dtype))],
})

/** Values limited to `[min, max]`; the gradient passes where the value was inside, bounds included (as in PyTorch). */
export function clip(x: Tensor, { min = -Infinity, max = Infinity }: { min?: number; max?: number }): Tensor {
  return clipOperation.apply([x], { min, max })
}
