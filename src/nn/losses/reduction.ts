import * as z from 'zod'
import { mul, reduceMean, type Tensor } from '../../tensor/index.ts'
import { axisSize, sizeOf } from '../../tensor/shape.ts'

/**
 * How the errors of single numbers become one: `'mean'` over batch and outputs, or `'sum'` over the outputs of a sample and
 * then the mean over the batch, which is what a likelihood is.
 */
export type Reduction = 'mean' | 'sum'

export const reductionSchema = z.strictObject({ reduction: z.enum(['mean', 'sum']).optional() })

export interface ReductionOption {
  /** Default `'mean'`. */
  readonly reduction?: Reduction | undefined
}

/** @param errors `[batch, …]` */
export function reduced(errors: Tensor, reduction: Reduction = 'mean'): Tensor {
  const mean = reduceMean(errors)
  return reduction === 'mean' ? mean : mul(mean, sizeOf(errors.shape) / axisSize(errors.shape, 0))
}
