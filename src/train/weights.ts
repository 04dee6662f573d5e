import { type StateDict, stateDict } from '../nn/index.ts'
import type { State } from './state.ts'

/** A copy of a network's weights and running statistics, by PyTorch's names. */
export const copyWeights = ({ variables }: State): StateDict =>
  Object.fromEntries(
    Object.entries(stateDict(variables)).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
  )

/** Writes weights and running statistics into a network, in place. */
export function setWeights({ variables }: State, weights: StateDict): void {
  for (const [name, { data }] of Object.entries(stateDict(variables))) data.set(named(weights, name).data)
}

function named(weights: StateDict, name: string) {
  const found = weights[name]
  if (found === undefined) throw new Error(`there are no weights ${name}`)
  return found
}
