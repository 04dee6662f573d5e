import { batches, type Dataset, feeder } from '../data/index.ts'
import { UsageError } from '../errors.ts'
import type { SplitPredictions } from '../metrics/index.ts'
import type { Loss, TargetKind } from '../nn/index.ts'
import type { TypedArray } from '../tensor/index.ts'
import { collector } from './collector.ts'
import { type BatchData, bySize, evaluationProgram, type Problem } from './programs.ts'
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

export interface Split {
  readonly dataset: Dataset
  readonly indices: Uint32Array
}

export function evaluator(prepared: Problem, loss: Loss, state: State): Evaluate {
  const programFor = bySize((size) => evaluationProgram({ prepared, loss, state }, size))
  const runFor = async (size: number): Promise<RunBatch> => {
    const run = await programFor(size)
    return async (batch) => {
      const { loss: value, output } = await run(batch)
      return { losses: [value], outputs: [output] }
    }
  }
  const evaluate = async (split: Split): Promise<Evaluation> => {
    const [evaluation] = await evaluateBatches(split, prepared.target, 1, runFor)
    if (evaluation === undefined) throw new Error('one network has one evaluation')
    return evaluation
  }
  const prepare = async ({ indices: { length } }: Split): Promise<void> => {
    for (const size of [Math.min(BATCH, length), length % BATCH]) if (size > 0) await programFor(size)
  }
  return Object.assign(evaluate, { prepare })
}

/** Losses and outputs of one batch, of each network that sees it. */
type RunBatch = (
  batch: BatchData,
) => Promise<{ readonly losses: ArrayLike<number>; readonly outputs: readonly TypedArray[] }>

/** Runs one network or several over a split, batch by batch. */
export async function evaluateBatches(
  { dataset, indices }: Split,
  target: TargetKind,
  networks: number,
  runFor: (size: number) => Promise<RunBatch>,
): Promise<Evaluation[]> {
  if (indices.length === 0)
    throw new UsageError(`there is no sample of ${dataset.name} to evaluate on: the split is empty`)
  const size = Math.min(BATCH, indices.length)
  const collected = Array.from({ length: networks }, () => collector(target, indices.length))
  for (const coming of feeder(dataset, size)(batches(indices, size, { shuffle: false }))) {
    const batch = await coming
    const run = await runFor(batch.size)
    const { losses, outputs } = await run(batch)
    for (const [k, one] of collected.entries()) {
      const output = outputs[k]
      if (output !== undefined) one.add({ loss: losses[k] ?? Number.NaN, output, targets: batch.targets })
    }
  }
  return collected.map((one) => ({ loss: one.loss, predictions: one.predictions() }))
}
