import { UsageError } from '../../../../errors.ts'
import { writing } from '../../../comparison/writing.ts'
import type { Cell } from '../../../document.ts'
import { metricName } from '../../../readable.ts'
import {
  axisOption,
  axisValue,
  bestOf,
  type GroupScore,
  groupScore,
  loggedMetrics,
  metricNamed,
  requireLogged,
} from './axes.ts'
import type { RunsSubject, TableMaker } from './maker.ts'

/**
 * One metric of a grid: rows and columns are axes of the grid, or settings. Options: `rows`, `columns`, `metric` (`accuracy`, of the test
 * split, or `validation.accuracy`). The best of each row is strong.
 */
export const pivot: TableMaker<RunsSubject> = async ({ groups }, options, records) => {
  const rows = await axisOption(options, 'rows', groups, 0)
  const columns = await axisOption(options, 'columns', groups, 1)
  if (rows === columns) throw new UsageError(`rows and columns are both ${rows}: give two axes`)
  const asked = await options.text('metric')
  const name = metricNamed(asked ?? (await loggedMetrics(records, groups, 'test'))[0] ?? 'loss')
  await requireLogged(records, groups, name)
  const scores = await Promise.all(groups.map((group) => groupScore(records, group, name)))
  const [across, down] = [columns, rows].map((axis) => [...new Set(groups.map((group) => axisValue(group, axis)))])
  const format = writing()
  const text = ({ mean, sd, values, diverged }: GroupScore): string => {
    if (values.length === 0) return diverged > 0 ? 'diverged' : '–'
    const spread = values.length > 1 ? ` ± ${format.spread(name.metric, sd)}` : ''
    return `${format.value(name.metric, mean)}${spread}${diverged > 0 ? ` (${diverged} diverged)` : ''}`
  }
  const at = (row: string, column: string): GroupScore | undefined => {
    const found = scores.filter(({ group }) => axisValue(group, rows) === row && axisValue(group, columns) === column)
    if (found.length > 1)
      throw new UsageError(
        `${found.length} groups have ${rows} ${row} and ${columns} ${column} (${found.map(({ group }) => group.id).join(', ')}): choose among them in group('…', { … })`,
      )
    return found[0]
  }
  const seeds = new Set(scores.flatMap(({ values }) => (values.length === 0 ? [] : [values.length])))
  const said = [...seeds].some((count) => count > 1)
    ? `mean ± standard deviation over ${[...seeds].sort((a, b) => a - b).join(' or ')} seeds`
    : 'one seed each'
  return [
    {
      kind: 'table',
      caption: `${capital(name.split)} ${metricName(name.metric)} by ${rows} (rows) and ${columns} (columns), ${said}. The best of each row is strong.`,
      columns: [{ title: rows, kind: 'word' }, ...(across ?? []).map((title) => ({ title, kind: 'number' as const }))],
      rows: (down ?? []).map((row): Cell[] => {
        const own = (across ?? []).map((column) => at(row, column))
        const best = bestOf(own.filter((one) => one !== undefined))
        return [
          row,
          ...own.map((one): Cell => {
            if (one === undefined) return '–'
            return one === best ? [{ kind: 'strong', children: [{ kind: 'text', text: text(one) }] }] : text(one)
          }),
        ]
      }),
    },
  ]
}

const capital = (word: string): string => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`
