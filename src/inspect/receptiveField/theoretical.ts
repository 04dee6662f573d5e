import { UsageError } from '../../errors.ts'
import type { Layer } from '../../nn/index.ts'
import { type AxisField, receptiveFields } from '../../nn/receptiveField.ts'
import { formatShape, type Shape } from '../../tensor/index.ts'
import { applied, described, type InspectedLayer } from '../activations.ts'

/** Along height and width; sequences have a height of 1. */
export type Pair = readonly [height: number, width: number]

/** What one number of a layer's output can depend on, by the geometry of the layers up to it. */
export interface TheoreticalField extends InspectedLayer {
  /** Input positions from the first to the last, those in the padding counted; Infinity: all. */
  readonly size: Pair
  /** Input positions from one number's field to its neighbour's; 0 where all see the same. */
  readonly jump: Pair
  /** Where the first number's field begins, in input positions from 0: negative in the padding, -Infinity where all is seen. */
  readonly start: Pair
  /** Whether the layer's numbers have places. After flattening sizes hold, and `jump` and `start` mean nothing. */
  readonly isPlaced: boolean
}

/** Height and width of samples: `[channels, height, width]`, or `[channels, length]` with a height of 1. */
export function placesOf(sample: Shape): Pair {
  const [, height, width] = sample
  if (height === undefined || sample.length > 3)
    throw new UsageError(
      `samples of ${formatShape(sample)} have no places that a field could cover: receptive fields are of images, [channels, height, width], or sequences, [channels, length]`,
    )
  return width === undefined ? [1, height] : [height, width]
}

/**
 * Theoretical receptive field of every layer, through residual branches and pools, in the order of `layersOf`:
 * size' = size + dilation·(kernel − 1)·jump and jump' = jump·stride (Araujo, Norris and Sim, 2019,
 * https://distill.pub/2019/computing-receptive-fields/). Where paths meet, the field holds those of all of them.
 *
 * @param sample shape of one sample as the model gets it, `[channels, height, width]` or `[channels, length]`
 * @throws UsageError where samples have no places, or no window moves over a sequence
 *
 * @example
 * theoreticalFields(sequential(conv2d(8, 3), maxPool2d(2), conv2d(8, 3)), [1, 28, 28])[2] // size [8, 8], jump [2, 2], start [0, 0]
 */
export function theoreticalFields(model: Layer, sample: Shape): TheoreticalField[] {
  placesOf(sample)
  const { x, calls } = applied(model, sample)
  const fields = receptiveFields(
    x,
    calls.map(({ output }) => output),
  )
  if (fields.size === 0)
    throw new UsageError(
      `no convolution or pool of the model moves over samples of ${formatShape(sample)}: every number of its first dense layer sees the whole input`,
    )
  return calls.flatMap((call) => {
    const field = fields.get(call.output)
    if (field === undefined) return []
    const { axes, isPlaced } = field
    const both = (of: (axis: AxisField) => number): Pair => [of(axes[0]), of(axes[1])]
    return [
      {
        ...described(call),
        size: both(({ size }) => size),
        jump: both(({ jump }) => jump),
        start: both(({ centre, size }) => centre - (size - 1) / 2),
        isPlaced,
      },
    ]
  })
}

/** A field as it lies on the input, cut to it. */
export interface FieldBox {
  readonly top: number
  readonly left: number
  readonly height: number
  readonly width: number
}

/**
 * Where the field of one number of a layer lies.
 *
 * @param place of the number in the layer's map
 * @param image height and width of the input
 *
 * @example
 * boxOf(theoreticalFields(model, [1, 28, 28])[0], [0, 0], [28, 28]) // { top: 0, left: 0, height: 3, width: 3 }
 */
export function boxOf({ size, jump, start, isPlaced }: TheoreticalField, place: Pair, image: Pair): FieldBox {
  const span = (axis: 0 | 1): Pair => {
    if (!isPlaced || size[axis] === Number.POSITIVE_INFINITY) return [0, image[axis]]
    const begin = start[axis] + place[axis] * jump[axis]
    // Fields after enlarging layers begin between positions: all that they may touch counts.
    return [Math.max(0, Math.floor(begin)), Math.min(image[axis], Math.ceil(begin + size[axis] - 1) + 1)]
  }
  const [[top, bottom], [left, right]] = [span(0), span(1)]
  return { top, left, height: bottom - top, width: right - left }
}
