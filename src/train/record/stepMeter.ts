import { sumOfSquares } from '../../optim/norm.ts'
import type { State } from '../state.ts'
import type { RecordedSteps } from './record.ts'

/** What is measured of a step. Numbers that do not exist are NaN. */
export interface StepMeasures {
  /** From 1. */
  readonly step: number
  /** Epochs done with it, a fraction. */
  readonly epoch: number
  /** Before the step. */
  readonly loss: number
  /** Length of the loss's gradient in all parameters, before penalties and clipping. */
  readonly gradientNorm: number
  /** Between that gradient and the one of the step before; NaN for the first step. */
  readonly gradientCosine: number
  /** ‖change‖ / ‖weights before‖ of each parameter, in the order of the network's; NaN where all weights were 0. */
  readonly updateRatios: Float64Array
}

/** Measures steps around the optimiser's. Between steps it carries one gradient. */
export interface StepMeter {
  /** The gradient of the last step that one may have to be compared with; for checkpoints. */
  readonly previous: Float32Array
  /**
   * Before gradients and weights are changed.
   *
   * @param norm of the gradient
   */
  before(step: number, norm: number): void
  /** After the weights are changed; undefined for a step that is not measured. */
  after(at: Pick<StepMeasures, 'step' | 'epoch' | 'loss'>): StepMeasures | undefined
}

export function stepMeter({ flat, parameters }: State, { every = 1 }: RecordedSteps): StepMeter {
  const previous = new Float32Array(flat.gradients.length)
  const weights = flat.parameters.slice()
  const isMeasured = (step: number): boolean => step % every === 0
  const places = parameters.map(({ byteOffset, length, BYTES_PER_ELEMENT }) => {
    const start = (byteOffset - flat.parameters.byteOffset) / BYTES_PER_ELEMENT
    return { start, end: start + length }
  })
  let gradientNorm = Number.NaN
  let gradientCosine = Number.NaN
  return {
    previous,
    before: (step, norm) => {
      if (isMeasured(step)) {
        gradientNorm = norm
        gradientCosine = cosine(flat.gradients, norm, previous)
        weights.set(flat.parameters)
      }
      if (isMeasured(step + 1)) previous.set(flat.gradients)
    },
    after: (at) => {
      if (!isMeasured(at.step)) return undefined
      const updateRatios = new Float64Array(places.length)
      for (const [i, { start, end }] of places.entries())
        updateRatios[i] = changeRatio(flat.parameters, weights, start, end)
      return { ...at, gradientNorm, gradientCosine, updateRatios }
    },
  }
}

/** Of the angle between a vector of known length and another; NaN where one has no direction. */
function cosine(a: Float32Array, length: number, b: Float32Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += (a[i] ?? 0) * (b[i] ?? 0)
  return product / (length * Math.sqrt(sumOfSquares(b)))
}

/** ‖now − before‖ / ‖before‖ of a stretch of two vectors. */
function changeRatio(now: Float32Array, before: Float32Array, start: number, end: number): number {
  let [changed, length] = [0, 0]
  for (let i = start; i < end; i++) {
    const was = before[i] ?? 0
    const change = (now[i] ?? 0) - was
    changed += change * change
    length += was * was
  }
  return length === 0 ? Number.NaN : Math.sqrt(changed / length)
}
