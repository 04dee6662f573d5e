import { type Experiment, fit, prepare } from 'assay'
import type { Peer } from '../contest.ts'

/** Steps of training as `assay run` takes them: gather, forward, backward and update. */
export function assay(work: Readonly<Record<string, (batch: number) => Experiment>>): Peer {
  return {
    name: 'Assay',
    run: async (name, batch, steps) => {
      const make = work[name]
      if (make === undefined) throw new Error(`no work is named ${name}`)
      const times: number[] = []
      // One batch is the whole training split, so an epoch is a step.
      const experiment = make(batch).with({ epochs: steps })
      let before = 0
      await fit(experiment, await prepare(experiment), 0, {
        onStart: () => {
          before = performance.now()
        },
        onStep: () => {
          const now = performance.now()
          times.push(now - before)
          before = now
        },
      })
      return times
    },
    close: () => {},
  }
}
