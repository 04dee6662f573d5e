import { batches, feeder } from '../data/index.ts'
import { applyModel } from '../nn/index.ts'
import { foldIn, type Key, keyData, keyType } from '../random/index.ts'
import { compile } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Experiment } from './experiment.ts'
import { placementOf } from './layout.ts'
import type { Prepared } from './prepare.ts'
import { type BatchInputs, batchTypes, bySize, type WeightInputs, weightTypes } from './programs.ts'
import type { State } from './state.ts'

/** Samples of a batch whose mean and variance count; statistics of small batches are noisy. */
const BATCH = 256

/**
 * Makes the running statistics of batch norms anew for the weights as they are now: the plain mean over batches of training samples
 * that are not augmented, as PyTorch's `update_bn` does. Weights that are an average, or lie between two networks, have statistics that
 * belong to none of them. Does nothing to a network without running statistics.
 *
 * @param key orders the samples, since batches of one class have other statistics
 */
export const renewStatistics = (
  experiment: Pick<Experiment, 'loss'>,
  prepared: Prepared,
  state: State,
  key: Key,
): Promise<void> => statisticsRenewer(experiment, prepared, state)(key)

/**
 * {@link renewStatistics} for weights that change in place again and again: the program is made once.
 *
 * @param batch samples of a batch; the samples beyond the last whole batch do not count
 */
export function statisticsRenewer(
  { loss }: Pick<Experiment, 'loss'>,
  prepared: Prepared,
  state: State,
  batch = BATCH,
): (key: Key) => Promise<void> {
  if (state.buffers.size === 0) return async () => {}
  const { dataset, indices } = prepared.train
  const { model, prepare } = prepared.network
  const placement = placementOf(state)
  let changing: readonly string[] = []
  const programFor = bySize((size) =>
    compile(
      ({ parameters, buffers }: WeightInputs, given: BatchInputs, chance: Tensor, momentum: Tensor) => {
        const { bufferUpdates } = applyModel(model, placement.unpack(parameters), prepare(given.x), {
          ...{ buffers, training: true, key: chance, momentum },
        })
        changing = [...bufferUpdates.keys()]
        return [...bufferUpdates.values()]
      },
      weightTypes(state, placement),
      batchTypes(prepared, loss, size),
      keyType,
      { dtype: 'float32', shape: [] },
    ),
  )
  return async (key) => {
    const size = Math.min(batch, indices.length)
    const whole = batches(indices, size, { key, epoch: 0, dropLast: true })
    let seen = 0
    for (const coming of feeder(dataset, size)(whole)) {
      const { inputs, targets } = await coming
      const program = await programFor(size)
      const buffers = [...state.buffers.values()]
      const outputs = changing.map((name) => new Float32Array(state.buffers.get(name)?.length ?? 0))
      const chance = keyData(foldIn(key, seen))
      seen += 1
      await program.runFlat(
        [...placement.parameters, ...buffers, inputs, targets, chance, Float32Array.of(1 / seen)],
        outputs,
      )
      for (const [i, name] of changing.entries()) state.buffers.get(name)?.set(outputs[i] ?? [])
    }
  }
}
