import { UsageError } from '../../errors.ts'
import type { Experiment } from '../../train/index.ts'
import type { Direction } from '../trial.ts'

/**
 * The name of the score that an objective is: of `validation.accuracy` it is `accuracy`.
 *
 * @throws UsageError where it is of another split: those that are trained on say nothing, and the test split is not for choosing
 */
export function parseObjective(objective: string): string {
  const [split = '', ...rest] = typeof objective === 'string' ? objective.split('.') : []
  const name = rest.join('.')
  if (split === 'validation' && name !== '') return name
  const why = split === 'test' ? ' (the test split is for one look at the end, not for choosing)' : ''
  throw new UsageError(
    `search: objective is ${JSON.stringify(objective)}${why}: give a score on the held-out samples, as in 'validation.loss' or 'validation.accuracy'`,
  )
}

/**
 * Whether the score is to become small or large, as its metric has it.
 *
 * @throws UsageError where the experiment computes no such score
 */
export function directionOf(objective: string, { metrics }: Pick<Experiment, 'metrics'>): Direction {
  const name = parseObjective(objective)
  const goals = new Map<string, 'min' | 'max'>([
    ['loss', 'min'],
    ...metrics.map((metric): [string, 'min' | 'max'] => [metric.name, metric.goal]),
  ])
  const goal = goals.get(name)
  if (goal === undefined)
    throw new UsageError(
      `search: objective "${objective}" is no score of the experiment, which has ${[...goals.keys()].map((one) => `validation.${one}`).join(', ')}: give one of these, or the experiment that metric`,
    )
  return goal === 'min' ? 'minimize' : 'maximize'
}
