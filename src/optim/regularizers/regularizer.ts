import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { matcher, nothingFits, type ParameterPlace } from '../parameters.ts'

/** Numbers of a parameter as they are trained, in place. */
export interface ParameterValues extends ParameterPlace {
  readonly data: Float32Array
}

/** A parameter with its gradient. */
export interface Parameter extends ParameterValues {
  readonly gradient: Float32Array
}

/** A preference among weights, as a value of an experiment; see {@link Regularization} for what it does to a network. */
export interface Regularizer {
  readonly kind: string
  readonly config: Readonly<Record<string, unknown>>
  /**
   * Takes the parameters it is for among those of a network, once before training.
   *
   * @throws UsageError where there are none
   */
  bind(parameters: readonly Parameter[]): Regularization
  /** The same regulariser with some of its configuration replaced. */
  with(changes: Readonly<Record<string, unknown>>): Regularizer
}

/** A regulariser at work on the parameters of one network, which it changes in place and otherwise does not remember. */
export interface Regularization {
  /**
   * Between the gradients and the optimiser's step: adds to the gradients, or decays the parameters as AdamW does.
   *
   * @param lr of the step, the schedule's factor included
   */
  beforeStep?(lr: number): void
  /** After the optimiser's step: proximal steps and projections. */
  afterStep?(lr: number): void
  /** What it adds to the loss with the parameters as they are, for reports; 0 for projections. */
  penalty(): number
}

/** Which parameters a regulariser is for. */
export interface Chosen {
  /**
   * A pattern of dotted names, in which `*` stands for any run of characters. Default: the weights, that is the parameters of
   * two axes or more, which biases and the scales of norms are not.
   */
  readonly parameters?: string
}

export const strength = z.number().min(0)
export const pattern = z.string().min(1).optional()

/** The parameters that a regulariser is for. */
export function choose<P extends ParameterPlace>(
  what: string,
  wanted: string | undefined,
  parameters: readonly P[],
): readonly P[] {
  const chosen = weightsOrLike(wanted, parameters)
  if (chosen.length > 0) return chosen
  if (wanted !== undefined) throw nothingFits(what, wanted, parameters)
  throw new UsageError(
    `${what}: no parameter has two axes or more; say by "parameters" which of ${parameters.map(({ path }) => path).join(', ') || 'none'} it is for`,
  )
}

/** Those whose names fit a pattern; without one those of two axes or more. */
export function weightsOrLike<P extends ParameterPlace>(
  wanted: string | undefined,
  parameters: readonly P[],
): readonly P[] {
  const fits = wanted === undefined ? undefined : matcher(wanted)
  return parameters.filter(({ path, shape }) => (fits === undefined ? shape.length > 1 : fits(path)))
}
