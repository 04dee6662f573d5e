import { UsageError } from '../../../errors.ts'
import { compile, spec } from '../../../runtime/index.ts'
import { matmul, sizeOf } from '../../../tensor/index.ts'
import { crossProducts, innerProducts } from '../../linearAlgebra/crossProducts.ts'
import { symmetricEigen } from '../../linearAlgebra/symmetricEigen.ts'
import type { TrainingSamples } from '../trainingSamples.ts'
import { type Centred, countOf, first, type Kept, type Leading } from './kept.ts'
import { leadingEigen } from './leadingEigen.ts'

export interface PrincipalComponents {
  /** Of every number of a sample. */
  readonly mean: Float64Array
  /** `[k, numbers of a sample]`, each row of length 1. */
  readonly components: Float32Array
  /** Of the training samples along each component (divided by n − 1). */
  readonly variances: Float64Array
  /** Variance of all numbers of a sample together. */
  readonly total: number
}

/** Matrices up to this size are decomposed whole. */
export const WHOLE = 1000
/** Variances below this share of the largest are rounding errors: samples and products are float32. */
const NOTHING = 1e-7

/**
 * The directions of largest variance. Up to 1,000 features: eigenvectors of their covariance; up to 1,000 samples of more
 * features: of the samples' inner products (Gram matrix), which has the same eigenvalues; beyond that: by subspace iteration.
 * A component's sign makes its largest number positive, as scikit-learn's `svd_flip` does since 1.5.
 *
 * Source: Jolliffe, "Principal Component Analysis", 2nd ed., Springer 2002, chapter 3.
 */
export async function principalComponents(samples: TrainingSamples, kept: Kept): Promise<PrincipalComponents> {
  const [n, d] = [samples.length, sizeOf(samples.shape)]
  if (n < 2) throw new UsageError(`pca: ${samples.name} has one training sample, which varies along nothing: give more`)
  const most = Math.min(n - 1, d)
  if ('components' in kept && kept.components > most)
    throw new UsageError(
      `pca: components is ${kept.components}, and ${n} training samples of ${d} numbers span at most ${most} directions: give at most ${most}`,
    )
  const mean = await meanOf(samples)
  const decompose = Math.min(n, d) > WHOLE ? leadingEigen : d <= n ? ofCovariance : ofSamples
  const found = await decompose({ rows: () => centred(samples, mean), n, d }, kept)
  const variances = found.values.map((value) => value / (n - 1))
  const spanned = variances.findIndex((value) => !(value > NOTHING * (variances[0] ?? 0)))
  if (spanned >= 0)
    throw new UsageError(
      `pca: the training samples of ${samples.name} vary along ${spanned} directions, and ${variances.length} components were asked for: give at most ${spanned}`,
    )
  return { mean, components: withSigns(found.vectors, d), variances, total: found.total / (n - 1) }
}

async function meanOf(samples: TrainingSamples): Promise<Float64Array> {
  const sums = new Float64Array(sizeOf(samples.shape))
  for await (const block of samples.blocks())
    for (let start = 0; start < block.length; start += sums.length)
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (block[start + i] ?? 0)
  return sums.map((sum) => sum / samples.length)
}

async function* centred(samples: TrainingSamples, mean: Float64Array): AsyncGenerator<Float32Array> {
  let room = new Float32Array()
  for await (const block of samples.blocks()) {
    if (room.length < block.length) room = new Float32Array(block.length)
    for (let start = 0; start < block.length; start += mean.length)
      for (let i = 0; i < mean.length; i++) room[start + i] = (block[start + i] ?? 0) - (mean[i] ?? 0)
    yield room.subarray(0, block.length)
  }
}

/** All eigenvalues of the matrix, of which some are kept. */
async function decomposed(matrix: Float64Array, size: number, kept: Kept): Promise<Leading> {
  const eigen = await symmetricEigen(matrix, size)
  const total = eigen.values.reduce((sum, value) => sum + value, 0)
  return { ...first(countOf(kept, eigen.values, total) ?? size, eigen, size), total }
}

async function ofCovariance({ rows, d }: Centred, kept: Kept): Promise<Leading> {
  const products = await crossProducts(d)
  for await (const block of rows()) await products.add(block)
  return decomposed(await products.sum(), d, kept)
}

/** Where there are fewer samples than numbers in one: XXᵀ u = λ u gives XᵀX (Xᵀu) = λ (Xᵀu). */
async function ofSamples({ rows, n, d }: Centred, kept: Kept): Promise<Leading> {
  const x = new Float32Array(n * d)
  let start = 0
  for await (const block of rows()) {
    x.set(block, start)
    start += block.length
  }
  const { values, vectors, total } = await decomposed(await innerProducts(x, n), n, kept)
  const program = await compile((u, samples) => matmul(u, samples), spec([values.length, n]), spec([n, d]))
  const along = await program(Float32Array.from(vectors), x)
  return { values, vectors: unitRows(Float64Array.from(along), d), total }
}

function unitRows(vectors: Float64Array, width: number): Float64Array {
  for (let start = 0; start < vectors.length; start += width) {
    const row = vectors.subarray(start, start + width)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (length > 0) for (let i = 0; i < width; i++) row[i] = (row[i] ?? 0) / length
  }
  return vectors
}

function withSigns(vectors: Float64Array, width: number): Float32Array {
  const out = Float32Array.from(vectors)
  for (let start = 0; start < out.length; start += width) {
    const row = out.subarray(start, start + width)
    const largest = row.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0)
    if (largest < 0) for (let i = 0; i < width; i++) row[i] = -(row[i] ?? 0)
  }
  return out
}
