import type { Tensor } from '../../../tensor/index.ts'
import {
  averagePool2dGradOperation,
  averagePool2dOperation,
  maxPool2dGradOperation,
  maxPool2dOperation,
  maxPool2dPickOperation,
} from '../../../tensor/ops/pooling.ts'
import { forEachTap, type Window } from '../../../tensor/ops/window.ts'
import { axisSize, type Shape, sizeOf } from '../../../tensor/shape.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

const windowOf = ({ kernel, strides, pads }: Window) => ({ kernel_shape: kernel, strides, pads })

const overlaps = ({ kernel, strides, dilations }: Window): boolean =>
  kernel[0] > strides[0] || kernel[1] > strides[1] || dilations.some((dilation) => dilation > 1)

/** MaxUnpool works out a size from its attributes even where it is told one, and refuses one that is not positive. */
const isUnpoolable = ({ kernel, strides, pads }: Window, pooled: Shape): boolean =>
  ([0, 1] as const).every(
    (axis) => (axisSize(pooled, axis + 2) - 1) * strides[axis] + kernel[axis] > pads[axis] + pads[axis === 0 ? 2 : 3],
  )

/** Maxima and the flat positions they came from, by one node for the pool and its gradients. */
const withIndices = ({ builder, once }: LoweringContext, x: string, window: Window): readonly string[] =>
  once(`MaxPool ${x} ${JSON.stringify(windowOf(window))} ${window.dilations.join()}`, () =>
    builder.nodeOf(2, 'MaxPool', [x], { ...windowOf(window), dilations: window.dilations }),
  )

export const pooling: readonly (readonly [string, Lowering])[] = [
  lower(maxPool2dOperation, (context, tensor, [x = ''], window) => {
    const [source] = tensor.inputs
    const needsIndices =
      source !== undefined && ['maxPool2dGrad', 'maxPool2dPick'].some((name) => context.usesOf(source, name).length > 0)
    if (!needsIndices) return context.builder.node('MaxPool', [x], { ...windowOf(window), dilations: window.dilations })
    return withIndices(context, x, window)[0] ?? ''
  }),
  lower(maxPool2dGradOperation, (context, tensor, [x = '', cotangent = ''], window) => {
    const { builder } = context
    const indices = withIndices(context, x, window)[1] ?? ''
    if (!overlaps(window) && isUnpoolable(window, tensor.inputs[1]?.shape ?? []))
      return builder.node('MaxUnpool', [cotangent, indices, builder.int64(tensor.shape)], windowOf(window))
    // One position may win several windows, and MaxUnpool would keep only the last.
    const flat = (value: string) => builder.node('Reshape', [value, builder.int64([-1])])
    const zeros = builder.node('Expand', [
      builder.constant(new Float32Array(1), [1], 'float32'),
      builder.int64([sizeOf(tensor.shape)]),
    ])
    const summed = builder.node('ScatterElements', [zeros, flat(indices), flat(cotangent)], {
      axis: 0,
      reduction: 'add',
    })
    return builder.node('Reshape', [summed, builder.int64(tensor.shape)])
  }),
  lower(maxPool2dPickOperation, (context, tensor, [x = '', values = ''], window) => {
    const { builder } = context
    const indices = withIndices(context, x, window)[1] ?? ''
    const flat = builder.node('Reshape', [values, builder.int64([-1])])
    return builder.node('Reshape', [builder.node('Gather', [flat, indices]), builder.int64(tensor.shape)])
  }),
  lower(averagePool2dOperation, ({ builder }, _, inputs, attributes) =>
    builder.node('AveragePool', inputs, {
      ...windowOf(attributes),
      count_include_pad: attributes.countIncludePad ? 1 : 0,
    }),
  ),
  lower(averagePool2dGradOperation, ({ builder }, tensor, [cotangent = ''], attributes) => {
    const { kernel, strides, pads, countIncludePad } = attributes
    const channels = axisSize(tensor.shape, 1)
    const taps = kernel[0] * kernel[1]
    const share = countIncludePad ? 1 / taps : 1
    const kernels = builder.constant(new Float32Array(channels * taps).fill(share), [channels, 1, ...kernel], 'float32')
    const divided = countIncludePad
      ? cotangent
      : builder.node('Mul', [cotangent, reciprocalCounts(builder, tensor, attributes)])
    const outputSize = [axisSize(tensor.inputs[0]?.shape ?? [], 2), axisSize(tensor.inputs[0]?.shape ?? [], 3)]
    const leftOver = [0, 1].map((i) => {
      const axis = i === 0 ? 0 : 1
      const reached = ((outputSize[i] ?? 0) - 1) * strides[axis] - pads[axis] - pads[i === 0 ? 2 : 3] + kernel[axis]
      return axisSize(tensor.shape, i + 2) - reached
    })
    return builder.node('ConvTranspose', [divided, kernels], {
      ...windowOf(attributes),
      group: channels,
      output_padding: leftOver,
    })
  }),
]

/** One over the number of real (not padded) inputs of each window, `[1, 1, height, width]`. */
function reciprocalCounts(builder: LoweringContext['builder'], tensor: Tensor, window: Window): string {
  const [height, width] = [axisSize(tensor.inputs[0]?.shape ?? [], 2), axisSize(tensor.inputs[0]?.shape ?? [], 3)]
  const counts = new Float32Array(height * width)
  forEachTap(window, [axisSize(tensor.shape, 2), axisSize(tensor.shape, 3)], [height, width], (output) => {
    counts[output] = (counts[output] ?? 0) + 1
  })
  return builder.constant(
    counts.map((count) => 1 / count),
    [1, 1, height, width],
    'float32',
  )
}
