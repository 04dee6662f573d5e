import * as z from 'zod'
import { wilcoxonTest } from '../../metrics/uncertainty/index.ts'
import { parseConfig } from '../../nn/config.ts'
import { bestOf, better } from '../trial.ts'
import type { Pruner } from './pruner.ts'

export interface WilcoxonPrunerOptions {
  /** A trial is stopped when it would fall behind the best so often by chance, or less (default 0.1). */
  readonly threshold?: number
  /** Folds that both must have before the test is made (default 2; below 4 no p-value is under 0.1). */
  readonly startupFolds?: number
}

const schema = z.strictObject({
  threshold: z.number().gt(0, 'give a probability above 0').lt(1, 'give a probability below 1').optional(),
  startupFolds: z.int().min(1, 'give a whole number of at least 1').optional(),
})

/**
 * Stops a trial that is worse than the best complete one on the same folds by Wilcoxon's one-sided signed-rank test. The step of a report is
 * the fold (or the problem, or the seed) that its value belongs to; pairs of steps that both have are compared, in whatever order they came.
 * A trial whose mean over these is the better one goes on whatever the test says.
 *
 * For cross-validation with many folds or repeats. Not for learning curves, whose steps depend on each other: there it is
 * `medianPruner` or `successiveHalving`; nor for fewer than four folds, where no difference is significant.
 *
 * Source: Wilcoxon (1945), see `wilcoxonTest`; used as in Optuna's WilcoxonPruner. Values that are no finite numbers are left out.
 *
 * @example
 * wilcoxonPruner({ threshold: 0.1 })
 */
export function wilcoxonPruner(options: WilcoxonPrunerOptions = {}): Pruner {
  const { threshold = 0.1, startupFolds = 2 } = parseConfig('wilcoxonPruner', schema, options)
  return {
    kind: 'wilcoxon',
    config: { threshold, startupFolds },
    shouldPrune: (trial, trials, direction) => {
      const best = bestOf(
        trials.filter(({ number }) => number !== trial.number),
        direction,
      )
      const folds = new Map(best?.reports.map(({ step, value }) => [step, value]))
      const pairs = [...new Map(trial.reports.map(({ step, value }) => [step, value]))].flatMap(([step, value]) => {
        const record = folds.get(step)
        return record !== undefined && Number.isFinite(value) && Number.isFinite(record) ? [{ value, record }] : []
      })
      if (pairs.length < startupFolds) return false
      const [own, others] = [pairs.map(({ value }) => value), pairs.map(({ record }) => record)]
      if (better(direction)(sum(own), sum(others)) <= 0) return false
      const alternative = direction === 'minimize' ? 'greater' : 'less'
      return wilcoxonTest(own, others, { alternative }).pValue < threshold
    },
  }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
