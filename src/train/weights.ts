import { type StateDict, stateDict } from '../nn/index.ts'
import type { State } from './state.ts'

/**
 * A copy of a network's weights and running statistics, by PyTorch's names.
 *
 * @param into a copy that was made before, which is written over: epochs of small networks are shorter than what clearing memory takes
 */
export function copyWeights({ variables }: State, into?: StateDict): StateDict {
  const entries = Object.entries(stateDict(variables))
  if (into === undefined)
    return Object.fromEntries(entries.map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]))
  for (const [name, { data }] of entries) named(into, name).data.set(data)
  return into
}

/** Writes weights and running statistics into a network, in place. */
export function setWeights({ variables }: State, weights: StateDict): void {
  for (const [name, { data }] of Object.entries(stateDict(variables))) data.set(named(weights, name).data)
}

function named(weights: StateDict, name: string) {
  const found = weights[name]
  if (found === undefined) throw new Error(`there are no weights ${name}`)
  return found
}
