import * as z from 'zod'
import { UsageError } from '../errors.ts'
import { parseConfig } from '../nn/index.ts'
import { compile, spec } from '../runtime/index.ts'
import { allocate, matmul, mul, reduceSum, sub, topK, transpose } from '../tensor/index.ts'
import { type Answers, type Baseline, columnsOf, logOf, type Table } from './baseline.ts'

export interface KnnOptions {
  /** How many neighbours (default 5). */
  readonly k?: number
  /** Whether near neighbours count for more, by 1 / distance, or all alike (default `uniform`). */
  readonly weights?: 'uniform' | 'distance'
}

const schema = z.strictObject({
  k: z.int().min(1, 'give a whole number of at least 1').optional(),
  weights: z.enum(['uniform', 'distance']).optional(),
})

/** Queries compared with all training samples at a time. */
const QUERIES = 256

/**
 * k nearest neighbours by Euclidean distance, all of them compared: the share of each class among them, or the mean of
 * their values. Scale the features before, for the one with the largest numbers decides. Prediction takes as long as there
 * are training samples.
 *
 * @example
 * const { test } = await baseline(experiment, knn({ k: 5 }))
 */
export function knn(options: KnnOptions = {}): Baseline {
  const { k = 5, weights = 'uniform' } = parseConfig('knn', schema, options)
  return {
    kind: 'knn',
    config: { k, weights },
    tasks: ['classification', 'regression'],
    fit: (samples, answers) => {
      if (k > samples.rows)
        throw new UsageError(`knn: k is ${k} and there are ${samples.rows} training samples: give at most as many`)
      const { values, width } = columnsOf(answers)
      return {
        predict: async (queries) => {
          const out = new Float32Array(queries.rows * width)
          for await (const { query, places, squares } of neighbours(samples, queries, k)) {
            const counts = squares.map((square) => (weights === 'uniform' ? 1 : 1 / Math.sqrt(square)))
            // One at no distance at all outweighs all that are at some.
            const isSame = counts.some((count) => count === Number.POSITIVE_INFINITY)
            const shares = counts.map((count) => (isSame ? Number(count === Number.POSITIVE_INFINITY) : count))
            const total = shares.reduce((sum, share) => sum + share, 0)
            for (let c = 0; c < width; c++) {
              let sum = 0
              for (const [i, place] of places.entries()) sum += (shares[i] ?? 0) * (values[place * width + c] ?? 0)
              out[query * width + c] = finish(answers, sum / total)
            }
          }
          return out
        },
      }
    },
  }
}

const finish = ({ task }: Answers, mean: number): number => (task === 'classification' ? logOf(mean) : mean)

interface Neighbours {
  readonly query: number
  /** Numbers of the k nearest samples, the nearest first, of equals the one that comes first. */
  readonly places: readonly number[]
  /** Squares of their distances. */
  readonly squares: readonly number[]
}

async function* neighbours(samples: Table, queries: Table, k: number): AsyncGenerator<Neighbours> {
  const { width, rows } = samples
  const program = await compile(
    (x, q) => {
      // |q - x|² but for |q|², which is the same for all x.
      const lengths = reduceSum(mul(x, x), { axes: [1] })
      return topK(sub(lengths, mul(matmul(q, transpose(x)), 2)), k, { largest: false }).indices
    },
    spec([rows, width]),
    spec([QUERIES, width]),
  )
  const room = new Float32Array(QUERIES * width)
  const found = allocate('int32', QUERIES * k)
  for (let start = 0; start < queries.rows; start += QUERIES) {
    const count = Math.min(QUERIES, queries.rows - start)
    room.set(queries.data.subarray(start * width, (start + count) * width))
    await program.runFlat([samples.data, room], [found])
    for (let i = 0; i < count; i++) {
      const places = [...found.subarray(i * k, (i + 1) * k)]
      const squares = places.map((place) => squaredDistance(samples, place, room, i * width))
      yield { query: start + i, places, squares }
    }
  }
}

/** In float64: what the product left of close neighbours is mostly rounding. */
function squaredDistance({ data, width }: Table, place: number, query: Float32Array, start: number): number {
  let sum = 0
  for (let i = 0; i < width; i++) sum += ((data[place * width + i] ?? 0) - (query[start + i] ?? 0)) ** 2
  return sum
}
