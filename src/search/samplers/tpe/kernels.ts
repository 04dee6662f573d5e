import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { normalQuantile } from '../../../metrics/index.ts'
import { clamp, type Leaf, levelsOf, unitOf, valueAt } from '../../space/index.ts'

export type Cell = readonly [from: number, to: number]

/** A distribution of one parameter's values: around an observed one, or over all. */
export interface Kernel {
  /** @param u - uniform on [0, 1) */
  draw(u: number): number
  /**
   * Of the probability of a value, or of the density in the unit interval where there is a continuum.
   *
   * @param cell - where the value lies in the unit interval; the same for all kernels of a parameter, and so made once
   */
  logDensity(value: number, cell: Cell): number
}

/** All values alike. */
export function uniformKernel(leaf: Leaf): Kernel {
  const isContinuous = levelsOf(leaf) === undefined
  return {
    draw: (u) => valueAt(leaf, u),
    logDensity: (_, [from, to]) => (isContinuous ? 0 : Math.log(to - from)),
  }
}

/** So likely is it to leave an observed choice for another one. */
const LEAVING = 0.2

/** The kernel of Aitchison and Aitken (1976). */
export function choiceKernel(observed: number, choices: number): Kernel {
  const leaving = choices === 1 ? 0 : LEAVING
  const other = leaving / Math.max(1, choices - 1)
  return {
    draw: (u) => {
      if (u >= leaving) return observed
      const index = Math.min(Math.floor(u / other), choices - 2)
      return index < observed ? index : index + 1
    },
    logDensity: (value) => Math.log(value === observed ? 1 - leaving : other),
  }
}

/** A normal distribution in the unit interval, cut off at its ends; of a parameter with levels the mass in each one's cell. */
export function numberKernel(leaf: Leaf, observed: number, bandwidth: number): Kernel {
  const centre = unitOf(leaf, observed)
  const cdf = (u: number): number => normalCdf(u, centre, bandwidth)
  const [below, inside] = [cdf(0), cdf(1) - cdf(0)]
  const isContinuous = levelsOf(leaf) === undefined
  const logScale = Math.log(bandwidth * inside) + 0.5 * Math.log(2 * Math.PI)
  return {
    draw: (u) => {
      const share = clamp(below + u * inside, Number.MIN_VALUE, 1 - Number.EPSILON)
      return valueAt(leaf, clamp(centre + bandwidth * normalQuantile(share), 0, 1))
    },
    logDensity: (_, [from, to]) => {
      if (isContinuous) {
        const z = (from - centre) / bandwidth
        return -0.5 * z * z - logScale
      }
      return Math.log(Math.max((cdf(to) - cdf(from)) / inside, Number.MIN_VALUE))
    },
  }
}
