import * as z from 'zod'
import { wholeNumber } from '../nn/config.ts'
import type { Layer } from '../nn/index.ts'

/** A number of units, channels or classes. */
export const count = wholeNumber(1)

/** A probability of dropping; 0 drops nothing. */
export const rate = z.number().min(0).lt(1)

const isMaker = (value: unknown): boolean => typeof value === 'function'

/** A function that makes a layer, uncalled, because a model needs several. */
export const activation = z.custom<() => Layer>(isMaker, 'give the function that makes the layer, as in relu')
export const pooling = z.custom<(kernel: number) => Layer>(
  isMaker,
  'give the function that makes the layer, as in maxPool2d',
)
