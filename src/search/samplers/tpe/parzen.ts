import { type Axis, cellOf, fillPoint, type Leaf, type Point, unitOf } from '../../space/index.ts'
import { choiceKernel, type Kernel, numberKernel, uniformKernel } from './kernels.ts'

/** A density over the points of a space. */
export interface Estimator {
  draw(next: () => number): Point
  /** Natural logarithm of the density. */
  logDensity(point: Point): number
}

/** The narrowest kernel is this share of the range, or more while there are few observations. */
const NARROWEST = 0.03

/**
 * Parzen's estimator over all axes at once: a mixture of one product of kernels for each observed point, and of the prior, which is uniform. Where an
 * axis is not active in an observed point, its factor is the prior's, so that each product is a distribution over the whole tree of branches.
 *
 * @param observed - points of the space
 * @param weights - of each point; their mean is the prior's
 */
export function parzenEstimator(
  axes: readonly Axis[],
  observed: readonly Point[],
  weights?: readonly number[],
): Estimator {
  const columns = axes.map(({ parameter }, axis) =>
    kernelsOf(
      parameter,
      observed.map((point) => point[axis]),
    ),
  )
  const own = weights ?? observed.map(() => 1)
  const sum = own.reduce((a, b) => a + b, 0)
  const prior = observed.length === 0 ? 1 : sum / observed.length
  const shares = [...own, prior].map((weight) => weight / (sum + prior))
  const logShares = shares.map(Math.log)
  return {
    draw: (next) => {
      const product = pick(shares, next())
      const numbers = axes.map(next)
      return fillPoint(axes, (_, axis) => columns[axis]?.[product]?.draw(numbers[axis] ?? 0) ?? 0)
    },
    logDensity: (point) => {
      const terms = logShares.slice()
      for (const [axis, value] of point.entries()) {
        const [kernels, leaf] = [columns[axis], axes[axis]?.parameter]
        if (value === undefined || kernels === undefined || leaf === undefined) continue
        const cell = cellOf(leaf, value)
        for (let i = 0; i < terms.length; i++) terms[i] = (terms[i] ?? 0) + (kernels[i]?.logDensity(value, cell) ?? 0)
      }
      const largest = Math.max(...terms)
      return largest + Math.log(terms.reduce((total, term) => total + Math.exp(term - largest), 0))
    },
  }
}

/** One kernel an observation, and the prior's at the end. */
function kernelsOf(leaf: Leaf, observed: readonly (number | undefined)[]): readonly Kernel[] {
  const prior = uniformKernel(leaf)
  if (leaf.kind === 'choice')
    return [...observed.map((index) => (index === undefined ? prior : choiceKernel(index, leaf.values.length))), prior]
  const widths = bandwidths(observed.map((value) => (value === undefined ? undefined : unitOf(leaf, value))))
  return [
    ...observed.map((value, i) => (value === undefined ? prior : numberKernel(leaf, value, widths[i] ?? 1))),
    prior,
  ]
}

/**
 * Each the distance to the farther of both neighbours, ends of the interval included, so that kernels are wide where observations are rare
 * (Bergstra, 2011), and not below what so few observations can tell (Watanabe's "magic clipping" with exponent 2).
 */
function bandwidths(units: readonly (number | undefined)[]): (number | undefined)[] {
  const sorted = units.filter((u) => u !== undefined).sort((a, b) => a - b)
  const narrowest = Math.max(NARROWEST, 1 / (1 + sorted.length) ** 2)
  const places = new Map(sorted.map((u, i) => [u, i]))
  return units.map((u) => {
    if (u === undefined) return undefined
    const last = places.get(u) ?? 0
    let first = last
    while (first > 0 && sorted[first - 1] === u) first--
    const distance = Math.max(u - (sorted[first - 1] ?? 0), (sorted[last + 1] ?? 1) - u)
    return Math.min(1, Math.max(narrowest, distance))
  })
}

function pick(shares: readonly number[], u: number): number {
  let rest = u
  for (const [i, share] of shares.entries()) {
    if (rest < share) return i
    rest -= share
  }
  return shares.length - 1
}
