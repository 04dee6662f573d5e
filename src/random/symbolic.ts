import {
  defineOperation,
  type Operation,
  type Shape,
  ShapeError,
  sizeOf,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { fillDropoutMask } from './dropoutMask.ts'
import { foldIn, type Key, keyData, keyFromData } from './key.ts'
import { fillUniform } from './uniform.ts'

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
  host: ([from], { data }, out) => out.set(keyData(foldIn(keyFromData(from ?? []), data))),
})

/** {@link foldIn} for a key that a program is given when it runs. */
export const foldKey = (from: Tensor, data: number | string): Tensor => foldInOperation.apply([from], { data })

/** An op that gives float32 numbers of its own for each key. */
function defineDraw<A extends { readonly shape: Shape }>(
  name: string,
  fill: (key: Key, out: Float32Array, attributes: A) => void,
): Operation<A> {
  return defineOperation<A>({
    name,
    infer: ([from], { shape }) => {
      requireKey(name, from)
      return { dtype: 'float32', shape }
    },
    reference: ([from], attributes) => {
      const out = new Float32Array(sizeOf(attributes.shape))
      fill(keyFromData(from?.data ?? []), out, attributes)
      return { shape: attributes.shape, data: Float64Array.from(out) }
    },
    host: ([from], attributes, out) => fill(keyFromData(from ?? []), floats(out), attributes),
  })
}

function floats(out: TypedArray): Float32Array {
  if (out instanceof Float32Array) return out
  throw new Error(`random float32 were to be written to a ${out.constructor.name}`)
}

const uniformOperation = defineDraw<{ readonly shape: Shape }>('randomUniform', (key, out) => fillUniform(key, out))

/**
 * Uniform float32 in [0, 1), drawn on the host from a symbolic key before the program runs: the same numbers as
 * {@link uniform} gives for the key's value, on every runtime.
 */
export const randomUniform = (from: Tensor, shape: Shape): Tensor => uniformOperation.apply([from], { shape })

const dropoutMaskOperation = defineDraw<{ readonly shape: Shape; readonly p: number }>(
  'dropoutMask',
  (key, out, { p }) => fillDropoutMask(key, out, p),
)

/**
 * The mask of dropout as float32, made on the host from a symbolic key before the program runs: 0 with probability `p`, else
 * 1/(1−p), so that a product with it keeps the mean. A shape such as [N, C, 1, 1] drops whole channels.
 *
 * @param p from 0 to below 1
 */
export const dropoutMask = (from: Tensor, shape: Shape, p: number): Tensor =>
  dropoutMaskOperation.apply([from], { shape, p })
