import type { MimeBundle } from '../display.ts'
import type { Block } from '../report/document.ts'
import { duration, isShare, percent, value, whole } from '../report/format.ts'
import { escapeHtml } from '../report/html/escape.ts'
import { tableHtml, tableText } from '../report/notebook/tables.ts'
import { metricName } from '../report/readable.ts'
import type { ExecuteOptions } from '../runs/index.ts'
import type { EpochReport } from '../train/index.ts'
import { updated } from './display.ts'

/** Milliseconds between two pictures of a training: front ends keep up with that, over a network too. */
const INTERVAL_MS = 250
/** Epochs in the table: of more, the first, the last, and some between. */
const MOST_ROWS = 12
/** Cells of the bar. */
const WIDTH = 24

/** A training as a cell follows it. */
interface Followed extends Required<Pick<ExecuteOptions, 'onStart' | 'onStep' | 'onEpoch'>> {
  /** Shows what it came to. */
  end(status: string): void
}

/**
 * Shows a training while it goes on: in a notebook one output that changes, elsewhere a line for each epoch that the table would have.
 *
 * @param epochs of the whole training
 */
export function progress(name: string, epochs: number): Followed {
  const output = updated()
  const reports: EpochReport[] = []
  let [began, shown, samples, steps, step, loss] = [performance.now(), Number.NEGATIVE_INFINITY, 0, 0, 0, Number.NaN]
  let first = 0
  const line = (): string => {
    const seconds = (performance.now() - began) / 1000
    const rate = samples / seconds
    const left = (seconds * (steps - step)) / Math.max(1, step - first)
    const share = steps === 0 ? 0 : step / steps
    const bar = '█'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '░')
    return `${name} ${bar} ${percent(share, 0)}  step ${whole(step)} of ${whole(steps)}  loss ${value(loss)}  ${whole(Math.round(rate))} samples/s  ${duration(left)} left`
  }
  const bundle = (top: string): MimeBundle => {
    const table = epochTable(reports)
    const parts = table === undefined ? [] : [table]
    return {
      'text/plain': [top, ...parts.map(tableText)].join('\n\n'),
      'text/html': [`<pre style="margin:0">${escapeHtml(top)}</pre>`, ...parts.map((part) => tableHtml(part))].join(
        '\n',
      ),
    }
  }
  return {
    onStart: ({ stepsPerEpoch, position }) => {
      began = performance.now()
      steps = stepsPerEpoch * epochs
      first = position.step
      step = position.step
    },
    onStep: (report) => {
      step = report.step
      samples += report.samples
      loss = report.loss
      if (output === undefined || performance.now() - shown < INTERVAL_MS) return
      shown = performance.now()
      output.show(bundle(line()))
    },
    onEpoch: (report) => {
      reports.push(report)
      if (output === undefined && isTold(report.epoch, epochs)) console.error(epochLine(name, report, epochs))
    },
    end: (status) => {
      const seconds = (performance.now() - began) / 1000
      const top = `${name}: ${status} after ${whole(step)} steps in ${duration(seconds)}`
      if (output === undefined) console.error(top)
      else output.end(bundle(top))
    },
  }
}

/** Of many epochs, as many as the table has rows. */
const isTold = (epoch: number, epochs: number): boolean =>
  epoch === epochs || epoch % Math.ceil(epochs / MOST_ROWS) === 0

const scoresOf = (report: EpochReport): [name: string, score: number][] =>
  (['train', 'validation'] as const).flatMap((split) =>
    Object.entries(report[split] ?? {}).map(([name, score]): [string, number] => [`${split} ${name}`, score]),
  )

const written = (name: string, score: number): string => (isShare(name) ? percent(score) : value(score))

const epochLine = (name: string, report: EpochReport, epochs: number): string =>
  `${name}, epoch ${report.epoch} of ${epochs}: ${scoresOf(report)
    .map(([score, number]) => `${score} ${written(score, number)}`)
    .join(', ')}`

/** Undefined before the first epoch's end. */
function epochTable(reports: readonly EpochReport[]): Extract<Block, { kind: 'table' }> | undefined {
  const last = reports.at(-1)
  if (last === undefined) return undefined
  const every = Math.ceil(reports.length / MOST_ROWS)
  const some = reports.filter((report, i) => i === 0 || report === last || (i + 1) % every === 0)
  const names = scoresOf(last).map(([name]) => name)
  return {
    kind: 'table',
    caption: '',
    columns: [
      { title: 'epoch', kind: 'number' },
      ...names.map((name) => {
        const [split = '', metric = ''] = name.split(' ')
        return { title: `${split} ${metricName(metric)}`, kind: 'number' as const }
      }),
    ],
    rows: some.map((report) => {
      const scores = new Map(scoresOf(report))
      return [
        String(report.epoch),
        ...names.map((name) => {
          const score = scores.get(name)
          return score === undefined ? '' : written(name, score)
        }),
      ]
    }),
  }
}
