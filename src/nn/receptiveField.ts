import { topologicalOrder } from '../autodiff/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { conv2dOperation } from '../tensor/ops/convolution.ts'
import { averagePool2dOperation, maxPool2dOperation } from '../tensor/ops/pooling.ts'
import type { Window } from '../tensor/ops/window.ts'
import { axisSize } from '../tensor/shape.ts'

/** Reach of one number into the input, and distance between neighbours there, along height and width. */
interface Field {
  readonly size: readonly [number, number]
  readonly jump: readonly [number, number]
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

/** Ops after which every number depends on all positions that came in. */
const mixesAll = (tensor: Tensor): boolean =>
  tensor.operation.name === 'gemm' ||
  tensor.operation.name === 'matMul' ||
  (tensor.operation.name.startsWith('reduce') && tensor.shape.length <= 4)

/**
 * Theoretical receptive field of every tensor between an image and outputs made from it, for one number of each:
 * size' = size + dilation·(kernel - 1)·jump and jump' = jump·stride, cut to the image (Araujo, Norris and Sim, 2019).
 * Where paths meet, the largest counts.
 *
 * @param x images, `[batch, channels, height, width]`, or sequences, `[batch, channels, length]`, which are images of height 1
 * @returns nothing where no window moves over a sequence: its axes may mean anything
 */
export function receptiveFields(x: Tensor, outputs: readonly Tensor[]): Map<Tensor, readonly [number, number]> {
  const isSequence = x.shape.length === 3
  const image = isSequence
    ? ([1, axisSize(x.shape, 2)] as const)
    : ([axisSize(x.shape, 2), axisSize(x.shape, 3)] as const)
  if (isSequence && topologicalOrder(outputs).every((tensor) => windowOf(tensor) === undefined)) return new Map()
  const fields = new Map<Tensor, Field>([[x, { size: [1, 1], jump: [1, 1] }]])
  for (const tensor of topologicalOrder(outputs)) {
    const known = tensor.inputs.flatMap((input) => fields.get(input) ?? [])
    if (known.length === 0) continue
    const widest = (axis: 0 | 1): number => Math.max(...known.map(({ size }) => size[axis]))
    const apart = (axis: 0 | 1): number => Math.max(...known.map(({ jump }) => jump[axis]))
    const window = windowOf(tensor)
    const grow = (axis: 0 | 1): number =>
      widest(axis) + (window === undefined ? 0 : window.dilations[axis] * (window.kernel[axis] - 1) * apart(axis))
    fields.set(tensor, {
      size: mixesAll(tensor) ? image : [grow(0), grow(1)],
      jump: [apart(0) * (window?.strides[0] ?? 1), apart(1) * (window?.strides[1] ?? 1)],
    })
  }
  return new Map(
    [...fields].map(([tensor, { size }]) => [tensor, [Math.min(image[0], size[0]), Math.min(image[1], size[1])]]),
  )
}
