import { type Comparison, type MissingSeed, NOT_ASKED, type Score } from '../../compare/index.ts'
import { settingText } from '../../runs/index.ts'
import type { PlainTable } from '../document.ts'
import { duration, rangeOf, whole } from '../format.ts'
import { testTable } from './testTable.ts'
import { type Writing, writing } from './writing.ts'

/** A table, and what its marks like [1] mean. */
export interface NotedTable extends PlainTable {
  readonly name: 'groups' | 'settings' | 'scores' | 'tests' | 'costs'
  readonly notes: readonly string[]
}

/**
 * The tables of a comparison: the groups, settings that differ, scores, tests, costs. One without rows is left out.
 *
 * @param options.percent - how shares are written; default `87.04%`
 *
 * @example
 * comparisonTables(await compareGroups(groups)).map(({ name, rows }) => [name, rows.length])
 */
export function comparisonTables(comparison: Comparison, options: Partial<Writing> = {}): NotedTable[] {
  const format = writing(options)
  return [
    groupTable(comparison),
    settingTable(comparison),
    scoreTable(comparison, format),
    testTable(comparison, format),
    costTable(comparison),
  ].filter(({ rows }) => rows.length > 0)
}

const groupTable = ({ groups }: Comparison): NotedTable => ({
  ...{ kind: 'table', name: 'groups', notes: [] },
  caption: 'What is compared',
  columns: [{ title: 'group' }, { title: 'id', kind: 'word' }, { title: 'runs', kind: 'number' }, { title: 'seeds' }],
  rows: groups.map(({ id, label, runs }) => [
    label,
    id,
    String(runs.length),
    runs.map(({ seed }) => String(seed)).join(', '),
  ]),
})

/** More groups are rows, not columns. */
const MOST_COLUMNS = 4

function settingTable({ groups, settings: { differing } }: Comparison): NotedTable {
  const head = { kind: 'table', name: 'settings', notes: [], caption: 'What differs between the groups' } as const
  const labels = groups.map(({ label }) => label)
  return groups.length <= MOST_COLUMNS
    ? {
        ...head,
        columns: ['setting', ...labels].map((title) => ({ title })),
        rows: differing.map(({ path, values }) => [path, ...values.map(settingText)]),
      }
    : {
        ...head,
        columns: ['group', ...differing.map(({ path }) => path)].map((title) => ({ title })),
        rows:
          differing.length === 0
            ? []
            : labels.map((label, i) => [label, ...differing.map(({ values }) => settingText(values[i]))]),
      }
}

/** More groups have a row each, and metrics beside each other: a row for each of both is looked through in vain. */
const MOST_STACKED = 6

function scoreTable(comparison: Comparison, format: Writing): NotedTable {
  const { groups, metrics, level } = comparison
  const notes: string[] = []
  const mark = (note: string): string => {
    if (!notes.includes(note)) notes.push(note)
    return ` [${notes.indexOf(note) + 1}]`
  }
  const labelOf = (group: string): string => groups.find(({ id }) => id === group)?.label ?? group
  const written = metrics.map(({ metric, scores }) => scores.map((score) => cellsOf(metric, score, format, mark)))
  const caption = `Test split, of the models that training ended with. ${kindsOf(metrics.flatMap(({ scores }) => scores))}`
  const head = { kind: 'table', name: 'scores', notes, caption } as const
  const interval = `${level * 100}% interval`
  if (groups.length <= MOST_STACKED)
    return {
      ...head,
      rows: metrics.flatMap(({ metric, scores }, m) =>
        scores.map(({ group }, i) => {
          const { value = '', sd = '', bounds = '', over = '' } = written[m]?.[i] ?? {}
          return [i === 0 ? metric : '', labelOf(group), value, sd, bounds, over]
        }),
      ),
      columns: [
        { title: 'metric' },
        { title: 'group' },
        { title: 'value', kind: 'number' },
        { title: 'sd', kind: 'number' },
        { title: interval, kind: 'number' },
        { title: 'over' },
      ],
    }
  return {
    ...head,
    rows: groups.map(({ id, label }) => [
      label,
      ...metrics.flatMap(({ scores }, m) => {
        const { value = '–', sd = '', bounds = '' } = written[m]?.[scores.findIndex(({ group }) => group === id)] ?? {}
        return [`${value}${sd === '' ? '' : ` ± ${sd}`}`, bounds]
      }),
    ]),
    columns: [
      { title: 'group' },
      ...metrics.flatMap(({ metric }) => [
        { title: metric, kind: 'number' as const },
        { title: interval, kind: 'number' as const },
      ]),
    ],
  }
}

