import type { Metric, SplitPredictions } from '../../metrics/index.ts'
import type { Scores } from '../../train/index.ts'
import type { FoldResult } from './foldScore.ts'
import type { Folds } from './folds.ts'

/** What was said of samples by networks that had not seen them: of each sample once, where the folds hold each out once. */
export interface OutOfFold {
  readonly repeat: number
  readonly seed: number
  /** Numbers of the training data's samples, ascending, [n]. */
  readonly samples: Int32Array
  /** Which fold each was held out in, [n]. */
  readonly folds: Int32Array
  readonly predictions: SplitPredictions
  /** Mean loss over all samples, and metrics over them as if they were one split. */
  readonly pooled: Scores
}

/** Puts the folds' predictions together, for each repeat and seed all of whose folds have some. */
export function outOfFold(
  { folds }: Pick<Folds, 'folds'>,
  results: readonly FoldResult[],
  metrics: readonly Metric[],
): OutOfFold[] {
  const seeds = [...new Set(results.map(({ seed }) => seed))]
  const repeats = [...new Set(folds.map(({ repeat }) => repeat))]
  return seeds.flatMap((seed) =>
    repeats.flatMap((repeat) => {
      const parts = folds
        .filter((one) => one.repeat === repeat)
        .map((one) => ({
          ...one,
          result: results.find((other) => other.seed === seed && other.repeat === repeat && other.fold === one.fold),
        }))
      const rows = parts.flatMap(({ fold, score, result }, part) =>
        [...score].map((sample, row) => ({ sample, fold, part, row, result })),
      )
      const split = gathered(
        parts.flatMap(({ result }) => result?.predictions ?? []),
        rows.sort((a, b) => a.sample - b.sample),
      )
      if (split === undefined || parts.some(({ result }) => result?.predictions === undefined)) return []
      const loss = parts.reduce((sum, { score, result }) => sum + score.length * (result?.scores.loss ?? Number.NaN), 0)
      const values = metrics.map((metric) => [metric.name, metric.compute(split)] as const)
      return [
        {
          ...{ repeat, seed },
          samples: Int32Array.from(rows, ({ sample }) => sample),
          folds: Int32Array.from(rows, ({ fold }) => fold),
          predictions: split,
          pooled: { loss: loss / rows.length, ...Object.fromEntries(values) },
        },
      ]
    }),
  )
}

interface Row {
  /** Which of the parts, */
  readonly part: number
  /** and where in it. */
  readonly row: number
}

/** Rows of several predictions as one; undefined where there are none. */
function gathered(parts: readonly SplitPredictions[], rows: readonly Row[]): SplitPredictions | undefined {
  const [first] = parts
  if (first === undefined) return undefined
  const taken = <A extends Float32Array | Int32Array>(to: A, width: number, from: (of: SplitPredictions) => A): A => {
    for (const [place, { part, row }] of rows.entries()) {
      const own = parts[part]
      if (own !== undefined) to.set(from(own).subarray(row * width, (row + 1) * width), place * width)
    }
    return to
  }
  const none = new Float32Array()
  if (first.task === 'classification') {
    const { classes } = first
    return {
      ...{ task: 'classification', classes },
      scores: taken(new Float32Array(rows.length * classes), classes, (of) =>
        of.task === 'classification' ? of.scores : none,
      ),
      targets: taken(new Int32Array(rows.length), 1, (of) =>
        of.task === 'classification' ? of.targets : new Int32Array(),
      ),
    }
  }
  const { width = 1 } = first
  const ofRegression = (which: 'outputs' | 'targets'): Float32Array =>
    taken(new Float32Array(rows.length * width), width, (of) => (of.task === 'regression' ? of[which] : none))
  return { task: 'regression', width, outputs: ofRegression('outputs'), targets: ofRegression('targets') }
}
