import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { parseConfig } from '../../nn/index.ts'
import { foldIn, uniform } from '../../random/index.ts'
import { formatShape, type Shape, sizeOf } from '../../tensor/index.ts'
import type { Augment, Augmentation } from './augmentation.ts'
import { cutout } from './cutout.ts'
import { addNoise } from './noise.ts'
import { type Movement, warper } from './warp.ts'

export interface AugmentOptions {
  /** Move by up to so many whole pixels, left or right and up or down (default 0). */
  readonly shift?: number
  /** Turn by up to so many degrees, either way (default 0). */
  readonly rotate?: number
  /** Mirror every other image, on average; both means each way by itself. Digits and letters do not take it well. */
  readonly flip?: 'horizontal' | 'vertical' | 'both'
  /** Enlarge a part whose sides are at least this share of the image's, from anywhere in it (default 1: the whole). */
  readonly crop?: number
  /** Cover a square of so many pixels a side, anywhere (default 0: none). */
  readonly cutout?: number
  /** Standard deviation of normal noise on every number, in the units in which the data are stored: 0 to 255 for bytes (default 0). */
  readonly noise?: number
  /** What comes in from outside, and what covers a square, in the units in which the data are stored (default 0). */
  readonly fill?: number
}

/**
 * Changes the training samples by chance, anew in every step and never in evaluation: a network that has not seen the same
 * picture twice learns less of it by heart. Put it before the transforms; they learn from the samples as they are.
 *
 * Chance comes from the run's seed and the step alone. The host does it before a batch is fed, so neither `model.onnx` nor
 * an exported training step holds it. Noise is for samples of any shape, all else for images (`[channels, height, width]`).
 *
 * @throws UsageError naming an option that is none or out of range
 * @example
 * prepare: [augment({ shift: 2, rotate: 10 }), standardize()]
 */
export function augment(options: AugmentOptions): Augmentation {
  const {
    shift = 0,
    rotate = 0,
    flip,
    crop = 1,
    cutout: side = 0,
    noise = 0,
    fill = 0,
  } = parseConfig('augment', optionsSchema, options)
  const moves = shift > 0 || rotate > 0 || flip !== undefined || crop < 1
  return {
    kind: 'augment',
    config: { ...options },
    augmenter: (shape) => {
      if ((moves || side > 0) && shape.length !== 3)
        throw new UsageError(
          `augment: a sample is ${formatShape(shape)}, which is no image ([channels, height, width]): only noise can be added to it`,
        )
      const warp = warper(shape, fill)
      const size = sizeOf(shape)
      const [mirrors, turnsOver] = [flip === 'horizontal' || flip === 'both', flip === 'vertical' || flip === 'both']
      const movementOf = (draw: () => number): Movement => {
        const both = (most: number) => (2 * draw() - 1) * most
        const pixels = () => Math.floor(draw() * (2 * shift + 1)) - shift
        return {
          mirrored: draw() < 0.5 && mirrors,
          upsideDown: draw() < 0.5 && turnsOver,
          part: 1 - draw() * (1 - crop),
          partX: both(1),
          partY: both(1),
          angle: both(rotate),
          shiftX: pixels(),
          shiftY: pixels(),
        }
      }
      return (batch, key) => {
        const samples = batch.length / size
        const draws = uniform(foldIn(key, 'images'), moves || side > 0 ? samples * DRAWS : 0)
        for (let i = 0; i < samples; i++) {
          // Each option draws from places of its own: one more leaves the others' chances as they are.
          let place = i * DRAWS
          const draw = () => draws[place++] ?? 0
          if (moves) warp(batch, i * size, movementOf(draw))
          place = i * DRAWS + MOVEMENT_DRAWS
          if (side > 0) cutout(batch, i * size, shape, { side, x: draw(), y: draw(), fill })
        }
        if (noise > 0) addNoise(batch, foldIn(key, 'noise'), noise)
      }
    },
  }
}

const MOVEMENT_DRAWS = 8
const DRAWS = MOVEMENT_DRAWS + 2

const least = (value: number) => z.number().min(value, `give a number of at least ${value}`)
const optionsSchema = z.strictObject({
  shift: z.int('give a whole number of pixels').min(0, 'give a whole number of pixels').optional(),
  rotate: least(0).max(180, 'give at most 180 degrees').optional(),
  flip: z.enum(['horizontal', 'vertical', 'both']).optional(),
  crop: z.number().gt(0, 'give a share above 0').max(1, 'give a share up to 1').optional(),
  cutout: z.int('give a whole number of pixels').min(0, 'give a whole number of pixels').optional(),
  noise: least(0).optional(),
  fill: z.number().optional(),
})

/** Several augmentations one after the other, each with chances of its own; undefined for none. */
export function augmenterOf(augmentations: readonly Augmentation[], shape: Shape): Augment | undefined {
  const ready = augmentations.map((augmentation) => augmentation.augmenter(shape))
  if (ready.length === 0) return undefined
  return (batch, key) => {
    for (const [i, change] of ready.entries()) change(batch, foldIn(foldIn(key, 'augment'), i))
  }
}