/** A score in words. */
interface ScoreCells {
  readonly value: string
  readonly sd?: string
  readonly bounds?: string
  readonly over?: string
}

function cellsOf(metric: string, score: Score, format: Writing, mark: (note: string) => string): ScoreCells {
  if (score.kind === 'missing') return { value: `–${mark(score.reason)}` }
  const { estimate, interval, values, missing } = score
  const value = `${format.value(metric, estimate)}${missing.length === 0 ? '' : ` (${ofSeeds(values.length, missing)})`}`
  if (interval.over === 'nothing') return { value, bounds: `–${mark(interval.reason)}` }
  const [least, most] = rangeOf(metric)
  const [low, high] = [Math.max(least, interval.low), Math.min(most, interval.high)]
  const isCut = low !== interval.low || high !== interval.high
  const cut = isCut ? mark('Student’s interval goes beyond what the metric can reach, and is cut there') : ''
  const bounds = `${format.value(metric, low)} to ${format.value(metric, high)}${cut}`
  return interval.over === 'seeds'
    ? { value, sd: format.spread(metric, interval.sd), bounds, over: `${interval.n} seeds, ${interval.method}` }
    : { value, bounds, over: `${whole(interval.n)} examples, ${interval.method}` }
}

/** How many of the seeds a mean holds, and why not the others: `6 of 8 seeds, 2 diverged`. */
function ofSeeds(held: number, missing: readonly MissingSeed[]): string {
  const reasons = [...new Set(missing.map(({ reason }) => reason))].map(
    (reason) => `${missing.filter((one) => one.reason === reason).length} ${reason}`,
  )
  return `${held} of ${held + missing.length} seeds, ${reasons.join(', ')}`
}

/** What the intervals that are there mean. */
function kindsOf(scores: readonly Score[]): string {
  const over = new Set(scores.flatMap((score) => (score.kind === 'score' ? [score.interval.over] : [])))
  const isWhole = scores.every((score) => score.kind === 'missing' || score.missing.length === 0)
  return [
    over.has('seeds') &&
      `Over seeds: the mean, and Student’s t-interval of the mean of all trainings of this kind${isWhole ? '' : ' that come to a finite value: what the others are worth is not in it'}; the test examples stay the same.`,
    over.has('examples') &&
      'Over examples: one trained model, and what it would reach on other test examples; a bootstrap resamples examples. What other seeds would do comes on top.',
  ]
    .filter((part) => part !== false)
    .join(' ')
}

function costTable({ groups, costs, machine }: Comparison): NotedTable {
  const measured = costs.flatMap(({ latency }) => ('reason' in latency ? [] : [latency]))
  const isTold = measured.length > 0
  const rows = costs.map(({ group, parameters, macs, training, epochs, latency }) => {
    const cells = [
      groups.find(({ id }) => id === group)?.label ?? group,
      whole(parameters),
      macs === undefined ? '–' : whole(macs),
      whole(epochs),
      training === undefined
        ? '–'
        : `${duration(training.seconds)}${training.n > 1 ? ` ± ${duration(training.sd)}` : ''}`,
    ]
    if (!isTold) return cells
    if ('reason' in latency) return [...cells, '–', '–']
    const throughput = whole(Number(latency.throughput.toPrecision(3)))
    return [...cells, `${Number(latency.milliseconds.toPrecision(3))} ms`, `${throughput}/s`]
  })
  const where = `${machine.cpu}, ${machine.cores} cores`
  const head =
    'Parameters, multiply-accumulates of the layers for one sample, and the time of a training (mean ± standard deviation over the seeds) on the machine that it ran on. Times of trainings that ran beside others, or with other numbers of threads, are not comparable.'
  const batches = `batches of ${measured[0]?.batch}`
  const columns = ['parameters', 'MACs', 'epochs', 'training', ...(isTold ? ['one sample', batches] : [])]
  return {
    ...{ kind: 'table', name: 'costs', rows },
    caption: isTold
      ? `${head} Latency of one sample and throughput of ${batches}: medians, measured now on ${where}.`
      : head,
    notes: unmeasured(costs),
    columns: [{ title: 'group' }, ...columns.map((title) => ({ title, kind: 'number' as const }))],
  }
}

/** Why there is no latency, but where nobody wanted it. */
const unmeasured = (costs: Comparison['costs']): string[] => [
  ...new Set(
    costs.flatMap(({ latency }) =>
      'reason' in latency && latency.reason !== NOT_ASKED ? [`no latency: ${latency.reason}`] : [],
    ),
  ),
]
