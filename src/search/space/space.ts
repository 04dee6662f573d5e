import { UsageError } from '../../errors.ts'
import type { Configuration, Definition, Value } from './parameter.ts'
import { type Axis, build, layOut, type Point, read } from './tree.ts'

/** What configurations of a space must fulfil beyond their ranges. */
export interface Constraint<C> {
  /** Must depend on nothing but the configuration. */
  readonly holds: (config: C) => boolean
  /** A sentence, for messages and for the journal, which keeps it in place of the code. */
  readonly why: string
}

/** Configurations to search among. A value: it holds nothing that changes, and `describeSpace` makes plain JSON of it. */
export interface Space<C = unknown> {
  readonly definition: Definition
  /** The coordinates that samplers work with, a branch before its contents. */
  readonly axes: readonly Axis[]
  /** Sentences of the constraints. */
  readonly constraints: readonly string[]
  /** The configuration at a point. Constraints are not looked at. */
  configuration(point: Point): C
  /** The same, as the plain JSON that it is. */
  json(point: Point): Value
  /**
   * The point of a configuration, the other direction of `configuration`. Constraints are not looked at.
   *
   * @throws UsageError naming the parameter that is missing, unknown or out of range
   */
  point(config: unknown): Point
  /** The sentence of the first constraint that a point breaks; undefined where all hold. */
  broken(point: Point): string | undefined
  /** Whether a value is a configuration of this space and fulfils the constraints. */
  contains(value: unknown): value is C
}

/**
 * A space of configurations; their type follows from the parameters.
 *
 * Constraints are for what ranges and branches cannot say: samplers draw again where one is broken, so a constraint that refuses nearly
 * everything is better written as a branch or a narrower range.
 *
 * @param definition - parameters by name
 * @param constraints - what must hold beyond the ranges
 * @throws UsageError when there are no parameters, or a name is not usable
 *
 * @example
 * const tuning = space(
 *   {
 *     lr: logFloat(1e-5, 1e-1),
 *     hidden: choice([[32], [64, 32]]),
 *     optimizer: branch({ adam: { beta1: float(0.8, 0.99) }, sgd: { momentum: float(0, 0.99) } }),
 *   },
 *   [{ holds: ({ lr, optimizer }) => optimizer.kind === 'adam' || lr >= 1e-3, why: 'SGD is too slow below 1e-3' }],
 * )
 */
export function space<const D extends Definition>(
  definition: D,
  constraints: readonly Constraint<Configuration<D>>[] = [],
): Space<Configuration<D>> {
  const { nodes, axes } = layOut(definition)
  const fits = (value: unknown): value is Configuration<D> => typeof read(nodes, axes, value) !== 'string'
  const brokenBy = (config: Configuration<D>): string | undefined =>
    constraints.find((constraint) => !constraint.holds(config))?.why
  const configuration = (point: Point): Configuration<D> => {
    const config: unknown = build(nodes, axes, point)
    if (!fits(config)) throw new UsageError(`space: ${String(read(nodes, axes, config))}`)
    return config
  }
  return {
    definition,
    axes,
    constraints: constraints.map(({ why }) => why),
    configuration,
    json: (point) => build(nodes, axes, point),
    point: (config) => {
      const found = read(nodes, axes, config)
      if (typeof found === 'string') throw new UsageError(`space: ${found}`)
      return found
    },
    broken: (point) => (constraints.length === 0 ? undefined : brokenBy(configuration(point))),
    contains: (value): value is Configuration<D> => fits(value) && brokenBy(value) === undefined,
  }
}
