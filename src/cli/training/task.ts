import { UsageError } from '../../errors.ts'
import { INTERRUPTED } from '../interrupts.ts'
import { assertionLine, gridText, outcomeText } from '../outcome.ts'
import { print, printJson } from '../output.ts'
import { type Watch, watcher } from '../watch/watcher.ts'
import type { CellAssertion, GridTable, Outcome, Task } from './protocol.ts'
import { type TrackingOptions, tracking } from './tracking.ts'
import { type Trained, type TrainOptions, train } from './train.ts'

export interface TaskOptions extends TrackingOptions, TrainOptions {
  readonly json?: boolean | undefined
  /** Whether what comes of it is printed; default true. */
  readonly prints?: boolean | undefined
  readonly watch?: Watch | undefined
}

/** Trains, shows how far it has come, and prints what came of it. */
export async function runTask(task: Task, options: TaskOptions): Promise<void> {
  const { json = false, prints = true, watch = json ? 'none' : process.stderr.isTTY ? 'bar' : 'plain' } = options
  const watching = watcher(watch)
  const outcomes = new Map<number, Outcome>()
  const inOrder = (): Outcome[] => [...outcomes].sort(([one], [other]) => one - other).map(([, of]) => of)
  const assertions: CellAssertion[] = []
  let table: GridTable | undefined
  /** On a terminal, lines go above the bars of what is still being trained. */
  let say: (text: string) => void = print
  const tell = (text: string): void => {
    if (!json) say(text)
  }
  let trained: Trained
  try {
    trained = await train(task, options, {
      watching,
      places: await tracking(options, watching.note),
      onPlan: ({ turns, known }, jobs) => {
        if (known.length > 0)
          watching.note(
            `${known.length} of ${turns.length + known.length} runs are there already; --fresh trains them again`,
          )
        if (jobs > 1 && process.stdout.isTTY) say = watching.note
      },
      onTold: (message, turn) => {
        if (message.type === 'end') {
          outcomes.set(turn?.index ?? 0, message.outcome)
          tell(outcomeText(message.outcome))
        } else if (message.type === 'asserts') {
          assertions.push(...message.assertions)
          for (const assertion of message.assertions) tell(assertionLine(assertion))
        } else if (message.type === 'grid') {
          table = message.table
          tell(`${gridText(table)}${message.report === undefined ? '' : `\nReport: ${message.report}`}`)
        }
      },
      onTrained: () => {
        say = print
      },
    })
  } catch (error) {
    if (json && prints) printJson({ runs: inOrder(), error: error instanceof Error ? error.message : String(error) })
    if (watching.fail === undefined) throw error
    watching.fail(error)
    process.exitCode = error instanceof UsageError ? 2 : 1
    return
  }
  if (json && prints)
    printJson({
      runs: inOrder(),
      ...(assertions.length > 0 && { assertions }),
      ...(table && { [table.axes.length > 0 ? 'grid' : 'seeds']: table }),
    })
  if (hasFailed(table) || assertions.some(({ holds }) => !holds)) process.exitCode = 1
  if (!trained.isStopped) return
  process.exitCode = INTERRUPTED
  if (trained.left.length > 0 && trained.results.length > 0)
    watching.note(`${leftText(trained)} with --missing goes on`)
  if (outcomes.size === 0 && table === undefined) watching.note('stopped before training began; no run was made')
}

/** Whether a training failed, or an experiment, which is meant to train with every seed, diverged with one. */
function hasFailed(table: GridTable | undefined): boolean {
  const isExperiment = table?.axes.length === 0
  return table?.rows.some(({ diverged, failed }) => failed > 0 || (isExperiment && diverged > 0)) === true
}

/** What an interruption has left. */
export function leftText({ left, plan: { turns, known } }: Pick<Trained, 'left' | 'plan'>): string {
  const seeds = [...new Set(left.map(({ seed }) => seed))].join(', ')
  return `not begun: ${left.length} of ${turns.length + known.length} runs (seeds ${seeds}); the same command`
}
