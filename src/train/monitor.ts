import { UsageError } from '../errors.ts'
import type { Experiment } from './experiment.ts'
import { isEpochReport, type Report } from './position.ts'

/** The value that says which weights are the best: of a split, by name, and which way is better. */
export interface Monitor {
  readonly split: 'train' | 'trainEvaluated' | 'validation'
  readonly name: string
  readonly goal: 'min' | 'max'
}

const SPLITS = ['train', 'trainEvaluated', 'validation'] as const

/**
 * What an experiment watches.
 *
 * @param hasValidation whether there are samples to validate on
 * @throws UsageError naming a split or a value that will not be there
 */
export function monitorOf(
  { monitor, metrics, evaluation }: Pick<Experiment, 'monitor' | 'metrics' | 'evaluation'>,
  hasValidation: boolean,
): Monitor {
  const watched = monitor ?? `${hasValidation ? 'validation' : 'train'}.loss`
  const [first = '', ...rest] = watched.split('.')
  const split = SPLITS.find((one) => one === first)
  const name = rest.join('.')
  const goals = new Map<string, Monitor['goal']>([
    ['loss', 'min'],
    ...metrics.map((metric): [string, Monitor['goal']] => [metric.name, metric.goal]),
  ])
  const goal = goals.get(name)
  if (split === undefined || goal === undefined)
    throw new UsageError(
      `experiment: monitor "${watched}" is no value of this experiment: write a split and a name, as in ${[
        ...goals.keys(),
      ]
        .map((one) => `${hasValidation ? 'validation' : 'train'}.${one}`)
        .join(', ')}`,
    )
  if (split === 'validation' && !hasValidation)
    throw new UsageError(
      `experiment: monitor "${watched}" needs samples to validate on: give split: { validation: 0.1 }`,
    )
  if (split === 'trainEvaluated' && !evaluation.train)
    throw new UsageError(`experiment: monitor "${watched}" needs evaluation: { train: true }`)
  return { split, name, goal }
}

/** The monitored value of a report; undefined where it has none. */
export function monitored(report: Report, { split, name }: Monitor): number | undefined {
  const scores = split === 'validation' ? report.validation : isEpochReport(report) ? report[split] : undefined
  return scores?.[name]
}

/** Whether a value is better than another by more than `margin`; NaN never is, and anything is better than NaN. */
export function isBetter(value: number, than: number, goal: Monitor['goal'], margin = 0): boolean {
  if (Number.isNaN(value)) return false
  if (Number.isNaN(than)) return true
  return goal === 'min' ? value < than - margin : value > than + margin
}

/** The best monitored value of some reports; NaN where there is none. */
export const bestValue = (history: readonly Report[], monitor: Monitor): number =>
  history.reduce((best, report) => {
    const value = monitored(report, monitor)
    return value !== undefined && isBetter(value, best, monitor.goal) ? value : best
  }, Number.NaN)
