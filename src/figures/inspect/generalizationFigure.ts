import { UsageError } from '../../errors.ts'
import type { RunScores } from '../../inspect/index.ts'
import type { Figure } from '../figure.ts'
import { type AgainstAxis, type AgainstPanel, type AgainstSeries, againstFigure } from './againstFigure.ts'

/** One run, what tells it from others, and how it does on both splits. */
export interface GeneralizationRun {
  readonly label: string
  readonly seed: number
  readonly parameters: number
  /** Share of the training labels that were drawn by chance. */
  readonly randomLabels: number
  readonly scores: RunScores
}

/**
 * How well runs do on what they learnt from, on new samples, and the gap between: against the number of parameters where it differs, else against the share of random labels,
 * else by name.
 *
 * @throws UsageError where there is no run, or there are more than two shares of random labels for each of several sizes
 *
 * @example
 * generalizationFigure(runs).rows // { panel: 'loss', series: 'test', x: 1201, value: 0.08, … }
 */
export function generalizationFigure(runs: readonly GeneralizationRun[]): Figure {
  if (runs.length === 0) throw new UsageError('there is no run to draw: train at least one')
  const shares = [...new Set(runs.map(({ randomLabels }) => randomLabels))].sort((a, b) => a - b)
  const bySize = new Set(runs.map(({ parameters }) => parameters)).size > 1
  const byShare = !bySize && shares.length > 1
  if (bySize && shares.length > 2)
    throw new UsageError(
      `there are ${shares.length} shares of random labels for several sizes: draw at most two, so that lines can be told apart`,
    )
  const groups = bySize ? shares : [undefined]
  const seriesOf = (value: (scores: RunScores) => number, name: string): AgainstSeries[] =>
    groups.map((share) => ({
      name: share === undefined || shares.length === 1 ? name : `${name}, ${labelsText(share)}`,
      points: runs
        .filter(({ randomLabels }) => share === undefined || randomLabels === share)
        .map((run) => ({
          x: bySize ? run.parameters : byShare ? labelsText(run.randomLabels) : run.label,
          value: value(run.scores),
          seed: run.seed,
        })),
    }))
  const axis = (title: string, isLog: boolean, value: (split: RunScores['train']) => number): AgainstAxis => ({
    ...{ title, isLog },
    series: [...seriesOf(({ train }) => value(train), 'training'), ...seriesOf(({ test }) => value(test), 'test')],
  })
  const loss = ({ loss: value }: RunScores['train']): number => value
  const accuracy = ({ accuracy: value = Number.NaN }: RunScores['train']): number => value
  const losses = runs.flatMap(({ scores: { train, test } }) => [train.loss, test.loss])
  const isWide = Math.min(...losses) > 0 && Math.max(...losses) / Math.min(...losses) > 20
  const isClassifier = runs.every(({ scores }) => scores.test.accuracy !== undefined)
  const panels: AgainstPanel[] = [
    { title: 'loss', left: axis('loss', isWide, loss) },
    ...(isClassifier ? [{ title: 'accuracy', left: axis('accuracy', false, accuracy) }] : []),
    {
      title: 'generalisation gap of the loss',
      left: { title: 'test − training loss', series: seriesOf(({ train, test }) => test.loss - train.loss, 'gap') },
    },
    ...(isClassifier
      ? [
          {
            title: 'generalisation gap of the accuracy',
            left: {
              title: 'training − test accuracy',
              series: seriesOf(({ train, test }) => accuracy(train) - accuracy(test), 'gap'),
            },
          },
        ]
      : []),
  ]
  return againstFigure(ordered(panels, bySize), {
    x: bySize
      ? { title: 'parameters', scale: 'log' }
      : { title: byShare ? 'training labels' : 'run', scale: 'category' },
  })
}

/** Lines go from the smallest to the largest, whatever the order of the runs. */
const ordered = (panels: readonly AgainstPanel[], bySize: boolean): readonly AgainstPanel[] =>
  !bySize
    ? panels
    : panels.map(({ title, left }) => ({
        title,
        left: {
          ...left,
          series: left.series.map(({ name, points }) => ({
            name,
            points: points.toSorted((a, b) => Number(a.x) - Number(b.x)),
          })),
        },
      }))

/** What a share of random labels is called: `true labels`, `30 % random`. */
export const labelsText = (share: number): string =>
  share === 0 ? 'true labels' : `${Number((100 * share).toPrecision(3))} % random`
