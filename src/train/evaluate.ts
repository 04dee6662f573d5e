import { allocateBatch, batches, type Dataset, gather } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import type { Loss } from '../nn/index.ts'
import { collector } from './collector.ts'
import type { Prepared } from './prepare.ts'
import { bySize, evaluationProgram } from './programs.ts'
import type { State } from './state.ts'

/** Samples a call. Larger batches gain nothing on a CPU and cost memory. */
const BATCH = 500

export interface Evaluation {
  /** Mean loss over the split. */
  readonly loss: number
  readonly predictions: SplitPredictions
}

/** Runs the network, as it is now, over a whole split; training behaviour (dropout, batch statistics) is off. */
export interface Evaluate {
  (split: Split): Promise<Evaluation>
  /** Makes the programs that a split will need, so that what cannot run is told of before training. */
  prepare(split: Split): Promise<void>
}

interface Split {
  readonly dataset: Dataset
  readonly indices: Uint32Array
}

export function evaluator(prepared: Prepared, loss: Loss, state: State): Evaluate {
  const programFor = bySize((size) => evaluationProgram({ prepared, loss, state }, size))
  const evaluate = async ({ dataset, indices }: Split): Promise<Evaluation> => {
    if (indices.length === 0)
      throw new UsageError(`there is no sample of ${dataset.name} to evaluate on: the split is empty`)
    const size = Math.min(BATCH, indices.length)
    const room = allocateBatch(dataset, size)
    const collected = collector(prepared.target, indices.length)
    for (const part of batches(indices, size, { shuffle: false })) {
      const batch = gather(dataset, part, room)
      const run = await programFor(part.length)
      const { loss: value, output } = await run(batch)
      collected.add({ loss: value, output, targets: batch.targets })
    }
    return { loss: collected.loss, predictions: collected.predictions() }
  }
  const prepare = async ({ indices: { length } }: Split): Promise<void> => {
    for (const size of [Math.min(BATCH, length), length % BATCH]) if (size > 0) await programFor(size)
  }
  return Object.assign(evaluate, { prepare })
}
