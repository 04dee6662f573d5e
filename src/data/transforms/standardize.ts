import * as z from 'zod'
import { parseConfig } from '../../nn/index.ts'
import { add, constant, div, mul, sub } from '../../tensor/index.ts'
import { channelsOf } from './channels.ts'
import { defineTransform, type TrainingSamples } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

/**
 * Subtracts the mean and divides by the standard deviation of the training split: one pair a channel for images
 * (`[channels, height, width]`), one pair a feature otherwise. A constant channel is only shifted.
 *
 * @example
 * prepare: [standardize()]
 */
export const standardize = (): Transform =>
  defineTransform('standardize', {}, async (samples) => fitted(await moments(samples)))

const stateSchema = z.strictObject({
  /** Of one sample. */
  shape: z.array(z.int().min(1)),
  mean: z.array(z.number()),
  /** 0 where a channel is constant. */
  std: z.array(z.number()),
})
type State = Readonly<z.infer<typeof stateSchema>>

/** The fitted transform with this state. */
export const restoreStandardize = (state: unknown): FittedTransform =>
  fitted(parseConfig('standardize', stateSchema, state))

function fitted(state: State): FittedTransform {
  const { broadcast } = channelsOf(state.shape)
  const mean = constant(Float32Array.from(state.mean), broadcast, 'float32')
  const scale = constant(
    Float32Array.from(state.std, (value) => (value > 0 ? value : 1)),
    broadcast,
    'float32',
  )
  return {
    kind: 'standardize',
    state,
    apply: (x) => div(sub(x, mean), scale),
    inverse: (x) => add(mul(x, scale), mean),
  }
}

/** Mean and standard deviation (divided by n, as scikit-learn's StandardScaler) of each channel, in two passes. */
async function moments(samples: TrainingSamples): Promise<State> {
  const { count, size } = channelsOf(samples.shape)
  const total = async (term: (value: number, channel: number) => number): Promise<Float64Array> => {
    const sums = new Float64Array(count)
    for await (const block of samples.blocks())
      for (let start = 0; start < block.length; start += size) {
        const channel = (start / size) % count
        let sum = 0
        for (let i = start; i < start + size; i++) sum += term(block[i] ?? 0, channel)
        sums[channel] = (sums[channel] ?? 0) + sum
      }
    return sums.map((sum) => sum / (samples.length * size))
  }
  const mean = await total((value) => value)
  // Sums of one float32 are exact in float64, so a constant channel has deviation 0 and not a rounding error's.
  const variance = await total((value, channel) => (value - (mean[channel] ?? 0)) ** 2)
  return { shape: [...samples.shape], mean: [...mean], std: [...variance.map(Math.sqrt)] }
}
