import { defineOperation, type Shape, ShapeError, sizeOf, type Tensor, type TensorType } from '../tensor/index.ts'
import { foldIn, keyData, keyFromData } from './key.ts'
import { uniform } from './uniform.ts'

/** The type under which a key enters a program: its two words. */
export const keyType: TensorType = { dtype: 'uint32', shape: [2] }

function requireKey(op: string, type: TensorType | undefined): void {
  if (type?.dtype !== 'uint32' || type.shape.join() !== '2')
    throw new ShapeError(
      `${op}: needs a key, uint32 [2] (see keyData), and got ${type?.dtype} [${type?.shape.join(', ')}]`,
    )
}

const foldInOperation = defineOperation<{ readonly data: number | string }>({
  name: 'foldIn',
  infer: ([from]) => {
    requireKey('foldIn', from)
    return keyType
  },
  reference: ([from], { data }) => ({
    shape: [2],
    data: Float64Array.from(keyData(foldIn(keyFromData(from?.data ?? []), data))),
  }),
  host: ([from], { data }) => keyData(foldIn(keyFromData(from ?? []), data)),
})

/** {@link foldIn} for a key that a program is given when it runs. */
export const foldKey = (from: Tensor, data: number | string): Tensor => foldInOperation.apply([from], { data })

const uniformOperation = defineOperation<{ readonly shape: Shape }>({
  name: 'randomUniform',
  infer: ([from], { shape }) => {
    requireKey('randomUniform', from)
    return { dtype: 'float32', shape }
  },
  reference: ([from], { shape }) => ({
    shape,
    data: Float64Array.from(uniform(keyFromData(from?.data ?? []), sizeOf(shape))),
  }),
  host: ([from], { shape }) => uniform(keyFromData(from ?? []), sizeOf(shape)),
})

/**
 * Uniform float32 in [0, 1), drawn on the host from a symbolic key before the program runs: the same numbers as
 * {@link uniform} gives for the key's value, on every runtime.
 */
export const randomUniform = (from: Tensor, shape: Shape): Tensor => uniformOperation.apply([from], { shape })
