import { encodeStateDict, type StateDict, stateDict } from '../nn/index.ts'
import type { Position, State } from '../train/index.ts'

/** What a checkpoint says of itself, in the metadata of the safetensors file. */
export interface CheckpointOrigin {
  readonly run: string
  readonly configHash: string
  readonly seed: number
}

/**
 * Weights by PyTorch's names, optimiser state under `optimizer.`, and the position, which is all that random numbers
 * depend on beside the seed. The training metrics of an epoch under way are not in it.
 */
export function encodeCheckpoint(state: State, { epoch, step }: Position, origin: CheckpointOrigin): Uint8Array {
  const moments = [...state.optimizerState].map(([name, data]) => [`optimizer.${name}`, { shape: [data.length], data }])
  return encodeStateDict(
    { ...stateDict(state.variables), ...Object.fromEntries(moments) },
    {
      run: origin.run,
      config: origin.configHash,
      seed: String(origin.seed),
      epoch: String(epoch),
      step: String(step),
    },
  )
}

/** The weights of a checkpoint, without the optimiser's state: that of `0.weight` is `optimizer.exp_avg.0.weight`. */
export function weightsOnly(checkpoint: StateDict): StateDict {
  const isState = (name: string): boolean => {
    const [first, , ...weight] = name.split('.')
    return first === 'optimizer' && weight.join('.') in checkpoint
  }
  return Object.fromEntries(Object.entries(checkpoint).filter(([name]) => !isState(name)))
}
