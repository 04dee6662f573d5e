import pc from 'picocolors'
import type { Job } from '../../search/executors/executor.ts'
import type { StudyTrial } from '../../search/index.ts'
import type { SearchPlan } from '../../search/searching/plan.ts'
import { metric, seconds, table } from '../output.ts'

/** Trials of a study by how they ended. */
export interface Counts {
  readonly complete: number
  readonly pruned: number
  readonly failed: number
  readonly running: number
  /** All that the study is to have. */
  readonly total: number
}

export function countsOf(trials: readonly StudyTrial<unknown>[], total: number): Counts {
  const of = (state: string | undefined): number => trials.filter(({ outcome }) => outcome?.state === state).length
  return { complete: of('complete'), pruned: of('pruned'), failed: of('failed'), running: of(undefined), total }
}

export const ended = ({ complete, pruned, failed }: Counts): number => complete + pruned + failed

/** `40 of 100 trials have ended (3 pruned, 1 failed)`. */
export function countsText(counts: Counts): string {
  const parts = (['pruned', 'failed'] as const).flatMap((one) => (counts[one] > 0 ? [`${counts[one]} ${one}`] : []))
  return `${ended(counts)} of ${counts.total} trials have ended${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`
}

/** `3 trials`, `1 trial`. */
export const some = (count: number, one: string): string =>
  `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`

/** What is printed before a search begins. */
export function planText(plan: SearchPlan, { workers, threads, memory }: Omit<Job, 'folder'>): string {
  const { trials, done, fitsPerTrial, folds, seeds, samples, looked, seconds: cost } = plan
  const left = trials - done
  const each = [...(folds > 1 ? [some(folds, 'fold')] : []), ...(seeds > 1 ? [some(seeds, 'seed')] : [])].join(' × ')
  // Each worker compiles for itself.
  const time = cost && (cost.perFit * left * fitsPerTrial) / workers + cost.perProgram * looked.programs
  const lines: readonly (readonly [string, string])[] = [
    [
      'trials',
      `${trials.toLocaleString('en')}${done > 0 ? `, of which ${done.toLocaleString('en')} have ended before` : ''}`,
    ],
    [
      'fits',
      `${(left * fitsPerTrial).toLocaleString('en')}${each === '' ? '' : ` (${each} a trial)`}, each trained on ${samples.train.toLocaleString('en')} samples and judged by ${samples.scoring.toLocaleString('en')} others`,
    ],
    [
      'programs',
      `${looked.programs} for the ${some(looked.trials * fitsPerTrial, 'fit')} of ${some(looked.trials, 'trial')} looked at, in ${some(looked.packs, 'pack')}`,
    ],
    ['workers', `${workers}, ${some(threads, 'thread')} and at most ${memory.toLocaleString('en')} MB each`],
    ['time', time === undefined ? 'not measured' : `about ${seconds(time)}, by the first steps of some fits`],
  ]
  return lines.map(([name, text]) => `${name.padEnd(9)} ${text}`).join('\n')
}

/** The value of a trial's objective, by the name of its score. */
export const valueText = (objective: string, value: number): string =>
  metric(objective.slice(objective.indexOf('.') + 1), value)

/** The first trials of a ranking. */
export function trialsTable(trials: readonly StudyTrial<unknown>[], objective: string): string {
  const configs = trials.map(({ config }) => flat(config))
  const names = [...new Set(configs.flatMap((config) => [...config.keys()]))]
  return table(
    [
      { head: 'trial', align: 'right' },
      { head: objective, align: 'right' },
      ...names.map((head) => ({ head, align: 'right' as const })),
    ],
    trials.map(({ number, outcome }, i) => [
      String(number),
      outcome === undefined
        ? 'running'
        : outcome.state === 'complete'
          ? valueText(objective, outcome.value)
          : outcome.state,
      ...names.map((name) => configs[i]?.get(name) ?? ''),
    ]),
  )
}

/** A configuration as names and texts; what is inside a branch has the branch's name before it. */
function flat(config: unknown, prefix = ''): Map<string, string> {
  const entries = typeof config === 'object' && config !== null ? Object.entries(config) : []
  return new Map(
    entries.flatMap(([name, value]): [string, string][] =>
      typeof value === 'object' && value !== null && 'kind' in value
        ? [
            [prefix + name, String(value.kind)],
            ...[...flat(value, `${prefix}${name}.`)].filter(([at]) => !at.endsWith('.kind')),
          ]
        : [[prefix + name, typeof value === 'number' ? String(Number(value.toPrecision(4))) : JSON.stringify(value)]],
    ),
  )
}

/** What is told of a best trial. */
export const bestText = (
  objective: string,
  best: { readonly number: number; readonly config: unknown; readonly value: number } | undefined,
): string =>
  best === undefined
    ? 'no trial has come to its end'
    : `${pc.bold(`Best ${objective} ${valueText(objective, best.value)}`)}: trial ${best.number}, ${[...flat(best.config)].map(([name, text]) => `${name} ${text}`).join(', ')}`
