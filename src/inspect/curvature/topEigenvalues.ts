import { UsageError } from '../../errors.ts'
import { type Key, normal } from '../../random/index.ts'
import { lanczos, ritzValues, type SymmetricOperator } from './lanczos.ts'

export interface TopEigenvalue {
  readonly value: number
  /** An eigenvalue of the matrix is no farther from it than this; never less than what float32 rounds off the largest. */
  readonly residual: number
}

export interface TopEigenvalues {
  /** Largest first. */
  readonly largest: readonly TopEigenvalue[]
  /** Smallest, the most negative if there are negative ones, first. */
  readonly smallest: readonly TopEigenvalue[]
  /** Products that were computed. */
  readonly steps: number
}

export interface TopEigenvaluesOptions {
  readonly key: Key
  /** At each end; default 5. */
  readonly count?: number
  /** Products at most; default 80. */
  readonly steps?: number
  readonly onStep?: (step: number) => void
}

/**
 * The eigenvalues at both ends of a symmetric matrix's spectrum, by Lanczos' method from a random vector. The ends converge first; how far they have, each
 * one's residual says. Of an eigenvalue that is there several times, one is found.
 *
 * @example
 * const { largest } = await topEigenvalues(hessianOf(loss), { key: key(0) })
 * largest[0] // { value: 41.3, residual: 1e-4 }
 */
export async function topEigenvalues(
  operator: SymmetricOperator,
  { key, count = 5, steps = 80, onStep }: TopEigenvaluesOptions,
): Promise<TopEigenvalues> {
  for (const [name, value] of Object.entries({ count, steps }))
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`topEigenvalues: ${name} is ${value}: give a whole number of at least 1`)
  const small = await lanczos(operator, normal(key, operator.size), steps, onStep)
  const values = await ritzValues(small)
  const rounding = 2 ** -23 * Math.max(...values.map(({ value }) => Math.abs(value)))
  const found = values.map(({ value, residual }) => ({ value, residual: Math.max(residual, rounding) }))
  const many = Math.min(count, found.length)
  return { largest: found.slice(0, many), smallest: found.slice(-many).reverse(), steps: found.length }
}
