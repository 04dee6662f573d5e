import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/config.ts'
import { type FoldStrategy, foldStrategy } from './split.ts'
import { dividedAt, timeOrder } from './timeOrder.ts'

const schema = z.strictObject({ folds: z.int().min(2), by: z.string().optional() })

export interface ExpandingWindowOptions {
  /** Number of folds, at least 2. */
  readonly folds: number
  /** Column beside the samples, of dates or numbers; left out, the samples stand in the order of time. */
  readonly by?: string
}

/**
 * k folds in time: each trains on everything before the samples that it holds out, so the training part grows from fold to fold (as
 * scikit-learn's TimeSeriesSplit). With n samples, each fold holds ⌊n/(k+1)⌋ out, the last ones the latest; samples of one time stay
 * together, which moves the borders. Nothing is random; with `by`, the order of the samples does not count either.
 *
 * @throws UsageError when there is no such column, it holds text, a sample has no time, or there are too few different times
 *
 * @example
 * for (const { train, validation } of expandingWindow({ folds: 5, by: 'date' }).divide(data)) …
 */
export function expandingWindow(options: ExpandingWindowOptions): FoldStrategy {
  const { folds, by } = parseConfig('expandingWindow', schema, options)
  return foldStrategy({ kind: 'expandingWindow', config: { ...options } }, folds, (samples) => {
    const { order, nearest } = timeOrder(samples, by)
    const size = Math.floor(order.length / (folds + 1))
    const starts = Array.from({ length: folds }, (_, fold) => nearest(order.length - (folds - fold) * size))
    if (size === 0 || starts.some((start, fold) => fold > 0 && start <= (starts[fold - 1] ?? 0)))
      throw new UsageError(
        `${samples.name} has too few different times for ${folds} folds: give fewer, or a column that tells times apart more finely`,
      )
    return starts.map((start, fold) => dividedAt(order, start, starts[fold + 1]))
  })
}
