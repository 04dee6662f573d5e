import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import { ResultKind } from '../../display.ts'
import { UsageError } from '../../errors.ts'
import type { LossFunction } from '../lossFunction.ts'
import { lengthOf, requireFinite, type SymmetricOperator } from './lanczos.ts'

/** The Hessian of a loss at some parameters, known by its products. */
export const hessianOf = (loss: LossFunction, at: Float32Array = loss.parameters): SymmetricOperator => ({
  size: at.length,
  product: (vector) => loss.products(at, vector),
})

/** Largest number of parameters of which all eigenvalues are computed: the matrix and its eigenvectors take 16 bytes × parameters². */
export const FULL = 4000

/** Directions in one program. */
const TOGETHER = 64

export interface FullHessian {
  /** `[parameters, parameters]`, symmetric. */
  readonly matrix: Float64Array
  /** Frobenius norm of what was not symmetric before, which is rounding alone: that of the matrix's own error is as large. */
  readonly error: number
}

/**
 * The whole Hessian of a small network's loss, row by row by exact Hessian-vector products.
 *
 * @throws UsageError for a network of more than 4,000 parameters
 */
export async function fullHessian(
  loss: LossFunction,
  at: Float32Array = loss.parameters,
  onRows?: (done: number) => void,
): Promise<FullHessian> {
  const n = at.length
  if (n > FULL)
    throw new UsageError(
      `the network has ${n} parameters, and all eigenvalues are computed of at most ${FULL}: use topEigenvalues, hutchinsonTrace and spectralDensity`,
    )
  const rows = Math.min(TOGETHER, n)
  const matrix = new Float64Array(n * n)
  for (let begin = 0; begin < n; begin += rows) {
    const directions = new Float32Array(rows * n)
    for (let row = 0; row < Math.min(rows, n - begin); row++) directions[row * n + begin + row] = 1
    const found = await loss.products(at, directions)
    matrix.set(found.subarray(0, Math.min(rows, n - begin) * n), begin * n)
    onRows?.(Math.min(n, begin + rows))
  }
  return symmetrized(matrix, n)
}

/** The symmetric part of a matrix, and how large the rest is. */
export function symmetrized(matrix: Float64Array, n: number): FullHessian {
  const symmetric = new Float64Array(n * n)
  const rest = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [one, other] = [matrix[i * n + j] ?? 0, matrix[j * n + i] ?? 0]
      symmetric[i * n + j] = (one + other) / 2
      rest[i * n + j] = (one - other) / 2
    }
  return { matrix: symmetric, error: lengthOf(rest) }
}

/** All eigenvalues of a Hessian, and how many of them are positive. */
export interface Spectrum {
  /** Largest first. */
  readonly eigenvalues: Float64Array
  /** An eigenvalue no farther from 0 than this counts as zero. */
  readonly tolerance: number
  readonly positive: number
  readonly zero: number
  readonly negative: number
  /** Positive eigenvalues over parameters: 1 at a minimum that is strict in all directions. */
  readonly minimalRatio: number
}

export const spectrumKind = new ResultKind<Spectrum>()

const FLOAT32_EPSILON = 2 ** -23

/**
 * The eigenvalues of a Hessian.
 *
 * @param options.tolerance - default: what float32 cannot tell from zero, the larger of parameters × 2⁻²³ × the largest eigenvalue's size (as for the rank of
 *   a matrix) and the rounding error that the Hessian shows
 *
 * @throws UsageError where the matrix has entries that are no finite numbers
 *
 * @example
 * const { minimalRatio, tolerance } = await spectrum(await fullHessian(loss))
 */
export async function spectrum(
  { matrix, error }: FullHessian,
  options: { readonly tolerance?: number | undefined } = {},
): Promise<Spectrum> {
  if (options.tolerance !== undefined && !(options.tolerance >= 0))
    throw new UsageError(`tolerance is ${options.tolerance}: give a number of at least 0`)
  requireFinite(lengthOf(matrix))
  const n = Math.sqrt(matrix.length)
  const { values: eigenvalues } = await symmetricEigen(matrix, n)
  const largest = eigenvalues.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const tolerance = options.tolerance ?? Math.max(n * FLOAT32_EPSILON * largest, error)
  const positive = eigenvalues.filter((value) => value > tolerance).length
  const negative = eigenvalues.filter((value) => value < -tolerance).length
  const zero = n - positive - negative
  return spectrumKind.mark({ eigenvalues, tolerance, positive, negative, zero, minimalRatio: positive / n })
}
