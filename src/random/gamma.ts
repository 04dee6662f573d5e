import { UsageError } from '../errors.ts'
import { requireCount } from './count.ts'
import { foldIn, type Key, randomBits } from './key.ts'
import { normal } from './normal.ts'

/**
 * `n` float32 from the gamma distribution with scale 1: density x^(shape-1)·e^(-x)/Γ(shape), mean and variance `shape`.
 * Numbers are tried and rejected as Marsaglia and Tsang ("A simple method for generating gamma variables", 2000) do; each
 * has tries of its own.
 *
 * @param shape - above 0
 * @returns [n]; the first k numbers of a longer draw are those of a shorter one
 * @throws UsageError when the shape is not above 0, or n is not a count
 *
 * @example
 * const waits = gamma(key(0), 100, 3)
 */
export function gamma(key: Key, n: number, shape: number): Float32Array {
  requireCount('gamma', n)
  return Float32Array.from(logGamma('gamma', key, n, shape), Math.exp)
}

const HALF_WORD = 2 ** -33

/** Uniform in (0, 1), one word each. */
const uniforms = (key: Key, n: number): Float64Array =>
  Float64Array.from(randomBits(key, new Uint32Array(n)), (word) => (2 * word + 1) * HALF_WORD)

/** Logarithms of {@link gamma}'s numbers, in float64: for small shapes most numbers are too small for any float. */
export function logGamma(what: string, key: Key, n: number, shape: number): Float64Array {
  if (!(shape > 0 && Number.isFinite(shape)))
    throw new UsageError(`${what}: a shape is ${shape}; give a finite number above 0`)
  if (shape < 1) {
    // X(shape) = X(shape + 1)·U^(1/shape)
    const larger = logGamma(what, foldIn(key, 'larger'), n, shape + 1)
    return uniforms(foldIn(key, 'power'), n).map((u, i) => (larger[i] ?? 0) + Math.log(u) / shape)
  }
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  const out = new Float64Array(n)
  let pending = Array.from(out.keys())
  // At least 95 in 100 numbers are taken at each try.
  for (let attempt = 0; pending.length > 0; attempt++) {
    // Number i has the i-th number of every try, whoever else is still waiting.
    const upTo = (pending.at(-1) ?? 0) + 1
    const x = normal(foldIn(foldIn(key, 'normal'), attempt), upTo)
    const u = uniforms(foldIn(foldIn(key, 'accept'), attempt), upTo)
    pending = pending.filter((i) => {
      const z = x[i] ?? 0
      const v = (1 + c * z) ** 3
      const isTaken = v > 0 && Math.log(u[i] ?? 0) < (z * z) / 2 + d * (1 - v + Math.log(v))
      if (isTaken) out[i] = Math.log(d * v)
      return !isTaken
    })
  }
  return out
}
