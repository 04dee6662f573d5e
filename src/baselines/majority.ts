import { type Baseline, columnsOf, logOf } from './baseline.ts'

/**
 * Predicts the most frequent class of the training split, or the mean, whatever the sample: what every model must beat.
 *
 * @example
 * const { test } = await baseline(experiment, majority())
 */
export const majority = (): Baseline => ({
  kind: 'majority',
  config: {},
  tasks: ['classification', 'regression'],
  fit: ({ rows: samples }, answers) => {
    const { values, width } = columnsOf(answers)
    const mean = new Float64Array(width)
    for (const [i, value] of values.entries()) mean[i % width] = (mean[i % width] ?? 0) + value / samples
    const scores = answers.task === 'classification' ? mean.map(logOf) : mean
    return { predict: ({ rows }) => Float32Array.from({ length: rows * width }, (_, i) => scores[i % width] ?? 0) }
  },
})
