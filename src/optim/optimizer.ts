import { add, mul, type Tensor } from '../tensor/index.ts'

/** Symbolic vectors of one length: the parameters, their gradients, and the optimiser's state by name. */
export type Vectors = Readonly<Record<string, Tensor>>

/**
 * An optimiser is a value. Its update is written once, in ops of the table, over flat vectors of all parameters; from it
 * come the fused loop that training runs and the reference that tests compare with.
 */
export interface Optimizer {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /** Learning rate, before any schedule. */
  readonly lr: number
  /** Names of the vectors it keeps between steps, PyTorch's where it has them; all start at zero. */
  readonly state: readonly string[]
  /**
   * Numbers that enter the update of one step, computed in float64 on the host: all that depends on the step, the learning
   * rate or the weight decay, so that networks with different ones share one loop.
   *
   * @param step counted from 1
   */
  coefficients(step: number, lr: number): Readonly<Record<string, number>>
  /**
   * The same as expressions in `lr` and `step` that Python and JavaScript read alike, for exported training steps; undefined
   * where there are none.
   */
  readonly formulas: Readonly<Record<string, string>> | undefined
  /**
   * One step: `parameter`, `gradient` and the state go in, the new `parameter` and state come out.
   *
   * @param scalars the coefficients, symbolic
   */
  update(vectors: Vectors, scalars: Vectors): Vectors
  /** Parameters that are updated with other coefficients, the first group that fits counting; see `parameterGroups`. */
  readonly groups?: readonly OptimizerGroup[]
  /** The same optimiser with some of its configuration replaced. */
  with(changes: Readonly<Record<string, unknown>>): Optimizer
}

/** Parameters whose names fit a pattern, and the optimiser whose coefficients they have. */
export interface OptimizerGroup {
  readonly parameters: string
  readonly optimizer: Optimizer
}

/** A vector that must be there. */
export function need(vectors: Vectors, name: string): Tensor {
  const vector = vectors[name]
  if (vector === undefined) throw new Error(`the optimiser's update was given no "${name}"`)
  return vector
}

/** The gradient with weight decay as an L2 penalty: g + λθ, λ being the coefficient `decay`. */
export const decayed = (vectors: Vectors, scalars: Vectors): Tensor =>
  add(need(vectors, 'gradient'), mul(need(vectors, 'parameter'), need(scalars, 'decay')))
