import { shortNumber } from '../../figures/search/index.ts'
import { meanOverFolds } from '../../metrics/uncertainty/index.ts'
import type { Axis } from '../../search/index.ts'
import type { TrialScores } from '../../search/searching/records.ts'
import { ranked } from '../../search/trial.ts'
import { writing } from '../comparison/writing.ts'
import type { PlainTable } from '../document.ts'
import { duration, whole } from '../format.ts'
import { foldRatio, metricOf, type StudyContent, scoreOf } from './content.ts'

/** A table of a study, as a page or a terminal sets it. */
export interface StudyTable extends PlainTable {
  readonly name: 'best' | 'importance' | 'pairs' | 'space' | 'failures'
}

export interface StudyTableOptions {
  /** Trials in the table of the best (default 10). */
  readonly top?: number
}

/** Pairs in their table. */
const MOST_PAIRS = 10

/**
 * The tables of a study: the best trials, how much each parameter and pair matters, the space, why trials failed. One without rows is left out.
 *
 * @example
 * studyTables(await readStudyContent('studies/mlp'), { top: 20 }).map(({ name, rows }) => [name, rows.length])
 */
export function studyTables(content: StudyContent, { top = 10 }: StudyTableOptions = {}): StudyTable[] {
  return [
    bestTable(content, top),
    importanceTable(content),
    pairTable(content),
    spaceTable(content),
    failureTable(content),
  ].filter(({ rows }) => rows.length > 0)
}

function bestTable({ study, objective, scores, folds }: StudyContent, top: number): StudyTable {
  const metric = metricOf(objective)
  const format = writing()
  const best = ranked(study.trials, study.direction)
    .flatMap((trial) => (trial.outcome?.state === 'complete' ? [{ ...trial, value: trial.outcome.value }] : []))
    .slice(0, top)
  const measured = best.map(({ number }) => {
    const own = scores.get(number)
    return {
      seconds: own?.seconds,
      error: own && standardError(own, objective, folds),
    }
  })
  const isFolded = [...scores.values()].some(({ fits }) => fits.some(({ fold }) => fold !== undefined))
  const hasErrors = measured.some(({ error }) => error !== undefined)
  const hasTimes = measured.some(({ seconds }) => seconds !== undefined)
  const axes = study.space.axes.filter((_, i) => best.some(({ point }) => point[i] !== undefined))
  return {
    ...{ kind: 'table', name: 'best' },
    caption: `The best trials by ${objective}${hasErrors ? `; standard errors are those of the mean over ${!isFolded ? 'seeds' : 'folds, enlarged because folds share what they train on'}` : ''}.`,
    columns: [
      { title: 'trial', kind: 'number' },
      { title: objective, kind: 'number' },
      ...(hasErrors ? [{ title: 'standard error', kind: 'number' } as const] : []),
      ...axes.map(({ path, parameter }) => ({
        title: path,
        kind: parameter.kind === 'choice' ? ('word' as const) : ('number' as const),
      })),
      ...(hasTimes ? [{ title: 'time', kind: 'number' } as const] : []),
    ],
    rows: best.map(({ number, value, point }, i) => {
      const { error, seconds } = measured[i] ?? {}
      return [
        String(number),
        format.value(metric, value),
        ...(hasErrors ? [error === undefined ? '–' : format.spread(metric, error)] : []),
        ...axes.map((axis) => settingText(axis, point[study.space.axes.indexOf(axis)])),
        ...(hasTimes ? [seconds === undefined ? '–' : duration(seconds)] : []),
      ]
    }),
  }
}

/** Of the mean over folds, or over seeds; undefined for one training. */
function standardError({ fits }: TrialScores, objective: string, folds: StudyContent['folds']): number | undefined {
  const values = fits.map((fit) => scoreOf(fit, objective))
  if (values.length < 2 || !values.every(Number.isFinite)) return undefined
  const { sd, standardError: corrected } = meanOverFolds(values, {
    ratio: foldRatio(folds) ?? 1 / (values.length - 1),
  })
  return fits.some(({ fold }) => fold !== undefined) ? corrected : sd / Math.sqrt(values.length)
}

