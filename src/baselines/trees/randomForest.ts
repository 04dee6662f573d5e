import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { foldIn, type Key, uniform } from '../../random/index.ts'
import { type Baseline, columnsOf, logOf } from '../baseline.ts'
import { binsOf } from './bins.ts'
import { addPredictions, growTree } from './tree.ts'

export interface RandomForestOptions {
  /** How many trees (default 100). */
  readonly trees?: number
  /** Features looked at for each split (default: the square root of their number for classes, all for numbers). */
  readonly features?: number
  /** Splits from the root to a leaf, at most (default: as many as it takes). */
  readonly depth?: number
  /** Samples in a leaf, at least (default 1). */
  readonly leaf?: number
}

const count = z.int().min(1, 'give a whole number of at least 1').optional()
const schema = z.strictObject({ trees: count, features: count, depth: count, leaf: count })

/**
 * Random forest: trees that each see as many samples as there are, drawn with replacement, and few features at each split;
 * the mean of their answers. Scaling the features changes nothing. A feature with more than 64 different values is cut into 64
 * steps. Defaults as in scikit-learn.
 *
 * Source: Breiman, "Random Forests", Machine Learning 45 (2001).
 *
 * @example
 * const { test } = await baseline(experiment, randomForest({ trees: 200 }))
 */
export function randomForest(options: RandomForestOptions = {}): Baseline {
  const {
    trees = 100,
    features,
    depth = Number.POSITIVE_INFINITY,
    leaf = 1,
  } = parseConfig('randomForest', schema, options)
  return {
    kind: 'randomForest',
    config: { ...options, trees },
    tasks: ['classification', 'regression'],
    fit: (samples, answers, key) => {
      const wanted = columnsOf(answers)
      const isClasses = answers.task === 'classification'
      const usual = isClasses ? Math.max(1, Math.floor(Math.sqrt(samples.width))) : samples.width
      const bins = binsOf(samples)
      const grown = Array.from({ length: trees }, (_, tree) => {
        const own = foldIn(key, tree)
        const counts = bootstrap(foldIn(own, 'samples'), samples.rows)
        return growTree(
          bins,
          wanted,
          counts,
          { features: features ?? usual, depth, leaf },
          chances(foldIn(own, 'features')),
        )
      })
      return {
        predict: (queries) => {
          const sums = new Float64Array(queries.rows * wanted.width)
          for (const tree of grown) addPredictions(tree, queries, sums)
          return Float32Array.from(sums, (sum) => (isClasses ? logOf(sum / trees) : sum / trees))
        },
      }
    },
  }
}

/** How often each of `rows` samples comes when as many are drawn with replacement. */
export function bootstrap(key: Key, rows: number): Uint8Array {
  const counts = new Uint8Array(rows)
  for (const draw of uniform(key, rows)) {
    const row = Math.floor(draw * rows)
    counts[row] = (counts[row] ?? 0) + 1
  }
  return counts
}

const PAGE = 1024

/** Numbers from 0 to below 1, as many as are asked for. */
export function chances(key: Key): () => number {
  let values: Float32Array = new Float32Array()
  let [page, used] = [0, 0]
  return () => {
    if (used === values.length) {
      values = uniform(foldIn(key, page++), PAGE)
      used = 0
    }
    return values[used++] ?? 0
  }
}
