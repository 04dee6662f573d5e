import { UsageError } from '../../errors.ts'
import type { Pruner } from '../pruners/index.ts'
import type { Suggester } from '../samplers/index.ts'
import type { Space } from '../space/index.ts'
import { bestOf, type Direction, type Outcome } from '../trial.ts'
import type { Asked } from './journal/events.ts'
import type { Journal, Reach } from './journal/journal.ts'
import { type Claim, type Ledger, ledger, type StudyTrial } from './ledger.ts'

/** What there is to evaluate, from `ask` to `tell`. */
export interface Trial<C> {
  /** From 0; each number is given out once, or again when its worker died. */
  readonly number: number
  /** How many attempts at it came to no end before: their workers died, or gave it back. */
  readonly attempt: number
  /** How many workers have died over it: perhaps of it. */
  readonly deaths: number
  readonly config: C
  /**
   * Notes a value on the way: of an epoch, of a fold. Tells other machines that this worker lives, too.
   *
   * @param step - a whole number that was not reported before; for most pruners the epochs done, for `wilcoxonPruner` the fold
   * @param value - may be NaN
   * @throws UsageError for a step that is none or comes twice, and after the trial was told
   */
  report(step: number, value: number): void
  /** Whether the study's pruner would stop the trial after its last report. Then tell `{ pruned: true }`. */
  shouldPrune(): boolean
}

/** How a trial went: its value, or why there is none. */
export type Result = number | { readonly failed: string } | { readonly pruned: true }

interface Parts<C> {
  readonly name: string
  readonly space: Space<C>
  readonly direction: Direction
  readonly pruner: Pruner
  readonly suggester: Suggester
  readonly journal: Journal
  readonly limit: number
  readonly retries: number
}

/** A search under way; see `createStudy`. Any number of trials may be open at once. */
export class Study<C> {
  readonly #parts: Parts<C>
  readonly #ledger: Ledger<C>
  readonly #open = new Set<Trial<C>>()

  constructor(parts: Parts<C>) {
    this.#parts = parts
    this.#ledger = ledger(parts.space)
    this.refresh()
  }

  get name(): string {
    return this.#parts.name
  }

  get direction(): Direction {
    return this.#parts.direction
  }

  /** Trials in all, where that is bounded. */
  get limit(): number | undefined {
    return Number.isFinite(this.#parts.limit) ? this.#parts.limit : undefined
  }

  /** Whether trials may be asked for ahead of time, as no suggestion depends on what came of others. */
  get isIndependent(): boolean {
    return this.#parts.suggester.isIndependent === true
  }

  /** All trials by number, as far as the journal was read by the last `ask`, `tell` or `refresh`. */
  get trials(): readonly StudyTrial<C>[] {
    return this.#ledger.trials()
  }

  /** The best complete trial, of equal ones the first by number; undefined before there is one. */
  get best(): StudyTrial<C> | undefined {
    return bestOf(this.trials, this.direction)
  }

  /** Reads what other workers have done. */
  refresh(): void {
    this.#read('all')
  }

  /** Tells other machines that this worker lives, as often as it must: to be called now and then where work blocks the event loop for minutes. */
  beat(): void {
    this.#parts.journal.beat()
  }

  #read(reach: Reach): void {
    this.#ledger.apply(this.#parts.journal.read(reach))
  }

