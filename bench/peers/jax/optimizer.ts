import { numpy as np } from '@jax-js/jax'
import type { Work } from '../../work/work.ts'

/** An update rule written in array operations, to be compiled with the step; jax-js keeps its own in a package apart. */
export interface Optimizer {
  /** State arrays that stand beside each parameter. */
  readonly states: number
  /** Numbers that change from step to step, counted from 1. */
  scalars(step: number): number[]
  /** New parameter and state; the gradient is used up, the scalars are not. */
  update(
    parameter: np.Array,
    gradient: np.Array,
    state: readonly np.Array[],
    scalars: readonly np.Array[],
  ): { readonly parameter: np.Array; readonly state: np.Array[] }
}

export function optimizerOf({ optimizer }: Work): Optimizer {
  const { lr } = optimizer
  if (optimizer.kind === 'sgd')
    return {
      states: 1,
      scalars: () => [],
      update: (parameter, gradient, [before]) => {
        if (before === undefined) throw new Error('SGD with momentum keeps one array a parameter')
        const velocity = before.mul(optimizer.momentum).add(gradient)
        return { parameter: parameter.sub(velocity.ref.mul(lr)), state: [velocity] }
      },
    }
  return {
    states: 2,
    scalars: (step) => [lr / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step)],
    update: (parameter, gradient, [mean, square], [rate, correction]) => {
      if (!mean || !square || !rate || !correction) throw new Error('Adam keeps two arrays a parameter')
      const first = mean.mul(0.9).add(gradient.ref.mul(0.1))
      const second = square.mul(0.999).add(np.square(gradient).mul(0.001))
      const root = np.sqrt(second.ref.mul(correction.ref)).add(1e-8)
      return { parameter: parameter.sub(first.ref.mul(rate.ref).div(root)), state: [first, second] }
    },
  }
}
