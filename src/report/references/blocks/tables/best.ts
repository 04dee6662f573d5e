import { UsageError } from '../../../../errors.ts'
import type { RunGroup } from '../../../../runs/index.ts'
import { writing } from '../../../comparison/writing.ts'
import { whole } from '../../../format.ts'
import { metricName } from '../../../readable.ts'
import type { Records } from '../../records.ts'
import {
  axisOption,
  axisValue,
  bestOf,
  differingAxes,
  groupScore,
  loggedMetrics,
  type MetricName,
  metricNamed,
  requireLogged,
} from './axes.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

/**
 * The best of each row's groups, chosen on the validation split and told with its scores on the test split. Options: `rows`, `by`
 * (default `validation.` and the first metric), `metrics` of the test split.
 */
export const best: TableMaker<RunsSubject> = async ({ groups }, options, records) => {
  const rows = await axisOption(options, 'rows', groups, 0)
  const by = await choiceBy(records, groups, await options.text('by'))
  const metrics = (await options.texts('metrics')) ?? (await loggedMetrics(records, groups, 'test'))
  for (const metric of metrics) await requireLogged(records, groups, { split: 'test', metric })
  const others = differingAxes(groups).filter((axis) => axis !== rows)
  const format = writing()
  const names = [...new Set(groups.map((group) => axisValue(group, rows)))]
  const cells = await Promise.all(
    names.map(async (row) => {
      const own = groups.filter((group) => axisValue(group, rows) === row)
      const chosen = bestOf(await Promise.all(own.map((group) => groupScore(records, group, by))))
      if (chosen === undefined) return [row, ...others.map(() => '–'), '–', ...metrics.map(() => '–'), '–']
      const { group } = chosen
      const scores = await Promise.all(metrics.map((metric) => groupScore(records, group, { split: 'test', metric })))
      const text = (metric: string, { mean, sd, values }: typeof chosen): string =>
        values.length === 0
          ? '–'
          : `${format.value(metric, mean)}${values.length > 1 ? ` ± ${format.spread(metric, sd)}` : ''}`
      return [
        row,
        ...others.map((axis) => axisValue(group, axis)),
        text(by.metric, chosen),
        ...scores.map((score, i) => text(metrics[i] ?? '', score)),
        whole(group.runs[0]?.manifest.model.parameters ?? 0),
      ]
    }),
  )
  return [
    {
      kind: 'table',
      caption: `The best of each ${rows}, chosen by ${by.split} ${metricName(by.metric)}, with its scores on the test split.`,
      columns: [
        { title: rows, kind: 'word' },
        ...others.map((title) => ({ title })),
        { title: `${by.split} ${metricName(by.metric)}`, kind: 'number' },
        ...metrics.map((metric) => ({ title: `test ${metricName(metric)}`, kind: 'number' as const })),
        { title: 'parameters', kind: 'number' },
      ],
      rows: cells,
    },
  ]
}

/** By what a group is chosen: never by the test split unless that is asked for. */
export async function choiceBy(
  records: Records,
  groups: readonly RunGroup[],
  asked: string | undefined,
): Promise<MetricName> {
  const [first] = await loggedMetrics(records, groups, 'validation')
  if (asked === undefined && first === undefined)
    throw new UsageError("these runs have no validation split to choose by: say by what, as in { by: 'train.loss' }")
  const name = metricNamed(asked ?? first ?? '', 'validation')
  await requireLogged(records, groups, name)
  return name
}

/** The group that is best by a metric, on the validation split unless another is named. */
export async function bestGroup(
  records: Records,
  groups: readonly RunGroup[],
  asked: string | undefined,
): Promise<RunGroup> {
  const by = await choiceBy(records, groups, asked)
  const found = bestOf(await Promise.all(groups.map((group) => groupScore(records, group, by))))
  if (found === undefined) throw new UsageError(`none of these groups has a finite ${by.split} ${by.metric}`)
  return found.group
}
