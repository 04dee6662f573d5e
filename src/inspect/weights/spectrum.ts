import { symmetricEigen } from '../../data/linearAlgebra/symmetricEigen.ts'
import type { WeightMatrix } from './matrices.ts'

/** Singular values of a weight, and what they say of it. */
export interface WeightSpectrum {
  /** In descending order, min(rows, columns) of them. */
  readonly singularValues: Float64Array
  /** The largest: how much the map can stretch a vector. */
  readonly spectralNorm: number
  /** ‖W‖²_F / σ₁²: of how many directions the map is made, without a threshold (Rudelson and Vershynin, 2007). */
  readonly stableRank: number
  /** How many singular values float32 tells from 0: above σ₁ · max(rows, columns) · 2⁻²³. */
  readonly rank: number
}

/** Largest shorter side whose singular values are computed: the time grows with its cube, and is about ten seconds here. */
export const MOST_SINGULAR_VALUES = 1500

/**
 * The singular values of a matrix, as square roots of the eigenvalues of its product with itself, in float64: exact to about 1e-8 of the largest,
 * finer than float32 weights are. Nothing where the shorter side is longer than 1,500.
 *
 * @example
 * const { stableRank } = await weightSpectrum({ rows: 2, columns: 2, data: Float32Array.of(3, 0, 0, 1) }) // 1.11
 */
export async function weightSpectrum(matrix: WeightMatrix): Promise<WeightSpectrum | undefined> {
  const { rows, columns } = matrix
  const size = Math.min(rows, columns)
  if (size > MOST_SINGULAR_VALUES) return undefined
  const { values } = await symmetricEigen(shorterProduct(matrix), size)
  const singularValues = values.map((value) => Math.sqrt(Math.max(0, value)))
  const [spectralNorm = 0] = singularValues
  const squares = singularValues.reduce((sum, value) => sum + value * value, 0)
  const least = spectralNorm * Math.max(rows, columns) * 2 ** -23
  return {
    singularValues,
    spectralNorm,
    stableRank: spectralNorm === 0 ? 0 : squares / spectralNorm ** 2,
    rank: singularValues.reduce((count, value) => count + (value > least ? 1 : 0), 0),
  }
}

/** W·Wᵀ or Wᵀ·W, whichever is smaller. */
function shorterProduct({ rows, columns, data }: WeightMatrix): Float64Array {
  const [size, depth] = rows <= columns ? [rows, columns] : [columns, rows]
  const [step, along] = rows <= columns ? [columns, 1] : [1, columns]
  const lines = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: depth }, (_value, k) => data[i * step + k * along] ?? 0),
  )
  const product = new Float64Array(size * size)
  for (const [i, a] of lines.entries())
    for (const [j, b] of lines.slice(0, i + 1).entries()) {
      let sum = 0
      for (let k = 0; k < depth; k++) sum += (a[k] ?? 0) * (b[k] ?? 0)
      product[i * size + j] = sum
      product[j * size + i] = sum
    }
  return product
}
