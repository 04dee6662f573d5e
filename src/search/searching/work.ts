import { setImmediate, setTimeout } from 'node:timers/promises'
import type { Study, Trial } from '../study/index.ts'
import { evaluateTrials, type Surroundings, trainTogether } from './evaluate.ts'
import { type LoadSearch, openSearch } from './folder.ts'
import { materialsOf } from './materials.ts'
import { trainAsRuns } from './trainAsRuns.ts'

export interface WorkOptions {
  /** Of the study. */
  readonly folder: string
  readonly load: LoadSearch
  /** How many work on the study, this one included: none takes more than its share of what is left. Default 1. */
  readonly workers?: number
  /** Asked before each step; true ends the work, and trials that are not done are given back. */
  shouldStop(): boolean
  /** Told when trials have ended. */
  onTrials?(): void
  /** Asked between trials; true ends the work, as the process has taken too much memory. */
  isFull?(): boolean
}

/** Why work ended: all trials of the study are, it was told to, or it has taken too much memory. */
export type WorkEnd = 'done' | 'stopped' | 'full'

/** Trials are asked for ahead of time as many as take about so many seconds: more can be packed, and fewer are lost where a worker dies. */
const AHEAD_SECONDS = 10
const MOST_AHEAD = 64
/** Milliseconds between two looks at whether others have given a trial back. */
const LOOK_INTERVAL = 300
/** Milliseconds between two turns of the event loop while training. */
const TURN_INTERVAL = 50

/**
 * Works on the search in a folder until all its trials have ended: asks, trains, tells. Any number of processes on any machines may do so at once; each
 * does what no other has.
 *
 * @throws UsageError where the search's file is not there or has changed since
 */
export async function work({ folder, load, workers = 1, shouldStop, isFull, onTrials }: WorkOptions): Promise<WorkEnd> {
  const { search, study, file, record, known } = await openSearch(folder, load)
  let turned = performance.now()
  const around: Surroundings = {
    ...{ folder, search, study },
    materials: materialsOf(search, known),
    train: record.keepRuns ? trainAsRuns({ folder, search, file }) : trainTogether,
    hooks: {
      onEpoch: async () => {
        if (performance.now() - turned < TURN_INTERVAL) return
        await setImmediate()
        turned = performance.now()
      },
      shouldStop: () => {
        study.beat()
        return shouldStop()
      },
    },
  }
  let ahead = 1
  for (;;) {
    if (shouldStop()) return 'stopped'
    if (isFull?.() === true) return 'full'
    const most = canAskAhead(around) ? Math.min(ahead, shareOf(study, workers)) : 1
    const trials = await askFor(study, most)
    if (trials.length === 0) {
      if (study.trials.filter(({ outcome }) => outcome !== undefined).length >= (study.limit ?? 0)) return 'done'
      await setTimeout(LOOK_INTERVAL)
      continue
    }
    const began = performance.now()
    for (const trial of await evaluateTrials(trials, around)) study.release(trial)
    onTrials?.()
    const each = (performance.now() - began) / 1000 / trials.length
    // The first trials compile what later ones find compiled: no jump.
    ahead = Math.max(1, Math.min(MOST_AHEAD, 4 * trials.length, Math.round(AHEAD_SECONDS / each)))
  }
}

/** A pruner judges one trial by those before it. */
const canAskAhead = ({ study, search }: Surroundings): boolean => study.isIndependent && search.pruner.kind === 'none'

/** Half of what a worker's share of the rest is, so that all end at about the same time. */
function shareOf(study: Study<unknown>, workers: number): number {
  const begun = study.trials.length
  return Math.max(1, Math.ceil(((study.limit ?? begun) - begun) / (2 * workers)))
}

async function askFor(study: Study<unknown>, most: number): Promise<readonly Trial<unknown>[]> {
  const trials: Trial<unknown>[] = []
  while (trials.length < most) {
    const trial = await study.ask()
    if (trial === undefined) break
    // What a worker may have died of is trained alone, so that it takes no others with it.
    if (trial.deaths > 0 && trials.length > 0) {
      study.release(trial)
      break
    }
    trials.push(trial)
    if (trial.deaths > 0) break
  }
  return trials
}
