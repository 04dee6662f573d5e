import { type Difference, describe, differences, type Json } from '../../train/index.ts'
import { describeSpace } from '../space/index.ts'
import { type Probe, probesOf } from './check.ts'
import type { Search } from './search.ts'

const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value))

/**
 * A search as plain data: all but the number of trials, which may grow. What its function makes of a configuration is told by examples.
 *
 * @example
 * differences(describeSearch(before), describeSearch(after))
 */
export function describeSearch<C>(search: Search<C>, probes: readonly Probe[] = probesOf(search)): Json {
  const { name, space, objective, crossValidation: folds, sampler, pruner, seeds, seed } = search
  return plain({
    name,
    objective,
    ...(folds && { crossValidation: { kind: folds.kind, ...folds.config } }),
    sampler: { kind: sampler.kind, ...sampler.config },
    pruner: { kind: pruner.kind, ...pruner.config },
    seeds,
    seed,
    space: describeSpace(space),
    experiments: Object.fromEntries(
      probes.map(({ config, experiment }) => {
        const { seeds: _, ...rest } = describe(experiment)
        return [JSON.stringify(config), rest]
      }),
    ),
  })
}

/** Differences that are told; a file may have become another one altogether. */
const MOST = 4

/** In what a search differs from what it was, in a sentence; undefined where it does not. */
export function changesText(before: Json, after: Json): string | undefined {
  const all = differences(before, after)
  // Another space has other examples, which say nothing more.
  const own = all.filter(({ path }) => !path.startsWith('experiments.'))
  const told = own.length > 0 ? own : all
  if (told.length === 0) return undefined
  const more = told.length > MOST ? [`and ${told.length - MOST} more`] : []
  return [...told.slice(0, MOST).map(text), ...more].join('; ')
}

const text = ({ path, before, after }: Difference): string => {
  const show = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value))
  const [, config, setting] = /^experiments\.(\{.*\})\.(.*)$/.exec(path) ?? []
  const where = config === undefined ? path : `${setting} of the experiment of ${config}`
  return `${where}: ${show(before)} is now ${show(after)}`
}
