/** What the ways to principal components share. @module */

import type { Eigen } from '../../linearAlgebra/symmetricEigen.ts'

/** How many components are kept: so many, or as many as it takes for more than this share of the variance. */
export type Kept = { readonly components: number } | { readonly variance: number }

/** Samples less their mean. */
export interface Centred {
  /** All of them, some rows at a time, `[rows, d]`; a view that the next overwrites. */
  rows(): AsyncIterable<Float32Array>
  /** Number of samples. */
  readonly n: number
  /** Numbers of a sample. */
  readonly d: number
}

/** Leading eigenvalues of XᵀX, descending, and eigenvectors `[k, d]`, where X are centred samples `[n, d]`. */
export interface Leading extends Eigen {
  /** Sum of all eigenvalues. */
  readonly total: number
}

/** How many of these eigenvalues, the largest first, are kept; undefined where they are too few to say. */
export function countOf(kept: Kept, values: Float64Array, total: number): number | undefined {
  if ('components' in kept) return kept.components <= values.length ? kept.components : undefined
  let sum = 0
  for (const [i, value] of values.entries()) {
    sum += value
    // As in scikit-learn, more than the share and not just as much.
    if (sum > kept.variance * total) return i + 1
  }
  return undefined
}

/** The first k of some eigenvectors of `width` numbers, and their values. */
export const first = (k: number, { values, vectors }: Eigen, width: number): Eigen => ({
  values: values.slice(0, k),
  vectors: vectors.slice(0, k * width),
})
