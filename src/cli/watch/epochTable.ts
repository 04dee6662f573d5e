import pc from 'picocolors'
import { isShare, percent } from '../output.ts'
import { figure } from './lines.ts'
import type { EventOf } from './watcher.ts'

/** One column: narrower terminals go without those of the highest rank. */
interface Column {
  readonly head: string
  readonly width: number
  readonly rank: number
  text(event: EventOf<'epoch'>): string
}

/** The table of a training's epochs, line by line. */
export interface EpochTable {
  readonly header: string
  row(event: EventOf<'epoch'>): string
}

/** Characters that a value takes. */
const VALUE = 8
const GAP = '  '

/** Splits as the heads call them. */
const SPLITS: Readonly<Record<string, string>> = {
  train: 'train ',
  validation: 'val ',
  trainEvaluated: 'train eval ',
  weights: '',
}
/** Splits in the order in which narrow terminals give them up, the last first. */
const ORDER = ['validation', 'train', 'trainEvaluated', 'weights']

/**
 * A table with a row for each epoch, and for each evaluation inside one; ★ marks values that are the best so far.
 *
 * @param width characters in a line: columns that do not fit are left out, the learning rate first, then metrics of training, and the
 * epoch and what is monitored never
 */
export function epochTable(start: EventOf<'start'>, width: number): EpochTable {
  const columns = fitting(columnsOf(start), width)
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, i) => text.padStart(columns[i]?.width ?? 0))
      .join(GAP)
      .trimEnd()
  return {
    header: pc.bold(line(columns.map(({ head }) => head))),
    row: (event) => line(columns.map((column) => column.text(event))),
  }
}

function fitting(columns: readonly Column[], width: number): readonly Column[] {
  const taken = columns.reduce((sum, column) => sum + column.width + GAP.length, -GAP.length)
  if (taken <= width) return columns
  const last = Math.max(...columns.map(({ rank }) => rank))
  return last === 0
    ? columns
    : fitting(
        columns.filter(({ rank }) => rank < last),
        width,
      )
}

function columnsOf({ epochs, scores, monitor, everySteps }: EventOf<'start'>): Column[] {
  const digits = everySteps ? 2 : 0
  const values = scores.map(({ split, name }, place) => {
    const head = `${SPLITS[split] ?? `${split} `}${name}`
    const rank = name === 'loss' ? ORDER.indexOf(split) : 4 + 100 * ORDER.indexOf(split) + place
    return {
      head,
      width: Math.max(head.length, VALUE),
      rank: `${split}.${name}` === monitor ? 0 : 1 + rank,
      text: ({ report }: EventOf<'epoch'>): string => {
        const value = Object.entries(report).find(([key]) => key === split)?.[1]
        const score: unknown = typeof value === 'object' ? value[name] : undefined
        return typeof score === 'number' ? cell(name, score) : ''
      },
    }
  })
  return [
    {
      head: 'epoch',
      width: Math.max(5, epochs.toFixed(digits).length),
      rank: 0,
      text: ({ report }) => report.epoch.toFixed(digits),
    },
    ...values,
    {
      head: 'lr',
      width: VALUE + 1,
      rank: 1000,
      text: ({ learningRate }) => (learningRate === undefined ? '' : String(Number(learningRate.toPrecision(3)))),
    },
    { head: 'time', width: VALUE, rank: 50, text: ({ seconds }) => (seconds === undefined ? '' : time(seconds)) },
    { head: 'best', width: 4, rank: 0, text: ({ isBest }) => (isBest ? '★' : '') },
  ]
}

const cell = (name: string, value: number): string => (isShare(name) ? percent(value) : figure(value))

const time = (seconds: number): string =>
  seconds < 600 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`

/** Rows of very short epochs come at most this often, apart from the last. */
const INTERVAL_MS = 250

/** Prints the table's rows, of very short epochs only some. */
export function tableRows(table: EpochTable, line: (text: string) => void) {
  let told = Number.NEGATIVE_INFINITY
  let skipped: EventOf<'epoch'> | undefined
  const print = (event: EventOf<'epoch'>): void => {
    skipped = undefined
    told = performance.now()
    line(table.row(event))
  }
  line(table.header)
  return {
    add: (event: EventOf<'epoch'>): void => {
      if (performance.now() - told >= INTERVAL_MS) print(event)
      else skipped = event
    },
    end: (): void => {
      if (skipped !== undefined) print(skipped)
    },
  }
}