function settingText({ parameter }: Axis, at: number | undefined): string {
  if (at === undefined) return '–'
  if (parameter.kind !== 'choice') return number(at)
  const value = parameter.values[at]
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const number = (value: number): string => shortNumber(value).replace('e-', 'e−').replace(/^-/, '−')

const share = (value: number): string => `${(100 * value).toFixed(1)}%`

function importanceTable({ importance, study }: StudyContent): StudyTable {
  const empty = { kind: 'table', name: 'importance', columns: [], rows: [], caption: '' } as const
  if (importance.kind === 'unknown') return empty
  const { parameters, floor, trials, r2, clipped } = importance
  const hasInactive = parameters.some(({ active }) => active < trials)
  return {
    ...empty,
    caption: `What each parameter does, in shares of the variance of ${study.name}’s values: alone over the whole space (fANOVA), and by how much a forest’s error on trials that its trees have not seen grows when the parameter’s values are exchanged (permutation); with what 90 of 100 trees or permutations say. From ${trials} complete trials, R² ${r2.toFixed(2)}; a parameter that does nothing gets ${share(floor)} alone.${clipped > 0 ? ` ${clipped} values far worse than the rest count as less bad than they are.` : ''}${hasInactive ? ' A parameter inside a branch counts with the choice of that branch, and does nothing where another is chosen.' : ''}`,
    columns: [
      { title: 'parameter', kind: 'word' },
      { title: 'alone', kind: 'number' },
      { title: '90 of 100 trees', kind: 'number' },
      { title: 'permutation', kind: 'number' },
      { title: '90 of 100 permutations', kind: 'number' },
      ...(hasInactive ? [{ title: 'trials with it', kind: 'number' } as const] : []),
    ],
    rows: parameters.map(({ path, alone, permuted, active }) => [
      path,
      share(alone.value),
      `${share(alone.low)} to ${share(alone.high)}`,
      permuted.value.toFixed(3).replace('-', '−'),
      `${permuted.low.toFixed(3)} to ${permuted.high.toFixed(3)}`.replaceAll('-', '−'),
      ...(hasInactive ? [String(active)] : []),
    ]),
  }
}

function pairTable({ importance }: StudyContent): StudyTable {
  const pairs = importance.kind === 'unknown' ? [] : importance.pairs
  const floor = importance.kind === 'unknown' ? 0 : importance.floor
  return {
    ...{ kind: 'table', name: 'pairs' },
    caption: `What two parameters do together beyond what each does alone, where it is more than a parameter that does nothing gets${importance.kind === 'known' ? `. For three and more together, and the noise that trees follow, ${share(importance.rest)} are left` : ''}.`,
    columns: [
      { title: 'parameters', kind: 'word' },
      { title: 'together', kind: 'number' },
      { title: '90 of 100 trees', kind: 'number' },
    ],
    rows: pairs
      .filter((pair) => pair.share.value > floor)
      .slice(0, MOST_PAIRS)
      .map(({ paths, share: { value, low, high } }) => [
        paths.join(' × '),
        share(value),
        `${share(low)} to ${share(high)}`,
      ]),
  }
}

function spaceTable({ study: { space } }: StudyContent): StudyTable {
  const { axes } = space
  const hasBranches = axes.some(({ condition }) => condition !== undefined)
  return {
    ...{ kind: 'table', name: 'space' },
    caption: 'What was searched.',
    columns: [
      { title: 'parameter', kind: 'word' },
      { title: 'values' },
      { title: 'scale' },
      ...(hasBranches ? [{ title: 'only where' }] : []),
    ],
    rows: axes.map((axis) => [
      axis.path,
      rangeText(axis.parameter),
      axis.parameter.kind === 'choice' ? 'no order' : axis.parameter.log ? 'logarithmic' : 'linear',
      ...(hasBranches ? [conditionText(axes, axis)] : []),
    ]),
  }
}

function rangeText(parameter: Axis['parameter']): string {
  if (parameter.kind === 'choice')
    return parameter.values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ')
  const { low, high, step, kind } = parameter
  const steps = step === null || (kind === 'int' && step === 1) ? '' : ` in steps of ${number(step)}`
  return `${kind === 'int' ? 'whole numbers ' : ''}${number(low)} to ${number(high)}${steps}`
}

function conditionText(axes: readonly Axis[], { condition }: Axis): string {
  if (condition === undefined) return ''
  const branch = axes[condition.axis]
  const option = branch?.parameter.kind === 'choice' ? branch.parameter.values[condition.option] : undefined
  return `${branch?.path ?? ''} is ${String(option)}`
}

function failureTable({ study }: StudyContent): StudyTable {
  const reasons = new Map<string, number[]>()
  for (const { number: trial, outcome } of study.trials)
    if (outcome?.state === 'failed') reasons.set(outcome.reason, [...(reasons.get(outcome.reason) ?? []), trial])
  return {
    ...{ kind: 'table', name: 'failures' },
    caption: 'Why trials failed.',
    columns: [{ title: 'reason' }, { title: 'trials', kind: 'number' }, { title: 'the first' }],
    rows: [...reasons]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([reason, trials]) => [reason, whole(trials.length), trials.slice(0, 5).join(', ')]),
  }
}
