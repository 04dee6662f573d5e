import { topologicalOrder } from '../autodiff/index.ts'
import type { Shape, Tensor } from '../tensor/index.ts'
import { conv2dInputGradOperation, conv2dOperation } from '../tensor/ops/convolution.ts'
import { averagePool2dOperation, maxPool2dOperation } from '../tensor/ops/pooling.ts'
import {
  reduceMaxOperation,
  reduceMeanOperation,
  reduceMinOperation,
  reduceSumOperation,
} from '../tensor/ops/reduction.ts'
import { upsampleOperation } from '../tensor/ops/resize.ts'
import { padOperation, sliceOperation } from '../tensor/ops/slicing.ts'
import type { Window } from '../tensor/ops/window.ts'
import { axisSize } from '../tensor/shape.ts'

/** How the numbers of a tensor reach into the input along one axis. */
export interface AxisField {
  /** Positions from the first to the last that one number depends on, those in the padding counted; Infinity: all, however many. */
  readonly size: number
  /** Input positions from one number's field to its neighbour's; 0 where all see everything. */
  readonly jump: number
  /** Middle of the first number's field, in input positions from 0; half positions lie between two. */
  readonly centre: number
}

/** A theoretical receptive field, along height and width. */
export interface ReceptiveField {
  readonly axes: readonly [height: AxisField, width: AxisField]
  /** Whether the numbers still have places: where a map was flattened, sizes hold and distances mean nothing. */
  readonly isPlaced: boolean
}

/** Height or width. */
type Axis = 0 | 1

const reductions = [reduceSumOperation, reduceMeanOperation, reduceMaxOperation, reduceMinOperation] as const
/** Ops, beside some reductions, after which every number depends on all positions that came in. */
const MIXING = new Set(['gemm', 'matMul', 'layerNormalization', 'inverseDeviation'])

/** Which axis of a tensor is height or width: that of a sequence has no height. */
const placeOf = ({ length }: Shape, axis: Axis): number | undefined =>
  length === 4 ? 2 + axis : length === 3 && axis === 1 ? 2 : undefined
const sizeAlong = (shape: Shape, axis: Axis): number => {
  const place = placeOf(shape, axis)
  return place === undefined ? 1 : axisSize(shape, place)
}

function windowOf(tensor: Tensor): Window | undefined {
  switch (tensor.operation.name) {
    case 'conv2d':
      return conv2dOperation.attributesOf(tensor)
    case 'maxPool2d':
      return maxPool2dOperation.attributesOf(tensor)
    case 'averagePool2d':
      return averagePool2dOperation.attributesOf(tensor)
    default:
      return undefined
  }
}

/** Whether an op lets every number depend on all positions along an axis. */
function mixes(tensor: Tensor, axis: Axis): boolean {
  if (MIXING.has(tensor.operation.name)) return true
  const reduction = reductions.find((one) => one === tensor.operation)
  if (reduction === undefined || tensor.shape.length > 4) return false
  const place = placeOf(tensor.inputs[0]?.shape ?? [], axis)
  return place === undefined || reduction.attributesOf(tensor).axes.includes(place)
}

