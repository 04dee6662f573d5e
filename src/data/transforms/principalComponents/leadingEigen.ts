import { UsageError } from '../../../errors.ts'
import { key, normal } from '../../../random/index.ts'
import { compile, spec } from '../../../runtime/index.ts'
import { allocate, matmul, transpose } from '../../../tensor/index.ts'
import { blocksOf } from '../../linearAlgebra/crossProducts.ts'
import { type Eigen, symmetricEigen } from '../../linearAlgebra/symmetricEigen.ts'
import { type Centred, countOf, first, type Kept, type Leading } from './kept.ts'

/** Directions beyond those asked for: with them the last of those converge faster. */
const SPARE = 10
const FIRST_GUESS = 64
const MOST = 1024
/** The most passes over the data for one number of directions; each sharpens the smaller components. */
const PASSES = 12
/** Done when the sum of the eigenvalues grows by less than this share of it. */
const TOLERANCE = 1e-7
const ROWS = 256

/**
 * The leading eigenvalues and eigenvectors of XᵀX where neither it nor XXᵀ is small enough to be decomposed whole: subspace
 * iteration from random directions, which is the randomised range finder with power iterations. Each pass reads the
 * data once.
 *
 * Source: Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 53 (2011), algorithm 4.4.
 */
export async function leadingEigen(of: Centred, kept: Kept): Promise<Leading> {
  const total = await squares(of)
  const most = Math.min(of.n - 1, of.d, MOST)
  const asked = 'components' in kept ? kept.components : undefined
  if (asked !== undefined && asked > most)
    throw new UsageError(`pca: components is ${asked}, and of data this large at most ${most} can be had: give fewer`)
  for (let width = Math.min((asked ?? FIRST_GUESS) + SPARE, most); ; width = Math.min(2 * width, most)) {
    const found = await iterate(of, width, asked ?? width)
    const k = countOf(kept, found.values, total)
    if (k !== undefined) return { ...first(k, found, of.d), total }
    if (width === most)
      throw new UsageError(
        `pca: the ${most} largest components of ${of.n} samples of ${of.d} numbers have not the share of the variance that was asked for: give a smaller variance, or a number of components up to ${most}`,
      )
  }
}

async function iterate(of: Centred, width: number, asked: number): Promise<Eigen> {
  const { d } = of
  const multiply = await multiplier(of, width)
  let directions = orthonormal(Float64Array.from(normal(key(0), width * d)), d)
  let before = 0
  for (let pass = 1; ; pass++) {
    const multiplied = await multiply(directions)
    // Rayleigh and Ritz: the eigenvectors of XᵀX within the span of the directions.
    const inner = innerProducts(directions, multiplied, d)
    const { values, vectors } = await symmetricEigen(inner, width)
    const sum = values.subarray(0, asked).reduce((total, value) => total + value, 0)
    if (pass === PASSES || sum - before < TOLERANCE * sum) return { values, vectors: combine(vectors, directions, d) }
    before = sum
    directions = orthonormal(multiplied, d)
  }
}

/** The sum of all squares, which is that of all eigenvalues. */
async function squares({ rows }: Centred): Promise<number> {
  let sum = 0
  for await (const block of rows()) for (let i = 0; i < block.length; i++) sum += (block[i] ?? 0) ** 2
  return sum
}

/** Directions `[width, d]` times XᵀX, `[width, d]`. */
async function multiplier({ rows, d }: Centred, width: number) {
  const program = await compile(
    (x, directions) => transpose(matmul(transpose(x), matmul(x, transpose(directions)))),
    spec([ROWS, d]),
    spec([width, d]),
  )
  const product = allocate('float32', width * d)
  return async (directions: Float64Array): Promise<Float64Array> => {
    const given = Float32Array.from(directions)
    const total = new Float64Array(width * d)
    const full = blocksOf(ROWS * d, async (x) => {
      await program.runFlat([x, given], [product])
      for (let i = 0; i < total.length; i++) total[i] = (total[i] ?? 0) + (product[i] ?? 0)
    })
    for await (const block of rows()) await full.add(block)
    await full.flush()
    return total
  }
}

/** Rows of `a` times rows of `b`, symmetric but for rounding, so the mean of both halves. */
function innerProducts(a: Float64Array, b: Float64Array, width: number): Float64Array {
  const n = a.length / width
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const half = dot(a, i * width, b, j * width, width) / 2
      out[i * n + j] = (out[i * n + j] ?? 0) + half
      out[j * n + i] = (out[j * n + i] ?? 0) + half
    }
  return out
}

/** The rows made orthonormal, in place: Gram and Schmidt's way, twice, because once leaves rounding errors. */
function orthonormal(rows: Float64Array, width: number): Float64Array {
  for (let i = 0; i < rows.length; i += width) {
    const before = lengthOf(rows, i, width)
    for (let turn = 0; turn < 2; turn++)
      for (let j = 0; j < i; j += width) addMultiple(rows, i, rows, j, -dot(rows, i, rows, j, width), width)
    const after = lengthOf(rows, i, width)
    // What the rows before it span already leaves a rounding error, which is no direction.
    for (let k = i; k < i + width; k++) rows[k] = after > 1e-12 * before ? (rows[k] ?? 0) / after : 0
  }
  return rows
}

/** Weights `[n, n]` times rows `[n, width]`. */
function combine(weights: Float64Array, rows: Float64Array, width: number): Float64Array {
  const n = rows.length / width
  const out = new Float64Array(rows.length)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) addMultiple(out, i * width, rows, j * width, weights[i * n + j] ?? 0, width)
  return out
}

/** Of `width` numbers from each start on. */
function dot(a: Float64Array, aStart: number, b: Float64Array, bStart: number, width: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += (a[aStart + i] ?? 0) * (b[bStart + i] ?? 0)
  return sum
}

const lengthOf = (rows: Float64Array, start: number, width: number): number =>
  Math.sqrt(dot(rows, start, rows, start, width))

/** Adds `factor` times `width` numbers of `b` to those of `a`. */
function addMultiple(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  factor: number,
  width: number,
): void {
  for (let i = 0; i < width; i++) a[aStart + i] = (a[aStart + i] ?? 0) + factor * (b[bStart + i] ?? 0)
}
