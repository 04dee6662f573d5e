import type { Plane } from './plane.ts'
import { parametersIn } from './plane.ts'
import type { Trajectories } from './trajectories.ts'

/** One weight's part in a component's direction. */
export interface WeightLoading {
  /** From 1. */
  readonly component: number
  readonly parameter: string
  /** Its place in the parameter, an index for each dimension. */
  readonly index: readonly number[]
  /** Along a unit vector of weights: −1 to 1. */
  readonly loading: number
}

/**
 * The weights that matter most in the components of a plane: those with the largest loadings of each. Reads the recorded weights once more.
 *
 * @param count of weights for each component; default 20
 * @example
 * const [first] = await weightLoadings(ways, plane, 1) // { component: 1, parameter: '0.weight', index: [3, 0], loading: 0.4 }
 */
export async function weightLoadings(ways: Trajectories, plane: Plane, count = 20): Promise<WeightLoading[]> {
  const names = new Set(parametersIn(ways, plane.layer).map(({ name }) => name))
  const points = ways.points.length
  const most: WeightLoading[][] = plane.axes.map(() => [])
  await ways.eachBlock(({ name, shape }, from, centred) => {
    if (!names.has(name)) return
    const length = centred.length / points
    const loadings = new Float64Array(length)
    for (const [k, { eigenvalue, eigenvector }] of plane.axes.entries()) {
      if (eigenvalue === 0) continue
      loadings.fill(0)
      for (let i = 0; i < points; i++) {
        const factor = (eigenvector[i] ?? 0) / Math.sqrt(eigenvalue)
        for (let w = 0; w < length; w++) loadings[w] = (loadings[w] ?? 0) + factor * (centred[i * length + w] ?? 0)
      }
      const least = most[k]?.length === count ? Math.abs(most[k].at(-1)?.loading ?? 0) : -1
      const found = [...loadings.keys()].filter((w) => Math.abs(loadings[w] ?? 0) > least)
      most[k] = [
        ...(most[k] ?? []),
        ...found.map((w) => ({
          ...{ component: k + 1, parameter: name, loading: loadings[w] ?? 0 },
          index: indexOf(from + w, shape),
        })),
      ]
        .sort((a, b) => Math.abs(b.loading) - Math.abs(a.loading))
        .slice(0, count)
    }
  })
  return most.flat()
}

/** Of a number's place in row-major order. */
function indexOf(place: number, shape: readonly number[]): number[] {
  const index: number[] = []
  let rest = place
  for (const size of shape.toReversed()) {
    index.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return index
}
