import { sizeOf } from '../../tensor/index.ts'
import type { ParameterValues } from './regularizer.ts'

/** The weights that come into each unit: rows of a linear layer's `[out, in]`, filters of a convolution's `[out, in, …]`. */
export interface Units {
  readonly count: number
  /** Weights of one unit. */
  readonly size: number
}

/** PyTorch's layouts have the units on the first axis; in a parameter of one axis every number is a unit. */
export function unitsOf({ shape }: Pick<ParameterValues, 'shape'>): Units {
  const [count = 1, ...rest] = shape
  return { count, size: sizeOf(rest) }
}