/** What an op with a geometry makes of a field; any other op leaves it as it is. */
function moved(tensor: Tensor, axis: Axis, field: AxisField): AxisField {
  const { size, jump, centre } = field
  const window = windowOf(tensor)
  if (window !== undefined) {
    const reach = window.dilations[axis] * (window.kernel[axis] - 1)
    return {
      size: size + reach * jump,
      jump: jump * window.strides[axis],
      centre: centre + (reach / 2 - window.pads[axis]) * jump,
    }
  }
  const place = placeOf(tensor.inputs[0]?.shape ?? [], axis)
  switch (tensor.operation.name) {
    case 'conv2dInputGrad': {
      // A convolution the other way round: output o takes input i where o = stride·i − pad + dilation·k.
      const { kernel, strides, pads, dilations } = conv2dInputGradOperation.attributesOf(tensor)
      const reach = dilations[axis] * (kernel[axis] - 1)
      return {
        size: size + Math.floor(reach / strides[axis]) * jump,
        jump: jump / strides[axis],
        centre: centre + ((pads[axis] - reach / 2) / strides[axis]) * jump,
      }
    }
    case 'upsample': {
      const factor = upsampleOperation.attributesOf(tensor).factors[axis]
      return { size, jump: jump / factor, centre: centre - ((factor - 1) / (2 * factor)) * jump }
    }
    case 'pad':
      if (place === undefined) return field
      return { ...field, centre: centre - (padOperation.attributesOf(tensor).before[place] ?? 0) * jump }
    case 'slice': {
      if (place === undefined) return field
      const { starts, steps } = sliceOperation.attributesOf(tensor)
      return { size, jump: jump * (steps[place] ?? 1), centre: centre + (starts[place] ?? 0) * jump }
    }
    default:
      return field
  }
}

/** The least field that holds all of several that meet. */
function joined(fields: readonly AxisField[]): AxisField {
  const [first = { size: 1, jump: 1, centre: 0 }, ...rest] = fields
  return rest.reduce((a, b) => {
    if (a.size === Number.POSITIVE_INFINITY) return a
    if (b.size === Number.POSITIVE_INFINITY) return b
    const [low, high] = [
      Math.min(a.centre - (a.size - 1) / 2, b.centre - (b.size - 1) / 2),
      Math.max(a.centre + (a.size - 1) / 2, b.centre + (b.size - 1) / 2),
    ]
    return { size: Math.floor(high - low) + 1, jump: Math.max(a.jump, b.jump), centre: (low + high) / 2 }
  }, first)
}

/** Whether an op keeps numbers where they are: reshaping does between a sequence and an image of height 1. */
const keepsPlaces = ({ operation, inputs: [x], shape }: Tensor): boolean =>
  operation.name !== 'reshape' ||
  ([0, 1] as const).every(
    (axis) => (shape.length === 3 || shape.length === 4) && sizeAlong(shape, axis) === sizeAlong(x?.shape ?? [], axis),
  )

/**
 * Theoretical receptive field of every tensor between an image and outputs made from it:
 * size' = size + dilation·(kernel − 1)·jump, jump' = jump·stride, centre' = centre + (dilation·(kernel − 1)/2 − padding)·jump
 * (Araujo, Norris and Sim, 2019, https://distill.pub/2019/computing-receptive-fields/). Where paths meet, the field holds those of all.
 * After a layer that enlarges, neighbours may see one position more or less: the size is the largest.
 *
 * @param x images, `[batch, channels, height, width]`, or sequences, `[batch, channels, length]`, which are images of height 1
 * @returns nothing where no window moves over a sequence: its axes may mean anything
 */
export function receptiveFields(x: Tensor, outputs: readonly Tensor[]): Map<Tensor, ReceptiveField> {
  const order = topologicalOrder(outputs)
  const isWindowed = order.some(
    (tensor) => windowOf(tensor) !== undefined || tensor.operation.name === 'conv2dInputGrad',
  )
  if (x.shape.length === 3 && !isWindowed) return new Map()
  const start: AxisField = { size: 1, jump: 1, centre: 0 }
  const fields = new Map<Tensor, ReceptiveField>([[x, { axes: [start, start], isPlaced: true }]])
  for (const tensor of order) {
    const known = tensor.inputs.flatMap((input) => fields.get(input) ?? [])
    if (known.length === 0) continue
    const along = (axis: Axis): AxisField => {
      const whole = { size: Number.POSITIVE_INFINITY, jump: 0, centre: (sizeAlong(x.shape, axis) - 1) / 2 }
      return mixes(tensor, axis) ? whole : moved(tensor, axis, joined(known.map(({ axes }) => axes[axis])))
    }
    fields.set(tensor, {
      axes: [along(0), along(1)],
      isPlaced: keepsPlaces(tensor) && known.every(({ isPlaced }) => isPlaced),
    })
  }
  return fields
}
