import { EigenvalueDecomposition, Matrix } from 'ml-matrix'

/** What follows from the dimension and the population's size alone. */
export interface Strategy {
  readonly dimension: number
  readonly size: number
  /** Of the better half, the best first; they add up to 1. */
  readonly weights: readonly number[]
  readonly effective: number
  readonly cSigma: number
  readonly dSigma: number
  readonly cc: number
  readonly c1: number
  readonly cMu: number
  /** Expected length of a standard normal vector. */
  readonly length: number
}

/** The search distribution of one generation, with the paths that adapt it. Vectors are columns. */
export interface State {
  readonly generation: number
  readonly mean: Matrix
  readonly sigma: number
  readonly covariance: Matrix
  readonly sigmaPath: Matrix
  readonly covariancePath: Matrix
  /** Square root of the covariance, and its inverse. */
  readonly root: Matrix
  readonly inverseRoot: Matrix
}

/** Population of Hansen's default, 4 + ⌊3 ln n⌋. */
export const defaultSize = (dimension: number): number => 4 + Math.floor(3 * Math.log(dimension))

/** Hansen's defaults (table 1 of the tutorial) with positive weights. */
export function strategy(dimension: number, size: number): Strategy {
  const half = Math.floor(size / 2)
  const raw = Array.from({ length: half }, (_, i) => Math.log((size + 1) / 2) - Math.log(i + 1))
  const sum = raw.reduce((a, b) => a + b, 0)
  const weights = raw.map((weight) => weight / sum)
  const effective = 1 / weights.reduce((a, b) => a + b * b, 0)
  const n = dimension
  const cSigma = (effective + 2) / (n + effective + 5)
  const c1 = 2 / ((n + 1.3) ** 2 + effective)
  return {
    ...{ dimension, size, weights, effective, cSigma, c1 },
    dSigma: 1 + 2 * Math.max(0, Math.sqrt((effective - 1) / (n + 1)) - 1) + cSigma,
    cc: (4 + effective / n) / (n + 4 + (2 * effective) / n),
    cMu: Math.min(1 - c1, (2 * (effective - 2 + 1 / effective)) / ((n + 2) ** 2 + effective)),
    length: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  }
}

/** @param mean - where the search begins */
export function begin(mean: readonly number[], sigma: number): State {
  const n = mean.length
  const identity = Matrix.eye(n)
  return {
    ...{ generation: 0, sigma, mean: Matrix.columnVector([...mean]) },
    ...{ sigmaPath: Matrix.zeros(n, 1), covariancePath: Matrix.zeros(n, 1) },
    ...{ covariance: identity, root: identity, inverseRoot: identity },
  }
}

/** @param z - standard normal numbers */
export const offspring = ({ mean, sigma, root }: State, z: readonly number[]): number[] =>
  Matrix.add(mean, root.mmul(Matrix.columnVector([...z])).mul(sigma)).to1DArray()

/**
 * The distribution of the next generation.
 *
 * Members may come from an earlier generation's distribution, or have been pushed back into the bounds: steps longer than a fair draw's would be are
 * shortened, so that no member moves the distribution further than one of its own could (Hansen, "Injecting external solutions into
 * CMA-ES", arXiv 1110.4181, 2011).
 *
 * @param members - the generation's points, the best first
 */
export function next(state: State, s: Strategy, members: readonly (readonly number[])[]): State {
  const { dimension: n, weights, effective, cSigma, dSigma, cc, c1, cMu } = s
  const { mean, sigma, covariance, inverseRoot } = state
  const longest = Math.sqrt(n) + (2 * n) / (n + 2)
  const steps = members.slice(0, weights.length).map((x) => {
    const step = Matrix.columnVector([...x])
      .sub(mean)
      .div(sigma)
    const length = inverseRoot.mmul(step).norm()
    return length > longest ? step.mul(longest / length) : step
  })
  const mix = (of: readonly Matrix[], rows: number, columns: number): Matrix =>
    of.reduce((sum, one, i) => sum.add(Matrix.mul(one, weights[i] ?? 0)), Matrix.zeros(rows, columns))
  const shift = mix(steps, n, 1)
  const sigmaPath = Matrix.mul(state.sigmaPath, 1 - cSigma).add(
    inverseRoot.mmul(shift).mul(Math.sqrt(cSigma * (2 - cSigma) * effective)),
  )
  const generation = state.generation + 1
  const unbiased = sigmaPath.norm() / Math.sqrt(1 - (1 - cSigma) ** (2 * generation))
  const moves = unbiased < (1.4 + 2 / (n + 1)) * s.length ? 1 : 0
  const covariancePath = Matrix.mul(state.covariancePath, 1 - cc).add(
    Matrix.mul(shift, moves * Math.sqrt(cc * (2 - cc) * effective)),
  )
  const rankOne = covariancePath.mmul(covariancePath.transpose())
  const rankMu = mix(
    steps.map((step) => step.mmul(step.transpose())),
    n,
    n,
  )
  const stalled = (1 - moves) * c1 * cc * (2 - cc)
  const adapted = Matrix.mul(covariance, 1 + stalled - c1 - cMu)
    .add(rankOne.mul(c1))
    .add(rankMu.mul(cMu))
  return {
    ...{ generation, sigmaPath, covariancePath },
    mean: Matrix.add(mean, Matrix.mul(shift, sigma)),
    sigma: sigma * Math.exp(Math.min(1, (cSigma / dSigma) * (sigmaPath.norm() / s.length - 1))),
    ...rooted(adapted),
  }
}

/** Eigenvalues below this share of the largest are lifted to it: rounding must not make the covariance indefinite. */
const FLATTEST = 1e-14

function rooted(covariance: Matrix): Pick<State, 'covariance' | 'root' | 'inverseRoot'> {
  const symmetric = Matrix.add(covariance, covariance.transpose()).div(2)
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, { assumeSymmetric: true })
  const least = FLATTEST * Math.max(...realEigenvalues)
  const values = realEigenvalues.map((value) => Math.max(value, least))
  const of = (f: (value: number) => number): Matrix =>
    eigenvectorMatrix.mmul(Matrix.diag(values.map(f))).mmul(eigenvectorMatrix.transpose())
  return { covariance: of((v) => v), root: of(Math.sqrt), inverseRoot: of((v) => 1 / Math.sqrt(v)) }
}
