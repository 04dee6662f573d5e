import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { type Axis, isActive, type Leaf, levelAt, levelsOf, type Point, type Space, valueAt } from '../space/index.ts'
import type { Sampler } from './sampler.ts'

export interface GridOptions {
  /**
   * How many values of a number are tried, evenly spaced from bound to bound (by ratio where it is logarithmic): by path, or one count for all
   * floats without a step. Needed for these; ints and floats with a step that are not named are tried at all their values.
   */
  readonly points?: number | Readonly<Record<string, number>>
}

const count = z.int().min(1, 'give a whole number of at least 1')
const schema = z.strictObject({ points: z.union([count, z.record(z.string(), count)]).optional() })

/** More than anybody waits for. */
const LARGEST = 1_000_000

/**
 * Every combination, once. The order is that of nested loops over the parameters as they are written, the last one innermost, a branch's contents
 * right after it; combinations that break a constraint are left out. Trial i depends on i alone.
 *
 * Not for more than two or three parameters: of those that do not matter a grid tries every value at the expense of those that do
 * (Bergstra and Bengio, 2012); take `random` or `sobol`.
 *
 * @throws UsageError, when the study is made, for a float without step and count, a path that the space has not, and more than a million
 * combinations
 *
 * @example
 * grid({ points: { lr: 5 } }) // lr at five values, every other parameter at all of its own
 */
export function grid(options: GridOptions = {}): Sampler {
  const { points } = parseConfig('grid', schema, options)
  return {
    kind: 'grid',
    config: points === undefined ? {} : { points },
    start: ({ space }) => {
      const all = pointsOf(space, points)
      return { suggest: (number) => all[number], size: all.length, isIndependent: true }
    },
  }
}

function pointsOf(space: Space, points: GridOptions['points']): readonly Point[] {
  const unknown =
    typeof points === 'object'
      ? Object.keys(points).find((path) => space.axes.every((axis) => axis.path !== path))
      : undefined
  if (unknown !== undefined)
    throw new UsageError(
      `grid: points are given for "${unknown}", but there are ${space.axes.map(({ path }) => path).join(', ')}`,
    )
  const values = space.axes.map((axis) => valuesOf(axis, points))
  const all: Point[] = []
  for (const point of combinations(space.axes, values, [])) {
    if (space.broken(point) !== undefined) continue
    if (all.length === LARGEST)
      throw new UsageError(
        `grid: there are more than ${LARGEST} combinations; give fewer points, or take random() or sobol()`,
      )
    all.push(point)
  }
  if (all.length === 0)
    throw new UsageError(
      `grid: every combination breaks a constraint (${space.constraints.join('; ')}); give more points`,
    )
  return all
}

function* combinations(axes: readonly Axis[], values: readonly (readonly number[])[], point: Point): Generator<Point> {
  const axis = axes[point.length]
  if (axis === undefined) yield point
  else if (!isActive(axis, point)) yield* combinations(axes, values, [...point, undefined])
  else for (const value of values[point.length] ?? []) yield* combinations(axes, values, [...point, value])
}

function valuesOf({ path, parameter }: Axis, points: GridOptions['points']): readonly number[] {
  const levels = levelsOf(parameter)
  const wanted = typeof points === 'object' ? points[path] : levels === undefined ? points : undefined
  if (wanted !== undefined && parameter.kind === 'choice')
    throw new UsageError(
      `grid: points are given for "${path}", but a choice is tried at all of its values; leave it out`,
    )
  if (wanted !== undefined) return spread(parameter, wanted)
  if (levels === undefined)
    throw new UsageError(
      `grid: "${path}" is a float without a step: give it one, or say how many values to try: grid({ points: { ${JSON.stringify(path)}: 5 } })`,
    )
  return Array.from({ length: levels }, (_, k) => levelAt(parameter, k))
}

/** Values from bound to bound; of whole numbers close to each other each once. */
const spread = (leaf: Leaf, wanted: number): number[] => [
  ...new Set(Array.from({ length: wanted }, (_, k) => valueAt(leaf, wanted === 1 ? 0.5 : k / (wanted - 1)))),
]
