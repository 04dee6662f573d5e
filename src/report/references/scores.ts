import { compareGroups, type Score } from '../../compare/index.ts'
import { UsageError } from '../../errors.ts'
import { meanOverSeeds } from '../../metrics/uncertainty/index.ts'
import type { MetricSummary, Run, RunGroup } from '../../runs/index.ts'
import { writing } from '../comparison/writing.ts'
import { rangeOf } from '../format.ts'
import { idsOf } from './facts.ts'
import type { Records } from './records.ts'
import { type Members, plain, type ThingReferent } from './referent.ts'
import { numberValue, textValue, unitOf, type Value } from './value.ts'

/** Splits, and what is logged of the weights: their sparsity. */
const SPLITS = ['train', 'validation', 'test', 'weights'] as const
type SplitName = (typeof SPLITS)[number]

/**
 * The scores of runs that differ in their seed: of one run its values, of several means over the seeds.
 *
 * @param isOne - whether a run was asked for, which has no mean
 */
export function splitMembers(records: Records, group: RunGroup, name: string, isOne: boolean): Members {
  const finished = group.runs.filter(({ manifest }) => manifest.status === 'finished')
  return Object.fromEntries(
    SPLITS.map((split) => [
      split,
      async (): Promise<ThingReferent> => {
        requireFinished(group, finished, name)
        const summaries = await Promise.all(finished.map((run) => records.summary(run)))
        const metrics = [...new Set(summaries.flatMap((summary) => Object.keys(summary[split] ?? {})))]
        if (metrics.length === 0)
          throw new UsageError(
            `${name} has logged nothing ${split === 'weights' ? 'of its weights' : `on its ${split} split`}`,
          )
        return {
          kind: 'thing',
          name: `${name}.${split}`,
          members: Object.fromEntries(
            metrics.map((metric) => [
              metric,
              () => {
                const found = finished.map((run, i) => ({ run, summary: summaries[i]?.[split]?.[metric] }))
                return score(records, { group, name, split, metric, found, isOne })
              },
            ]),
          ),
        }
      },
    ]),
  )
}

/** @throws UsageError naming what became of runs of which none has finished */
function requireFinished(group: RunGroup, finished: readonly Run[], name: string): void {
  if (finished.length > 0) return
  const states = group.runs.map(
    ({ id, manifest: { status, diverged, error } }) =>
      `${id} ${diverged === true ? 'diverged' : status === 'running' ? 'is still running' : status === 'interrupted' ? 'was interrupted' : 'failed'}${error === undefined ? '' : ` (${error})`}`,
  )
  throw new UsageError(`${name} has no result: ${states.join('; ')}`)
}

interface Scored {
  readonly group: RunGroup
  readonly name: string
  readonly split: SplitName
  readonly metric: string
  readonly found: readonly { readonly run: Run; readonly summary: MetricSummary | undefined }[]
  readonly isOne: boolean
}

/** A metric's last value, with its other names: the best epoch's is not the trained model's. */
function score(records: Records, scored: Scored): ThingReferent {
  const { group, name, split, metric, found, isOne } = scored
  const full = `${name}.${split}.${metric}`
  const unit = unitOf(metric)
  const format = writing()
  const of = (what: keyof MetricSummary) =>
    found.flatMap(({ run, summary }) => (summary === undefined ? [] : [{ run, value: Number(summary[what]) }]))
  const mean = (what: keyof MetricSummary, told: string): Value => {
    const values = of(what)
    const bad = values.filter(({ value }) => !Number.isFinite(value))
    if (bad.length > 0 || values.length === 0)
      throw new UsageError(`${full} is no finite number in ${bad.map(({ run }) => run.id).join(', ') || 'any run'}`)
    const origin = {
      source: `${idsOf(values.map(({ run }) => run))}: ${split} ${metric}, ${told}${values.length > 1 ? `, mean over ${values.length} seeds` : ''}`,
      runs: values.map(({ run }) => run.id),
    }
    const number = meanOverSeeds(values.map(({ value }) => value)).mean
    return numberValue(number, what === 'bestEpoch' || what === 'lastEpoch' ? 'number' : unit, origin)
  }
  const last = (): Value => mean('last', split === 'test' ? 'of the weights that were tested' : 'last epoch')
  const spread = () => {
    const values = of('last').map(({ value }) => value)
    if (values.length < 2)
      throw new UsageError(`${full} is of one finished run: there is no spread over seeds; train more seeds`)
    return { ...meanOverSeeds(values), seeds: values.length }
  }
  const member = (what: string, value: () => Value | Promise<Value>) => () => plain(`${full}.${what}`, value)
  const about = (text: string) => ({ source: `${last().source}: ${text}`, runs: last().runs })
  const measured = () => intervalOf(records, group, metric, full, split)
  const sdText = (sd: number): string => format.spread(metric, sd)
  return plain(full, last, {
    last: member('last', last),
    lastEpoch: member('lastEpoch', () => mean('lastEpoch', 'epoch of the last value')),
    best: member('best', () => mean('best', 'best epoch')),
    bestEpoch: member('bestEpoch', () => mean('bestEpoch', 'epoch of the best value')),
    low: member('low', async () => numberValue((await measured()).low, unit, about('lower end of the 95% interval'))),
    high: member('high', async () =>
      numberValue((await measured()).high, unit, about('upper end of the 95% interval')),
    ),
    interval: member('interval', async () => {
      const { low, high, told } = await measured()
      return textValue(`${format.value(metric, low)} to ${format.value(metric, high)}`, about(`95% interval, ${told}`))
    }),
    ...(!isOne && {
      mean: member('mean', last),
      std: member('std', () =>
        numberValue(spread().sd, unit === 'share' ? 'points' : unit, about('standard deviation over the seeds')),
      ),
      seeds: member('seeds', () => numberValue(of('last').length, 'count', about('number of seeds'))),
      meanStd: member('meanStd', () => {
        const [only, ...others] = of('last')
        // A table of several cells is not to fail for one that has not been repeated, and must not look as if it had.
        if (only !== undefined && others.length === 0)
          return textValue(`${format.value(metric, only.value)} (one seed)`, about('of one seed'))
        const { mean: m, sd } = spread()
        return textValue(
          `${format.value(metric, m)} ± ${sdText(sd)}`,
          about('mean ± standard deviation over the seeds'),
        )
      }),
    }),
  })
}

/** Over seeds where there are several, else over test examples: as comparisons tell it. */
async function intervalOf(records: Records, group: RunGroup, metric: string, full: string, split: SplitName) {
  if (split !== 'test') throw new UsageError(`${full} has no interval: intervals are of the test split`)
  const found: Score | undefined = await records.once(
    `interval ${group.id} ${group.runs.map(({ id }) => id).join()} ${metric}`,
    async () => (await compareGroups([group], { metrics: [metric], latency: 'never' })).metrics[0]?.scores[0],
  )
  if (found === undefined || found.kind === 'missing') throw new UsageError(`${full} has no interval`)
  const { interval } = found
  if (interval.over === 'nothing') throw new UsageError(`${full} has no interval: ${interval.reason}`)
  // As tables have it: Student's interval knows nothing of what a metric can reach.
  const [least, most] = rangeOf(metric)
  const [low, high] = [Math.max(least, interval.low), Math.min(most, interval.high)]
  const cut = low === interval.low && high === interval.high ? '' : `, cut at what ${metric} can reach`
  return { low, high, told: `over ${interval.over}, ${interval.method}${cut}` }
}
