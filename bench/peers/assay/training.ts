import { fit, fitPopulation, initialVariables, parameterCount, prepare } from '../../../src/index.ts'
import type { Batch } from '../../work/batch.ts'
import type { Work } from '../../work/work.ts'
import type { Contestant } from '../serve.ts'
import { experimentOf, stepsOf } from './experiment.ts'
import { paced } from './pace.ts'

/**
 * Training as users have it, with `fit`: a step gathers its batch from a shuffled data set, runs forward and backward,
 * looks at the loss and updates the weights.
 */
export async function training(work: Work, batch: number, data: Batch): Promise<Contestant> {
  const experiment = experimentOf(work, batch, data)
  const prepared = await prepare(experiment)
  return paced(parameterCount(initialVariables(prepared, 0)), stepsOf(work, batch), (hooks) =>
    fit(experiment, prepared, 0, hooks),
  )
}

/** The same with `fitPopulation`: each member has weights and an order of samples of its own; the first tells the time. */
export async function population(work: Work, batch: number, data: Batch): Promise<Contestant> {
  const experiment = experimentOf(work, batch, data)
  const prepared = await prepare(experiment)
  const members = Array.from({ length: work.members }, (_, seed) => ({ seed }))
  return paced(parameterCount(initialVariables(prepared, 0)), stepsOf(work, batch), ({ onStart, onStep, onEpoch }) =>
    fitPopulation(experiment, prepared, members, {
      onStart,
      onStep: (step) => {
        if (step.member === 0) onStep(step)
      },
      onEpoch: ({ member }) => (member === 0 ? onEpoch() : undefined),
    }),
  )
}
