import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { add, constant, formatShape, mul } from '../../tensor/index.ts'
import { channelsOf } from './channels.ts'
import { defineTransform } from './trainingSamples.ts'
import type { FittedTransform, Transform } from './transform.ts'

export interface NormalizeImageOptions {
  /** Mean of each channel on the scale from 0 to 1 (default: nothing is taken away). */
  readonly mean?: readonly number[]
  /** Standard deviation of each channel on the same scale (default: 1). */
  readonly std?: readonly number[]
}

/**
 * Bytes become numbers from 0 to 1 (divided by 255; floats stay as they are); then each channel's given mean is taken
 * away, and the rest divided by its given standard deviation. Nothing is learnt: use it where a published model comes
 * with its numbers, or with no option. `standardize()` takes the numbers of the training split. As torchvision's ToTensor
 * and Normalize.
 *
 * @throws UsageError where a std is not above 0, or, when the data are known, there is not one pair a channel
 * @example
 * prepare: [normalizeImage()]
 * @example
 * prepare: [normalizeImage({ mean: [0.1307], std: [0.3081] })] // MNIST's
 */
export const normalizeImage = (options: NormalizeImageOptions = {}): Transform => {
  const { mean, std } = parseConfig('normalizeImage', optionsSchema, options)
  const config = { ...(mean && { mean }), ...(std && { std }) }
  return defineTransform('normalizeImage', config, ({ shape, dtype }) => {
    const { count } = channelsOf(shape)
    if (shape.length !== 3)
      throw new UsageError(
        `normalizeImage: a sample is ${formatShape(shape)}, which is no image: give [channels, height, width], or use standardize()`,
      )
    for (const [name, values] of Object.entries(config))
      if (values.length !== count)
        throw new UsageError(
          `normalizeImage: ${name} has ${values.length} numbers and an image has ${count} channels: give one a channel`,
        )
    return fitted({
      shape: [...shape],
      mean: mean ?? new Array<number>(count).fill(0),
      std: std ?? new Array<number>(count).fill(1),
      scale: dtype === 'uint8' ? 1 / 255 : 1,
    })
  })
}

const optionsSchema = z.strictObject({
  mean: z.array(z.number()).optional(),
  std: z.array(z.number().positive('give numbers above 0')).optional(),
})

const stateSchema = z.strictObject({
  /** Of one sample. */
  shape: z.array(z.int().min(1)),
  mean: z.array(z.number()),
  std: z.array(z.number().positive()),
  /** What stored values are multiplied by to lie between 0 and 1. */
  scale: z.number(),
})

/** The fitted transform with this state. */
export const restoreNormalizeImage = (state: unknown): FittedTransform =>
  fitted(parseConfig('normalizeImage', stateSchema, state))

function fitted(state: Readonly<z.infer<typeof stateSchema>>): FittedTransform {
  const { broadcast } = channelsOf(state.shape)
  const perChannel = (value: (mean: number, std: number) => number) =>
    constant(
      Float32Array.from(state.mean, (mean, channel) => value(mean, state.std[channel] ?? 1)),
      broadcast,
      'float32',
    )
  const { scale } = state
  return {
    kind: 'normalizeImage',
    state,
    apply: (x) =>
      add(
        mul(
          x,
          perChannel((_, std) => scale / std),
        ),
        perChannel((mean, std) => -mean / std),
      ),
    inverse: (x) =>
      add(
        mul(
          x,
          perChannel((_, std) => std / scale),
        ),
        perChannel((mean) => mean / scale),
      ),
  }
}
