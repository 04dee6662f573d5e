import { SingleBar } from 'cli-progress'
import { note, seconds } from './output.ts'

/** A bar for one task after the other. */
export interface TaskBar {
  /**
   * @param share done, 0 to 1; NaN where it is not known
   * @param detail what is told beside the task: how much is done, how fast
   */
  at(task: string, share: number, detail?: string): void
  stop(): void
}

const STEPS = 100
/** Seconds of a task before what is left of it is told: earlier it is a guess. */
const SURE = 1
/** Seconds between two lines where there is no terminal. */
const LINE_INTERVAL = 10

/** On a terminal a bar on standard error, from the first task on; elsewhere, or if asked, a plain line now and then. */
export function taskBar(isDrawn: boolean = process.stderr.isTTY): TaskBar {
  return isDrawn ? drawnBar() : lines()
}

function drawnBar(): TaskBar {
  let bar: SingleBar | undefined
  const left = leftTeller()
  return {
    at: (task, share, detail = '') => {
      const known = Number.isNaN(share) ? 0 : Math.min(1, share)
      const text = `${task}${detail}${left(task, known)}`
      bar ??= started(text)
      bar.update(Math.round(known * STEPS), { text })
    },
    stop: () => bar?.stop(),
  }
}

/** How long a task will still take, going by how long it took so far; nothing while that would be a guess. */
function leftTeller(): (task: string, share: number) => string {
  let current: { readonly task: string; readonly began: number; readonly from: number } | undefined
  return (task, share) => {
    const now = performance.now()
    if (current?.task !== task) current = { task, began: now, from: share }
    const elapsed = (now - current.began) / 1000
    const left = (elapsed * (1 - share)) / (share - current.from)
    return elapsed > SURE && left > 0 && Number.isFinite(left) ? `, ${seconds(left)} left` : ''
  }
}

function started(text: string): SingleBar {
  const bar = new SingleBar({
    format: '{bar} {percentage} % · {text}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false,
    stream: process.stderr,
  })
  bar.start(STEPS, 0, { text })
  return bar
}

function lines(): TaskBar {
  let told = performance.now()
  const left = leftTeller()
  return {
    at: (task, share, detail = '') => {
      const rest = Number.isNaN(share) ? '' : left(task, share)
      if (performance.now() - told < LINE_INTERVAL * 1000) return
      told = performance.now()
      const done = Number.isNaN(share) ? '' : `${detail === '' ? ':' : ','} ${Math.floor(share * 100)} %${rest}`
      note(`${task}${detail}${done}`)
    },
    stop: () => {},
  }
}