  /**
   * A trial to evaluate: one whose worker has died, else a new one. Undefined when there is none to give out now; trials that other workers
   * have may still come back, so a study is at its end only when `trials` shows `limit` outcomes.
   *
   * @throws UsageError when constraints leave the sampler nothing
   */
  async ask(): Promise<Trial<C> | undefined> {
    for (;;) {
      this.#read('journals')
      const asked = this.#lost() ?? this.#fresh()
      if (asked === undefined) return undefined
      if (this.#parts.journal.claim(asked)) return this.#take(asked)
      this.refresh()
    }
  }

  /**
   * Ends a trial. A value that is no finite number counts as failed.
   *
   * @returns whether this result counts; not when the trial had been given to another worker, who told it first
   * @throws UsageError when it was told already, or is another study's
   */
  async tell(trial: Trial<C>, result: Result): Promise<boolean> {
    const { number, attempt } = trial
    if (!this.#open.delete(trial))
      throw new UsageError(`trial ${number} is told twice, or was not asked for here: tell each trial of ask() once`)
    const { journal } = this.#parts
    const told = { event: 'told', trial: number, attempt, worker: journal.worker, time: Date.now() } as const
    const counting = journal.settle({ ...told, outcome: outcomeOf(result) })
    this.#read('journals')
    return counting.attempt === attempt && counting.worker === journal.worker
  }

  /**
   * Gives a trial back that will not be ended here, because this worker is to stop: the next to ask gets it, and nobody has died.
   *
   * @throws UsageError when it was told already, or is another study's
   */
  release(trial: Trial<C>): void {
    const { number, attempt } = trial
    if (!this.#open.delete(trial))
      throw new UsageError(`trial ${number} was told or given back before, or was not asked for here`)
    const { journal } = this.#parts
    journal.release({ event: 'released', trial: number, attempt, worker: journal.worker, time: Date.now() })
    this.#read('own')
  }

  /** The first trial whose worker is gone, as the next attempt at it. Those that were begun too often are ended. */
  #lost(): Asked | undefined {
    const { journal, retries } = this.#parts
    const isLost = ({ asked, isReleased }: Claim): boolean => isReleased || journal.isLost(asked)
    // It may have told its trial, and died before its journal could say so.
    if (this.#ledger.running().some(isLost)) this.refresh()
    for (const { asked, isReleased, kept } of this.#ledger.running().filter(isLost)) {
      const { trial, attempt, config } = asked
      const mine = { trial, worker: journal.worker, time: Date.now() }
      if (isReleased || kept <= retries) return { ...mine, event: 'asked', attempt: attempt + 1, config }
      const reason = `its worker died, ${kept} times`
      journal.settle({ ...mine, event: 'told', attempt, outcome: { state: 'failed', reason } })
      this.refresh()
    }
    return undefined
  }

  #fresh(): Asked | undefined {
    const { journal, space, suggester, limit } = this.#parts
    const trial = this.#ledger.nextNumber()
    const point = trial < limit ? suggester.suggest(trial, this.trials) : undefined
    if (point === undefined) return undefined
    const config = space.json(point)
    return { event: 'asked', trial, attempt: 0, worker: journal.worker, time: Date.now(), config }
  }

  #take({ trial: number, attempt, config }: Asked): Trial<C> {
    const { journal, space, pruner, direction } = this.#parts
    const steps = new Set<number>()
    // The attempt that begins now is not read yet.
    const deaths = this.#ledger.running().find(({ asked }) => asked.trial === number)?.kept ?? 0
    const trial: Trial<C> = {
      ...{ number, attempt, deaths, config: space.configuration(space.point(config)) },
      report: (step, value) => {
        if (!this.#open.has(trial)) throw new UsageError(`trial ${number} has been told or given back: report before`)
        if (!Number.isSafeInteger(step) || step < 0)
          throw new UsageError(`trial ${number} reports at step ${step}: give a whole number of at least 0`)
        if (steps.has(step))
          throw new UsageError(`trial ${number} reports step ${step} twice: give each step one value`)
        steps.add(step)
        journal.report({
          ...{ event: 'reported', trial: number, attempt, worker: journal.worker, time: Date.now() },
          ...{ step, value },
        })
      },
      shouldPrune: () => {
        this.#read('journals')
        const own = this.trials.find((one) => one.number === number)
        return own !== undefined && own.attempt === attempt && pruner.shouldPrune(own, this.trials, direction)
      },
    }
    this.#open.add(trial)
    this.#read('own')
    return trial
  }
}

function outcomeOf(result: Result): Outcome {
  if (typeof result !== 'number')
    return 'failed' in result ? { state: 'failed', reason: result.failed } : { state: 'pruned' }
  return Number.isFinite(result)
    ? { state: 'complete', value: result }
    : { state: 'failed', reason: `its value is ${result}` }
}
