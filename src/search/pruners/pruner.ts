import type { Value } from '../space/index.ts'
import type { Direction, TrialRecord } from '../trial.ts'

/** A rule that stops trials without promise, as a value: a study's journal keeps `kind` and `config`. */
export interface Pruner {
  readonly kind: string
  readonly config: { readonly [name: string]: Value }
  /**
   * Whether a running trial is to be stopped after its last report. A function of what is reported alone; a trial without reports goes on.
   *
   * @param trials - all that are known, the one in question included or not
   */
  shouldPrune(trial: TrialRecord, trials: readonly TrialRecord[], direction: Direction): boolean
}
