import { UsageError } from '../../errors.ts'
import { foldIn, key } from '../../random/index.ts'
import type { Experiment } from '../../train/index.ts'
import { isStrategy } from '../../train/settings.ts'
import { randomPoint } from '../samplers/random.ts'
import type { Value } from '../space/index.ts'
import type { Direction } from '../trial.ts'
import { directionOf } from './objective.ts'
import type { Search } from './search.ts'

/** Configurations whose experiments stand for all. */
const PROBES = 8

/** One configuration of a search, and what it makes. */
export interface Probe {
  readonly config: Value
  readonly experiment: Experiment
}

/** A few random configurations and their experiments, the same each time. */
export function probesOf<C>({ space, experimentOf }: Search<C>): readonly Probe[] {
  const points = Array.from({ length: PROBES }, (_, i) => randomPoint(space, foldIn(foldIn(key(0), 'probe'), i)))
  const all = points.map((point) => ({
    config: space.json(point),
    experiment: experimentOf(space.configuration(point)),
  }))
  return all.filter(
    ({ config }, i) => all.findIndex((other) => JSON.stringify(other.config) === JSON.stringify(config)) === i,
  )
}

/**
 * Whether the objective is to become small or large, when all is well with the experiments of some configurations; nothing is loaded.
 *
 * @throws UsageError naming the configuration that makes no experiment, or what its experiment has not
 */
export function checkSearch<C>(search: Search<C>, probes: readonly Probe[] = probesOf(search)): Direction {
  const { name, objective, crossValidation } = search
  const directions = probes.map(({ config, experiment }) => {
    const { split } = experiment
    if (crossValidation === undefined && !isStrategy(split) && split.validation === 0)
      throw new UsageError(
        `search ${name}: the experiment of ${JSON.stringify(config)} holds no samples out to choose by: give it split: { validation: 0.2 }, or the search crossValidation`,
      )
    return directionOf(objective, experiment)
  })
  const [direction] = directions
  if (direction === undefined || directions.some((other) => other !== direction))
    throw new UsageError(
      `search ${name}: ${objective} is to become small in some experiments and large in others: give all the same metric`,
    )
  return direction
}
