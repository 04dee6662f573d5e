import {
  cos,
  defineOperation,
  log,
  mul,
  type Operation,
  type Shape,
  ShapeError,
  sizeOf,
  sqrt,
  sub,
  type Tensor,
  type TensorType,
  type TypedArray,
} from '../tensor/index.ts'
import { beta } from './beta.ts'
import { fillDropoutMask } from './dropoutMask.ts'
import { foldIn, type Key, keyData, keyFromData } from './key.ts'
import { fillUniform } from './uniform.ts'

/** The type under which a key enters a program: its two words. Several keys are uint32 `[…, 2]`. */
export const keyType: TensorType = { dtype: 'uint32', shape: [2] }

/** The axes of several keys. */
function axesOfKeys(op: string, type: TensorType | undefined): Shape {
  if (type?.dtype !== 'uint32' || type.shape.at(-1) !== 2)
    throw new ShapeError(
      `${op}: needs a key, uint32 [2] (see keyData), or several, uint32 [..., 2], and got ${type?.dtype} [${type?.shape.join(', ')}]`,
    )
  return type.shape.slice(0, -1)
}

/** The keys in an array of their words. */
const keysOf = (words: ArrayLike<number>): Key[] =>
  Array.from({ length: words.length / 2 }, (_, k) => keyFromData([words[2 * k] ?? 0, words[2 * k + 1] ?? 0]))

const foldInOperation = defineOperation<{ readonly data: number | string }>({
  name: 'foldIn',
  infer: ([from]) => ({ dtype: 'uint32', shape: [...axesOfKeys('foldIn', from), 2] }),
  reference: ([from], { data }, { shape }) => ({
    shape,
    data: Float64Array.from(keysOf(from?.data ?? []).flatMap((key) => [...keyData(foldIn(key, data))])),
  }),
  host: ([from], { data }, out) => {
    for (const [k, key] of keysOf(from ?? []).entries()) out.set(keyData(foldIn(key, data)), 2 * k)
  },
})

/** {@link foldIn} for a key, or several, that a program is given when it runs. */
export const foldKey = (from: Tensor, data: number | string): Tensor => foldInOperation.apply([from], { data })

/** An op that gives float32 numbers of its own for each key: for keys `[…, 2]` they are `[…, …shape]`. */
function defineDraw<A extends { readonly shape: Shape }>(
  name: string,
  fill: (key: Key, out: Float32Array, attributes: A) => void,
): Operation<A> {
  const fillAll = (words: ArrayLike<number>, out: Float32Array, attributes: A): void => {
    const size = sizeOf(attributes.shape)
    for (const [k, key] of keysOf(words).entries()) fill(key, out.subarray(k * size, (k + 1) * size), attributes)
  }
  return defineOperation<A>({
    name,
    infer: ([from], { shape }) => ({ dtype: 'float32', shape: [...axesOfKeys(name, from), ...shape] }),
    reference: ([from], attributes, { shape }) => {
      const out = new Float32Array(sizeOf(shape))
      fillAll(from?.data ?? [], out, attributes)
      return { shape, data: Float64Array.from(out) }
    },
    host: ([from], attributes, out) => fillAll(from ?? [], floats(out), attributes),
  })
}

function floats(out: TypedArray): Float32Array {
  if (out instanceof Float32Array) return out
  throw new Error(`random float32 were to be written to a ${out.constructor.name}`)
}

const uniformOperation = defineDraw<{ readonly shape: Shape }>('randomUniform', (key, out) => fillUniform(key, out))

/**
 * Uniform float32 in [0, 1), drawn on the host from a symbolic key before the program runs: the same numbers as
 * {@link uniform} gives for the key's value, on every runtime. For several keys, `[…, 2]`, each has its own: `[…, …shape]`.
 */
export const randomUniform = (from: Tensor, shape: Shape): Tensor => uniformOperation.apply([from], { shape })

/**
 * Standard normal float32, made in the program from uniform numbers by the transform of Box and Muller (1958). With 24 bits in
 * the radius they reach 5.77 standard deviations. They are not those that {@link normal} gives for the same key. For several
 * keys, `[…, 2]`, each has its own: `[…, …shape]`.
 */
export function randomNormal(from: Tensor, shape: Shape): Tensor {
  // 1 - u is never 0, whose logarithm would be infinite.
  const radius = sqrt(mul(log(sub(1, randomUniform(foldKey(from, 'radius'), shape))), -2))
  const angle = mul(randomUniform(foldKey(from, 'angle'), shape), 2 * Math.PI)
  return mul(radius, cos(angle))
}

const dropoutMaskOperation = defineDraw<{ readonly shape: Shape; readonly p: number }>(
  'dropoutMask',
  (key, out, { p }) => fillDropoutMask(key, out, p),
)

/**
 * The mask of dropout as float32, made on the host from a symbolic key before the program runs: 0 with probability `p`, else
 * 1/(1−p), so that a product with it keeps the mean. A shape such as [N, C, 1, 1] drops whole channels. For several keys,
 * `[…, 2]`, each has its own mask: `[…, …shape]`.
 *
 * @param p from 0 to below 1
 */
export const dropoutMask = (from: Tensor, shape: Shape, p: number): Tensor =>
  dropoutMaskOperation.apply([from], { shape, p })

const betaOperation = defineDraw<{ readonly shape: Shape; readonly a: number; readonly b: number }>(
  'randomBeta',
  (key, out, { a, b }) => out.set(beta(key, out.length, a, b)),
)

/**
 * Float32 of the beta distribution, drawn on the host from a symbolic key before the program runs: the same numbers as
 * {@link beta} gives for the key's value. For several keys, `[…, 2]`, each has its own: `[…, …shape]`.
 */
export const randomBeta = (from: Tensor, shape: Shape, a: number, b: number): Tensor =>
  betaOperation.apply([from], { shape, a, b })
