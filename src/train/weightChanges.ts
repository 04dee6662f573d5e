import { isWeights } from '../nn/index.ts'
import { type Clipping, clipGradients, type Parameter, type Regularizer } from '../optim/index.ts'
import { leavesOf } from '../tensor/index.ts'
import type { State } from './state.ts'

/** What an experiment does to gradients and weights around the optimiser's step. */
export interface WeightChanges {
  readonly regularizers: readonly Regularizer[]
  readonly clip?: Clipping
}

/** A network's parameters by name, each with its gradient: the very arrays that training works on. */
export function parametersOf({ variables, parameters, gradients }: State): Parameter[] {
  return leavesOf(variables.parameters, isWeights).flatMap(({ path, leaf: { shape } }, i) => {
    const [data, gradient] = [parameters[i], gradients[i]]
    return data === undefined || gradient === undefined ? [] : [{ path, shape, data, gradient }]
  })
}

/** One step of a network whose gradients are there. */
export interface Stepper {
  /** @param step counted from 1 */
  take(step: number, lr: number): void
  /** What the regularisers add to the loss now. */
  penalty(): number
}

/**
 * Binds what an experiment does beside the optimiser to a network: coupled penalties go to the gradients before they are clipped, as in
 * PyTorch, where they are part of the loss; proximal steps and projections come after the update.
 *
 * @throws UsageError naming a regulariser that fits no parameter
 */
export function stepperOf(state: State, { regularizers, clip }: WeightChanges): Stepper {
  const parameters = regularizers.length === 0 ? [] : parametersOf(state)
  const bound = regularizers.map((regularizer) => regularizer.bind(parameters))
  return {
    take: (step, lr) => {
      for (const one of bound) one.beforeStep?.(lr)
      if (clip !== undefined) clipGradients(state.flat.gradients, clip)
      state.update(step, lr)
      for (const one of bound) one.afterStep?.(lr)
    },
    penalty: () => bound.reduce((sum, one) => sum + one.penalty(), 0),
  }
}
