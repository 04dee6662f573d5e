import type { Shape } from '../../tensor/index.ts'
import { axisSize, sizeOf } from '../../tensor/shape.ts'

/** How the numbers of a sample divide into groups that share their statistics. */
export interface Channels {
  /** One a channel for images (`[channels, height, width]`), one a feature for vectors, one for a single number. */
  readonly count: number
  /** Numbers of one channel, which lie side by side. */
  readonly size: number
  /** Shape of one number a channel beside a batch of samples. */
  readonly broadcast: Shape
}

export function channelsOf(shape: Shape): Channels {
  const count = axisSize(shape, 0)
  return {
    count,
    size: sizeOf(shape) / count,
    // A sample that is a single number has no axis beside the batch's.
    broadcast: shape.length === 0 ? [1] : [1, count, ...shape.slice(1).map(() => 1)],
  }
}
