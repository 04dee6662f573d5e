import { innerOf, parametersIn } from './plane.ts'
import type { ParameterProducts, Trajectories } from './trajectories.ts'

/** A point of a run's way, measured in Euclidean distances of weights. */
export interface PointDistances {
  readonly run: number
  readonly step: number
  readonly epoch: number
  readonly fromStart: number
  readonly fromEnd: number
  /** Along the recorded points up to here: less than what training has gone in between. */
  readonly path: number
}

/**
 * How far each point is from where its run began and where it ended.
 *
 * @param layer default: the whole model
 * @example
 * const { path, fromStart } = trajectoryDistances(ways).at(-1) // a straight way has both the same
 */
export function trajectoryDistances(ways: Trajectories, layer?: string): PointDistances[] {
  const { points } = ways
  const between = distances(innerOf(parametersIn(ways, layer), points.length), points.length)
  return ranges(ways).flatMap(({ start, end }) => {
    let path = 0
    return points.slice(start, end + 1).map((point, i) => {
      const at = start + i
      if (i > 0) path += between(at - 1, at)
      return { ...point, fromStart: between(start, at), fromEnd: between(at, end), path }
    })
  })
}

/** How far the weights of one layer have come. */
export interface LayerDisplacement {
  readonly run: number
  readonly layer: string
  /** Trained numbers. */
  readonly size: number
  /** From the first recorded point to the last. */
  readonly distance: number
  /** Of the squared distance of all layers: all shares of a run add up to 1; NaN where no weight has moved. */
  readonly share: number
  /** Root mean square of the change of a weight. */
  readonly perWeight: number
}

/** Which layers have moved, of each run. */
export function layerDisplacements(ways: Trajectories): LayerDisplacement[] {
  const layers = new Map<string, ParameterProducts[]>()
  for (const one of ways.parameters) layers.set(one.layer, [...(layers.get(one.layer) ?? []), one])
  const count = ways.points.length
  return ranges(ways).flatMap(({ run, start, end }) => {
    const own = [...layers].map(([layer, parameters]) => ({
      ...{ run, layer },
      size: parameters.reduce((sum, { size }) => sum + size, 0),
      distance: distances(innerOf(parameters, count), count)(start, end),
    }))
    const total = own.reduce((sum, { distance }) => sum + distance ** 2, 0)
    return own.map((one) => ({
      ...one,
      share: total > 0 ? one.distance ** 2 / total : Number.NaN,
      perWeight: one.distance / Math.sqrt(one.size),
    }))
  })
}

/** Between two points, from inner products. */
const distances =
  (inner: Float64Array, count: number) =>
  (a: number, b: number): number => {
    const at = (i: number, j: number): number => inner[i * count + j] ?? 0
    return Math.sqrt(Math.max(0, at(a, a) + at(b, b) - 2 * at(a, b)))
  }

/** The first and the last point of each run. */
function ranges({ points }: Trajectories): { readonly run: number; readonly start: number; readonly end: number }[] {
  const runs = [...new Set(points.map(({ run }) => run))]
  return runs.map((run) => ({
    run,
    start: points.findIndex((point) => point.run === run),
    end: points.findLastIndex((point) => point.run === run),
  }))
}
