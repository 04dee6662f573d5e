import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import { UsageError } from '../../errors.ts'

/** A symmetric matrix that is known by its products alone. */
export interface SymmetricOperator {
  readonly size: number
  /** The matrix times a vector. */
  product(vector: Float32Array): Promise<ArrayLike<number>>
}

/** A symmetric matrix seen from one vector: on the space of its first products it is tridiagonal. */
export interface Tridiagonal {
  readonly diagonal: readonly number[]
  /** Beside the diagonal; as many as the diagonal has, the last of which says how much of the matrix the space leaves out. */
  readonly beside: readonly number[]
}

/** An eigenvalue of the small matrix, an estimate of one of the large. */
export interface RitzValue {
  readonly value: number
  /** An eigenvalue of the large matrix is no farther from it than this. */
  readonly residual: number
  /** Share of the first vector that lies along it; all shares sum to 1. */
  readonly weight: number
}

/** Below this share of the largest number so far, what is left of a vector is rounding: the space is exhausted. */
const EXHAUSTED = 1e-6

/**
 * Lanczos' method with full reorthogonalisation (each new vector is made orthogonal to all before, twice), without which rounding gives eigenvalues that are
 * there once several times. The vectors are kept, `steps` × size float32 numbers.
 *
 * Source: Golub and Van Loan, Matrix Computations, chapter 10
 *
 * @param start - of any length; it is copied
 * @param steps - at most this many; fewer where the space of products is exhausted before
 * @param onStep - after each product
 * @throws UsageError where a product is no finite number
 */
export async function lanczos(
  { size, product }: SymmetricOperator,
  start: ArrayLike<number>,
  steps: number,
  onStep?: (step: number) => void,
): Promise<Tridiagonal> {
  const first = lengthOf(start)
  if (!(first > 0 && Number.isFinite(first)))
    throw new UsageError('lanczos: the vector to start from has no length: give one that is not zero')
  const diagonal: number[] = []
  const beside: number[] = []
  const basis: Float32Array[] = [Float32Array.from(start, (value) => value / first)]
  let scale = 0
  for (let step = 0; step < Math.min(steps, size); step++) {
    const vector = basis[step]
    if (vector === undefined) break
    const next = Float64Array.from(await product(vector))
    diagonal.push(dot(vector, next))
    for (let pass = 0; pass < 2; pass++) for (const other of basis) subtract(next, other, dot(other, next))
    const length = lengthOf(next)
    requireFinite(length)
    onStep?.(step + 1)
    scale = Math.max(scale, Math.abs(diagonal.at(-1) ?? 0), length)
    if (!(length > EXHAUSTED * scale) || basis.length === size) {
      beside.push(0)
      break
    }
    beside.push(length)
    basis.push(Float32Array.from(next, (value) => value / length))
  }
  return { diagonal, beside }
}

/** The eigenvalues of a tridiagonal matrix, largest first, with what they say of the large one. */
export async function ritzValues({ diagonal, beside }: Tridiagonal): Promise<RitzValue[]> {
  const n = diagonal.length
  const matrix = new Float64Array(n * n)
  for (let i = 0; i < n; i++) {
    matrix[i * n + i] = diagonal[i] ?? 0
    if (i + 1 < n) matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = beside[i] ?? 0
  }
  const { values, vectors } = await symmetricEigen(matrix, n)
  const rest = beside[n - 1] ?? 0
  return Array.from(values, (value, i) => ({
    value,
    residual: Math.abs(rest * (vectors[i * n + n - 1] ?? 0)),
    weight: (vectors[i * n] ?? 0) ** 2,
  }))
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

/** @throws UsageError where a loss has no curvature that could be computed, as of a network that diverged */
export function requireFinite(length: number): void {
  if (!Number.isFinite(length))
    throw new UsageError(
      'the Hessian has entries that are no finite numbers, and no eigenvalues: give weights at which the loss is finite',
    )
}

export const lengthOf = (vector: ArrayLike<number>): number => Math.sqrt(dot(vector, vector))

function subtract(from: Float64Array, vector: Float32Array, times: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] ?? 0) - times * (vector[i] ?? 0)
}
