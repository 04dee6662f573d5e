import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { add, constant, mul, sub } from '../../tensor/index.ts'
import { channelsOf } from './channels.ts'
import { defineTransform, type TrainingSamples } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

export interface MinMaxOptions {
  /** What the smallest value of the training split becomes (default 0). */
  readonly low?: number
  /** What the largest becomes (default 1). */
  readonly high?: number
}

/**
 * Shifts and scales so that the training split lies between `low` and `high`: one pair a channel for images, one a feature
 * otherwise. Values of other splits may lie outside. A constant channel becomes `low`. One extreme value squeezes all
 * others together: use `standardize()` then. As scikit-learn's MinMaxScaler.
 *
 * @throws UsageError where low is not below high
 * @example
 * prepare: [minMax({ low: -1, high: 1 })]
 */
export const minMax = ({ low = 0, high = 1 }: MinMaxOptions = {}): Transform => {
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high)
    throw new UsageError(`minMax: low is ${low} and high is ${high}: give finite numbers with low below high`)
  return defineTransform('minMax', { low, high }, async (samples) => {
    const { min, max } = await extremes(samples)
    return fitted({ shape: [...samples.shape], min, max, low, high })
  })
}

const stateSchema = z.strictObject({
  /** Of one sample. */
  shape: z.array(z.int().min(1)),
  min: z.array(z.number()),
  max: z.array(z.number()),
  low: z.number(),
  high: z.number(),
})

/** The fitted transform with this state. */
export const restoreMinMax = (state: unknown): FittedTransform => fitted(parseConfig('minMax', stateSchema, state))

function fitted(state: Readonly<z.infer<typeof stateSchema>>): FittedTransform {
  const { low, high, min, max } = state
  const { broadcast } = channelsOf(state.shape)
  const perChannel = (values: readonly number[]) => constant(Float32Array.from(values), broadcast, 'float32')
  const ranges = min.map((value, channel) => (max[channel] ?? value) - value || 1)
  const least = perChannel(min)
  const scale = perChannel(ranges.map((range) => (high - low) / range))
  const unscale = perChannel(ranges.map((range) => range / (high - low)))
  return {
    kind: 'minMax',
    state,
    // The smallest value is taken away first: data far from zero would otherwise lose their last digits.
    apply: (x) => add(mul(sub(x, least), scale), low),
    inverse: (x) => add(mul(sub(x, low), unscale), least),
  }
}

async function extremes(samples: TrainingSamples): Promise<{ readonly min: number[]; readonly max: number[] }> {
  const { count, size } = channelsOf(samples.shape)
  const min = new Array<number>(count).fill(Number.POSITIVE_INFINITY)
  const max = new Array<number>(count).fill(Number.NEGATIVE_INFINITY)
  for await (const block of samples.blocks())
    for (let start = 0; start < block.length; start += size) {
      const channel = (start / size) % count
      let [least, most] = [min[channel] ?? 0, max[channel] ?? 0]
      for (let i = start; i < start + size; i++) {
        const value = block[i] ?? 0
        if (value < least) least = value
        if (value > most) most = value
      }
      min[channel] = least
      max[channel] = most
    }
  return { min, max }
}
