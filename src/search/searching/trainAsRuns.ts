import { join } from 'node:path'
import { execute } from '../../runs/index.ts'
import { evaluator } from '../../train/evaluate.ts'
import { DivergedError, type Position, type Report, type State } from '../../train/index.ts'
import type { PartFit, Train } from './evaluate.ts'
import type { Search } from './search.ts'

/**
 * Trains each fit alone, as a run of its own in the study's folder, without a look at the test split. Slower than packing them, for who wants to
 * look into every trial.
 */
export function trainAsRuns({
  folder,
  search,
  file,
}: {
  readonly folder: string
  readonly search: Pick<Search, 'name'>
  readonly file: string
}): Train {
  return async (fits, keep, hooks) => {
    for (const [number, fit] of fits.entries()) {
      if (hooks.shouldStop?.() === true) return
      const { experiment, prepared, seed } = fit
      const reports: Report[] = []
      let begun: { readonly state: State; readonly position: Position } | undefined
      const trained = (state: State) => ({ state, evaluate: evaluator(prepared, experiment.loss, state), reports })
      try {
        const { status, state, position } = await execute(experiment, prepared, {
          ...{ root: join(folder, 'runs'), seed, file },
          grid: { name: search.name, labels: labelsOf(fit) },
          onStart: (start) => {
            begun = start
            void hooks.onStart?.({ fits: [number], stepsPerEpoch: start.stepsPerEpoch })
          },
          onEpoch: (report) => {
            reports.push(report)
            void hooks.onEpoch?.({ ...report, fit: number })
          },
          ...(hooks.shouldStop && { shouldStop: hooks.shouldStop }),
        })
        if (status === 'interrupted') return
        await keep({ status, position, ...trained(state) }, fit)
      } catch (error) {
        if (!(error instanceof DivergedError) || begun === undefined) throw error
        await keep({ status: 'diverged', error, position: begun.position, ...trained(begun.state) }, fit)
      }
    }
  }
}

const labelsOf = ({ trial, part }: PartFit): Readonly<Record<string, string>> => ({
  trial: String(trial.number),
  ...(part.fold !== undefined && { fold: String(part.fold) }),
})
