import type { Measures, RunScores } from '../../inspect/index.ts'
import type { Figure } from '../figure.ts'
import { type AgainstPanel, type AgainstSeries, againstFigure } from './againstFigure.ts'

/** One run of a batch size, and what was measured of it. */
export interface MeasuredRun {
  readonly batchSize: number
  readonly seed: number
  readonly measures: Measures
  readonly scores: RunScores
}

type Value = (run: MeasuredRun) => number

/** What a sharpness that float32 cannot tell from zero is drawn as: not at all. */
const sharpness =
  (name: 'epsilonSharpness' | 'adaptiveSharpness'): Value =>
  ({ measures }) =>
    measures[name].isResolved ? measures[name].percent : Number.NaN

/**
 * Sensitivity to the input against batch size, with the loss and the accuracy beside it.
 *
 * @example
 * sensitivityFigure(runs)
 */
export function sensitivityFigure(runs: readonly MeasuredRun[]): Figure {
  const series = seriesOf(runs)
  return againstFigure(
    [
      {
        title: 'loss, and sensitivity of the loss',
        left: lossAxis(series),
        right: {
          title: 'norm of the loss’s gradient to the input',
          series: [series('gradient norm', ({ measures }) => measures.lossGradient)],
        },
      },
      {
        title: runs.every(isClassifier)
          ? 'accuracy, and sensitivity of the outputs'
          : 'loss, and sensitivity of the outputs',
        left: runs.every(isClassifier) ? accuracyAxis(series) : lossAxis(series),
        right: {
          title: 'Frobenius norm of the outputs’ Jacobian',
          series: [series('Jacobian norm', ({ measures }) => measures.jacobian)],
        },
      },
    ],
    BATCH_SIZE,
  )
}

/**
 * Sharpness and curvature against batch size, with the test loss beside them. A sharpness that float32 cannot tell from zero is left out.
 *
 * @example
 * sharpnessFigure(runs)
 */
export function sharpnessFigure(runs: readonly MeasuredRun[]): Figure {
  const series = seriesOf(runs)
  const test = () => ({ title: 'loss', series: [series('test loss', ({ scores }) => scores.test.loss)] })
  const panels: AgainstPanel[] = [
    {
      title: 'ε-sharpness (changes when layers are rescaled)',
      left: test(),
      right: { title: 'ε-sharpness (%)', series: [series('ε-sharpness', sharpness('epsilonSharpness'))] },
    },
    {
      title: 'adaptive sharpness (does not)',
      left: test(),
      right: {
        title: 'adaptive sharpness (%)',
        series: [series('adaptive sharpness', sharpness('adaptiveSharpness'))],
      },
    },
    {
      title: 'curvature',
      left: {
        title: 'largest eigenvalue of the Hessian',
        series: [series('largest eigenvalue', ({ measures }) => measures.topEigenvalue.value)],
      },
      right: { title: 'trace of the Hessian', series: [series('trace', ({ measures }) => measures.trace.trace)] },
    },
  ]
  const isDrawn = ({ right }: AgainstPanel): boolean =>
    right?.series.some(({ points }) => points.some(({ value }) => Number.isFinite(value))) ?? false
  return againstFigure(panels.filter(isDrawn), BATCH_SIZE)
}

const BATCH_SIZE = { x: { title: 'batch size', scale: 'log' } } as const

type Series = (name: string, value: Value) => AgainstSeries

const seriesOf =
  (runs: readonly MeasuredRun[]): Series =>
  (name, value) => ({ name, points: runs.map((run) => ({ x: run.batchSize, value: value(run), seed: run.seed })) })

const isClassifier = ({ scores }: MeasuredRun): boolean => scores.test.accuracy !== undefined

const lossAxis = (series: Series) => ({
  title: 'loss',
  series: [series('training', ({ scores }) => scores.train.loss), series('test', ({ scores }) => scores.test.loss)],
})

const accuracyAxis = (series: Series) => ({
  title: 'accuracy',
  series: [
    series('training', ({ scores }) => scores.train.accuracy ?? Number.NaN),
    series('test', ({ scores }) => scores.test.accuracy ?? Number.NaN),
  ],
})
