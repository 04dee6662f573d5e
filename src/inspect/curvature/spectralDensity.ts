import { ResultKind } from '../../display.ts'
import { UsageError } from '../../errors.ts'
import { foldIn, type Key } from '../../random/index.ts'
import { lanczos, ritzValues, type SymmetricOperator } from './lanczos.ts'
import { randomSigns } from './trace.ts'

export interface SpectralDensity {
  /** Evenly spaced, ascending. */
  readonly eigenvalues: Float64Array
  /** At each of them; its integral is 1. */
  readonly density: Float64Array
  /** Standard deviation of the Gaussian that each eigenvalue is drawn as: nothing narrower can be seen. */
  readonly width: number
  readonly probes: number
  /** Products of each probe. */
  readonly steps: number
  /** Smallest and largest eigenvalue that were found. */
  readonly range: readonly [number, number]
  /** Share of the eigenvalues below −width, and above width. */
  readonly negative: number
  readonly positive: number
}

export const densityKind = new ResultKind<SpectralDensity>()

export interface SpectralDensityOptions {
  readonly key: Key
  /** Random vectors; default 5. */
  readonly probes?: number
  /** Products of each; default 60. */
  readonly steps?: number
  /** Standard deviation of the Gaussians; default a hundredth of the range of the eigenvalues. */
  readonly width?: number
  /** Places where the density is computed; default 500. */
  readonly points?: number
  readonly onStep?: (done: number, of: number) => void
}

/**
 * How the eigenvalues of a large symmetric matrix are spread, by stochastic Lanczos quadrature: from each random vector, the eigenvalues of a small
 * tridiagonal matrix with the vector's shares along them; each drawn as a Gaussian, the mean over the vectors.
 *
 * Sources: Golub and Meurant, Matrices, moments and quadrature, 1994; Ghorbani, Krishnan and Xiao, An investigation into neural net optimization via
 * Hessian eigenvalue density, 2019
 *
 * @example
 * const { eigenvalues, density, width } = await spectralDensity(hessianOf(loss), { key: key(0) })
 */
export async function spectralDensity(
  operator: SymmetricOperator,
  { key, probes = 5, steps = 60, width: asked, points = 500, onStep }: SpectralDensityOptions,
): Promise<SpectralDensity> {
  for (const [name, value] of Object.entries({ probes, steps, points }))
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`spectralDensity: ${name} is ${value}: give a whole number of at least 1`)
  if (points < 2) throw new UsageError(`spectralDensity: points is ${points}: give at least 2, for a range`)
  if (asked !== undefined && !(asked > 0))
    throw new UsageError(`spectralDensity: width is ${asked}: give a number above 0`)
  const most = Math.min(steps, operator.size)
  const nodes: { readonly value: number; readonly weight: number }[] = []
  for (let probe = 0; probe < probes; probe++) {
    const start = randomSigns(foldIn(key, probe), operator.size)
    const small = await lanczos(operator, start, most, (step) => onStep?.(probe * most + step, probes * most))
    for (const { value, weight } of await ritzValues(small)) nodes.push({ value, weight: weight / probes })
  }
  const values = nodes.map(({ value }) => value)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  // A matrix with one eigenvalue has no range.
  const width = asked ?? ((high - low) / 100 || Math.max(1e-6, Math.abs(high) / 100))
  const [begin, end] = [low - 5 * width, high + 5 * width]
  const eigenvalues = Float64Array.from({ length: points }, (_, i) => begin + ((end - begin) * i) / (points - 1))
  const density = eigenvalues.map((x) =>
    nodes.reduce(
      (sum, { value, weight }) =>
        sum + (weight * Math.exp(-0.5 * ((x - value) / width) ** 2)) / (width * Math.sqrt(2 * Math.PI)),
      0,
    ),
  )
  const share = (counts: (value: number) => boolean): number =>
    nodes.reduce((sum, { value, weight }) => sum + (counts(value) ? weight : 0), 0)
  return densityKind.mark({
    ...{ eigenvalues, density, width, probes, steps: most, range: [low, high] },
    negative: share((value) => value < -width),
    positive: share((value) => value > width),
  })
}
