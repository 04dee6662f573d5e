import * as z from 'zod'
import { crossProducts, innerProducts } from '../../data/linearAlgebra/crossProducts.ts'
import { solveSymmetric } from '../../data/linearAlgebra/solveSymmetric.ts'
import { parseConfig } from '../../nn/index.ts'
import { type Answers, type Baseline, scoresOfClasses, signsOf, type Table } from '../baseline.ts'
import { linearModel } from './linearModel.ts'

export interface RidgeOptions {
  /** Weight of the squares of the weights against those of the errors (default 1). */
  readonly alpha?: number
}

const schema = z.strictObject({ alpha: z.number().positive('give a number above 0').optional() })

/**
 * Ridge regression: |y − xW − b|² + alpha |W|², solved exactly. Classes are predicted as numbers, 1 for its own class and
 * −1 for the others, and the highest wins; such scores are no logarithms of probabilities. As scikit-learn's Ridge and
 * RidgeClassifier. Takes the time of d³ steps for d features, or of n³ for n < d samples.
 *
 * @example
 * const { test } = await baseline(experiment, ridge({ alpha: 10 }))
 */
export function ridge(options: RidgeOptions = {}): Baseline {
  const { alpha = 1 } = parseConfig('ridge', schema, options)
  return {
    kind: 'ridge',
    config: { alpha },
    tasks: ['classification', 'regression'],
    fit: async (samples, answers) => {
      const { targets, outputs } = numbersOf(answers)
      const x = centred(samples.data, samples.width)
      const y = centred(targets, outputs)
      const weights = await (samples.width <= samples.rows ? byFeatures : bySamples)(
        { data: x.data, rows: samples.rows, width: samples.width },
        { data: y.data, rows: samples.rows, width: outputs },
        alpha,
      )
      const intercepts = y.mean.map((mean, output) => {
        let sum = mean
        for (let i = 0; i < samples.width; i++) sum -= (weights[output * samples.width + i] ?? 0) * (x.mean[i] ?? 0)
        return sum
      })
      const isClasses = answers.task === 'classification'
      return linearModel(weights, intercepts, isClasses ? (values) => scoresOfClasses(values, outputs) : undefined)
    },
  }
}

const numbersOf = (answers: Answers) =>
  answers.task === 'classification'
    ? signsOf('ridge', answers, -1)
    : { targets: answers.values, outputs: answers.width }

function centred(data: Float32Array, width: number) {
  const mean = new Float64Array(width)
  const rows = data.length / width
  for (let i = 0; i < data.length; i++) mean[i % width] = (mean[i % width] ?? 0) + (data[i] ?? 0)
  for (let i = 0; i < width; i++) mean[i] = (mean[i] ?? 0) / rows
  return { mean, data: data.map((value, i) => value - (mean[i % width] ?? 0)) }
}

/** (XᵀX + alpha) W = XᵀY. Returns `[outputs, features]`. */
async function byFeatures(x: Table, y: Table, alpha: number): Promise<Float64Array> {
  const width = x.width + y.width
  const products = await crossProducts(width)
  const row = new Float32Array(width)
  for (let i = 0; i < x.rows; i++) {
    row.set(x.data.subarray(i * x.width, (i + 1) * x.width))
    row.set(y.data.subarray(i * y.width, (i + 1) * y.width), x.width)
    await products.add(row)
  }
  const all = await products.sum()
  const matrix = new Float64Array(x.width * x.width)
  const sides = new Float64Array(y.width * x.width)
  for (let i = 0; i < x.width; i++) {
    matrix.set(all.subarray(i * width, i * width + x.width), i * x.width)
    matrix[i * x.width + i] = (matrix[i * x.width + i] ?? 0) + alpha
    for (let output = 0; output < y.width; output++)
      sides[output * x.width + i] = all[i * width + x.width + output] ?? 0
  }
  return solveSymmetric(matrix, x.width, sides)
}

/** (XXᵀ + alpha) A = Y and W = XᵀA, which is less to solve where there are fewer samples than features. */
async function bySamples(x: Table, y: Table, alpha: number): Promise<Float64Array> {
  const n = x.rows
  const matrix = await innerProducts(x.data, n)
  for (let i = 0; i < n; i++) matrix[i * n + i] = (matrix[i * n + i] ?? 0) + alpha
  const sides = Float64Array.from({ length: y.width * n }, (_, i) => y.data[(i % n) * y.width + Math.floor(i / n)] ?? 0)
  const solved = await solveSymmetric(matrix, n, sides)
  const weights = new Float64Array(y.width * x.width)
  for (let output = 0; output < y.width; output++)
    for (let row = 0; row < n; row++) {
      const share = solved[output * n + row] ?? 0
      for (let i = 0; i < x.width; i++)
        weights[output * x.width + i] = (weights[output * x.width + i] ?? 0) + share * (x.data[row * x.width + i] ?? 0)
    }
  return weights
}
