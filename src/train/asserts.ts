import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/index.ts'
import type { Experiment } from './experiment.ts'
import type { Scores } from './scores.ts'

/** What a test score must reach: `{ atLeast: 0.98 }`, `{ atMost: 1e-3 }`, or both. */
export interface Bound {
  readonly atLeast?: number
  readonly atMost?: number
}

/** Bounds by score, as in `{ accuracy: { atLeast: 0.98 } }`. */
export type Asserts = Readonly<Record<string, Bound>>

/** What came of one bound. */
export interface Assertion extends Bound {
  /** `accuracy`, `loss`, … on the test split. */
  readonly name: string
  /** Mean over the seeds. */
  readonly mean: number
  readonly seeds: number
  readonly holds: boolean
}

const schema = z.record(
  z.string(),
  z
    .strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })
    .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'give atLeast or atMost'),
)

/** @throws UsageError for a bound that says nothing, or of a score that the experiment does not compute */
export function requireAsserts({ asserts, metrics }: Pick<Experiment, 'asserts' | 'metrics'>): void {
  parseConfig('experiment: asserts', schema, asserts)
  const names = ['loss', ...metrics.map(({ name }) => name)]
  const unknown = Object.keys(asserts).find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`experiment: asserts.${unknown} is no score of this experiment: there are ${names.join(', ')}`)
}

/** @param tests - test scores of each seed's run */
export function checkAsserts(asserts: Asserts, tests: readonly Scores[]): Assertion[] {
  return Object.entries(asserts).map(([name, bound]) => {
    const mean = tests.reduce((sum, scores) => sum + (scores[name] ?? Number.NaN), 0) / tests.length
    const { atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY } = bound
    return { name, ...bound, mean, seeds: tests.length, holds: mean >= atLeast && mean <= atMost }
  })
}
