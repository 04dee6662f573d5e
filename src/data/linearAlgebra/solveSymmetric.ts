/**
 * Solves A x = b for a symmetric positive definite matrix, in float64, by Cholesky's decomposition.
 *
 * @param matrix `[n, n]`
 * @param sides one b after the other, `[k, n]`
 * @returns one x after the other, `[k, n]`
 */
export async function solveSymmetric(matrix: Float64Array, n: number, sides: Float64Array): Promise<Float64Array> {
  const { CholeskyDecomposition, Matrix } = await import('ml-matrix')
  const right = Matrix.from1DArray(sides.length / n, n, sides).transpose()
  return Float64Array.from(
    new CholeskyDecomposition(Matrix.from1DArray(n, n, matrix)).solve(right).transpose().to1DArray(),
  )
}
