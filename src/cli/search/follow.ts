import { setTimeout } from 'node:timers/promises'
import { UsageError } from '../../errors.ts'
import type { Crew } from '../../search/executors/executor.ts'
import type { Study } from '../../search/index.ts'
import { taskBar } from '../taskBar.ts'
import { countsOf, ended, valueText } from './text.ts'

/** Milliseconds between two looks at a study. */
const LOOK_INTERVAL = 250

/**
 * Shows how far workers have come until all trials have ended, or all workers.
 *
 * @returns whether all trials have
 * @throws UsageError with what the last worker said, where all have failed
 */
export async function follow(
  study: Study<unknown>,
  crew: Crew,
  { objective, isStopped }: { readonly objective: string; isStopped(): boolean },
): Promise<boolean> {
  const bar = taskBar()
  const began = performance.now()
  const before = ended(countsOf(study.trials, 0))
  try {
    for (;;) {
      const { running, waiting, waitingFor = [], failures } = await crew.status()
      study.refresh()
      const counts = countsOf(study.trials, study.limit ?? study.trials.length)
      const done = ended(counts)
      const { best } = study
      const rate = (60_000 * (done - before)) / (performance.now() - began)
      const value =
        best?.outcome?.state === 'complete' ? `, best ${objective} ${valueText(objective, best.outcome.value)}` : ''
      bar.at(
        'searching',
        done / Math.max(1, counts.total),
        `: ${done} of ${counts.total} trials${value}${done > before ? `, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)} a minute` : ''}${running === 0 && waiting > 0 ? `, ${waiting} workers wait (${waitingFor.join(', ')})` : ''}`,
      )
      if (done >= counts.total) return true
      if (isStopped()) return false
      if (running + waiting === 0) {
        const last = failures.at(-1)
        throw new UsageError(
          last === undefined
            ? 'all workers have ended, and not all trials: go on with assay search resume'
            : `the workers failed, the last one with: ${last}`,
        )
      }
      await setTimeout(LOOK_INTERVAL)
    }
  } finally {
    bar.stop()
  }
}
