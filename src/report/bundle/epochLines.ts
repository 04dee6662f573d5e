import type { Manifest, MetricRecord } from '../../runs/index.ts'
import { alignedTable } from '../alignedTable.ts'
import { duration, isShare, percent, value, whole } from '../format.ts'
import { metricName } from '../readable.ts'

/** Lines of epochs; of more, so many evenly apart, which is said. */
const MOST_LINES = 60

/** A training in lines: what is trained, a line an epoch with every score of both splits and the time it took, and the test. */
export function epochLines({ name, seed, model, data, id }: Manifest, records: readonly MetricRecord[]): string[] {
  const head = [
    `${name}, seed ${seed}: ${whole(model.parameters)} parameters, ${data.name} (${whole(data.splits.train)} training, ${whole(data.splits.validation)} validation, ${whole(data.splits.test)} test examples)`,
    '',
  ]
  const epochs = [...new Set(records.filter(isTraining).map(({ epoch }) => epoch))].sort((a, b) => a - b)
  const columns = scoresOf(records.filter(isTraining))
  const rows = epochs.map((epoch, i) => {
    const here = records.filter((one) => one.epoch === epoch && isTraining(one))
    const times = here.map(({ time }) => time)
    const before = i === 0 ? 0 : latest(records, epochs[i - 1])
    return [
      value(epoch),
      ...columns.map(({ split, metric }) =>
        text(metric, here.find((one) => one.split === split && one.name === metric)?.value),
      ),
      duration(Math.max(0, Math.max(...times) - before)),
    ]
  })
  const shown =
    rows.length <= MOST_LINES
      ? rows
      : rows.filter((_, i) => i % Math.ceil(rows.length / MOST_LINES) === 0 || i === rows.length - 1)
  const table = alignedTable(
    ['epoch', ...columns.map(({ split, metric }) => `${split} ${metricName(metric)}`), 'took'].map((title) => ({
      head: title,
      align: 'right' as const,
    })),
    shown,
  )
  const tested = records.filter(({ split }) => split === 'test')
  const test = tested.map(({ name: metric, value: score }) => `${metricName(metric)} ${text(metric, score)}`).join(', ')
  return [
    ...head,
    ...table.split('\n'),
    ...(shown.length < rows.length ? [`(${shown.length} of ${rows.length} epochs)`] : []),
    ...(test === '' ? [] : ['', `Test: ${test}`]),
    `Run:  ${id}`,
  ]
}

const isTraining = ({ split }: MetricRecord): boolean => split === 'train' || split === 'validation'

/** Training first, then validation; of each, in the order in which they were logged. */
function scoresOf(records: readonly MetricRecord[]): { readonly split: string; readonly metric: string }[] {
  return ['train', 'validation'].flatMap((split) =>
    [...new Set(records.filter((one) => one.split === split).map(({ name }) => name))].map((metric) => ({
      split,
      metric,
    })),
  )
}

const latest = (records: readonly MetricRecord[], epoch: number | undefined): number =>
  Math.max(0, ...records.filter((one) => one.epoch === epoch && isTraining(one)).map(({ time }) => time))

const text = (metric: string, score: number | undefined): string =>
  score === undefined ? '' : isShare(metric) ? percent(score) : value(score)
