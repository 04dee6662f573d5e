/** What a training's time goes into. `hooks` is what its caller does between the steps: logging, checkpoints, callbacks. */
export type Phase = 'data' | 'compute' | 'update' | 'metrics' | 'evaluation' | 'hooks'

/** Milliseconds of each phase. */
export type PhaseTimes = Readonly<Record<Phase, number>>

/** A stopwatch whose laps together are all the time since it was made. */
export interface Clock {
  /** Counts the time since the last lap for this phase. */
  lap(phase: Phase): void
  readonly times: PhaseTimes
}

export function startClock(): Clock {
  const times: Record<Phase, number> = { data: 0, compute: 0, update: 0, metrics: 0, evaluation: 0, hooks: 0 }
  let last = performance.now()
  return {
    lap: (phase) => {
      const now = performance.now()
      times[phase] += now - last
      last = now
    },
    times,
  }
}
