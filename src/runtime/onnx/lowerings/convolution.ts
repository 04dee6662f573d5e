import type { Tensor } from '../../../tensor/index.ts'
import {
  type ConvAttributes,
  conv2dInputGradOperation,
  conv2dOperation,
  conv2dWeightGradOperation,
  imageShape,
} from '../../../tensor/ops/convolution.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

const attributesOf = ({ kernel, strides, pads, dilations, groups }: ConvAttributes) => ({
  kernel_shape: kernel,
  strides,
  pads,
  dilations,
  group: groups,
})

export const convolution: readonly (readonly [string, Lowering])[] = [
  lower(conv2dOperation, ({ builder }, _, inputs, attributes) =>
    builder.node('Conv', inputs, attributesOf(attributes)),
  ),
  lower(conv2dInputGradOperation, ({ builder }, tensor, inputs, attributes) => {
    const [, , height, width] = imageShape('conv2dInputGrad', 'the cotangent', tensor.inputs[0]?.shape ?? [])
    const { kernel, strides, pads, dilations, input } = attributes
    // Rows and columns that the stride left over at the far edge get no gradient, but must be there.
    const leftOver = ([height, width] as const).map((size, i) => {
      const axis = i === 0 ? 0 : 1
      const reached = (size - 1) * strides[axis] - pads[axis] - pads[i === 0 ? 2 : 3]
      return (input[i + 2] ?? 0) - reached - (dilations[axis] * (kernel[axis] - 1) + 1)
    })
    return builder.node('ConvTranspose', inputs, { ...attributesOf(attributes), output_padding: leftOver })
  }),
  lower(conv2dWeightGradOperation, weightGradient),
]

/**
 * Patches of the input times the cotangent. The patches are cut by a depthwise convolution whose kernels are one-hot,
 * which ONNX Runtime does several times faster than slicing; one batched product and a sum over the batch follow.
 */
function weightGradient(
  { builder, target }: LoweringContext,
  tensor: Tensor,
  [x = '', cotangent = '']: readonly string[],
  attributes: ConvAttributes,
): string {
  const [batch, channels] = imageShape('conv2dWeightGrad', 'the input', tensor.inputs[0]?.shape ?? [])
  const [, out, height, width] = imageShape('conv2dWeightGrad', 'the cotangent', tensor.inputs[1]?.shape ?? [])
  const { kernel, strides, pads, groups } = attributes
  const taps = kernel[0] * kernel[1]
  const positions = height * width
  const isWhole = taps === 1 && strides.every((stride) => stride === 1) && pads.every((pad) => pad === 0)
  const patches = isWhole
    ? x
    : builder.node('Conv', [x, oneHotKernels(builder, channels, kernel)], {
        ...attributesOf(attributes),
        group: channels,
      })
  const columns = builder.node('Reshape', [
    patches,
    builder.int64([batch, groups, (channels / groups) * taps, positions]),
  ])
  const rows = builder.node('Reshape', [cotangent, builder.int64([batch, groups, out / groups, positions])])
  const product =
    target === 'native'
      ? builder.node('FusedMatMul', [rows, columns], { transB: 1 }, 'com.microsoft')
      : builder.node('MatMul', [rows, builder.node('Transpose', [columns], { perm: [0, 1, 3, 2] })])
  const sum = builder.node('ReduceSum', [product, builder.int64([0])], { keepdims: 0 })
  return builder.node('Reshape', [sum, builder.int64(tensor.shape)])
}

/** For each channel one kernel a tap, 1 at that tap. */
function oneHotKernels(
  builder: LoweringContext['builder'],
  channels: number,
  [height, width]: readonly [number, number],
): string {
  const taps = height * width
  const kernels = new Float32Array(channels * taps * taps)
  for (let row = 0; row < channels * taps; row++) kernels[row * taps + (row % taps)] = 1
  return builder.constant(kernels, [channels * taps, 1, height, width], 'float32')
}
