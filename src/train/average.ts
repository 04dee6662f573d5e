import type { Averaging } from '../optim/index.ts'
import type { State } from './state.ts'

/** The averaged weights of one training. */
export interface Average {
  /** Takes the weights in after a step, where that is due. */
  take(step: number, steps: number, stepsPerEpoch: number): void
  /** Whether weights have been taken in yet. */
  readonly isThere: boolean
  /** How often they were. */
  readonly updates: number
  /** All parameters, end to end. */
  readonly vector: Float32Array
  restore(vector: Float32Array, updates: number): void
  /** Puts the averaged weights where training has its own, which it keeps until the next call: that one puts them back. */
  swap(): void
}

export function averageOf({ flat }: Pick<State, 'flat'>, averaging: Averaging): Average {
  const vector = new Float32Array(flat.parameters.length)
  let updates = 0
  return {
    take: (step, steps, stepsPerEpoch) => {
      if (!averaging.due(step, steps, { stepsPerEpoch })) return
      averaging.update(vector, flat.parameters, updates)
      updates += 1
    },
    get isThere() {
      return updates > 0
    },
    get updates() {
      return updates
    },
    vector,
    restore: (saved, count) => {
      vector.set(saved)
      updates = count
    },
    swap: () => {
      const own = flat.parameters.slice()
      flat.parameters.set(vector)
      vector.set(own)
    },
  }
}
