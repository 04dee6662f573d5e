import type { Shape, Tensor } from '../../../tensor/index.ts'
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
  lower(conv2dInputGradOperation, inputGradient),
  lower(conv2dWeightGradOperation, weightGradient),
]

/**
 * With stride 1 the gradient is again a convolution, with the weights turned by half a circle and their channels swapped,
 * and ONNX Runtime's Conv is two to three times faster than its ConvTranspose, which is left for the other strides.
 */
function inputGradient(
  { builder }: LoweringContext,
  tensor: Tensor,
  [cotangent = '', weight = '']: readonly string[],
  attributes: ConvAttributes & { readonly input: Shape },
): string {
  const [, , height, width] = imageShape('conv2dInputGrad', 'the cotangent', tensor.inputs[0]?.shape ?? [])
  const { kernel, strides, pads, dilations, groups, input } = attributes
  const reach = [dilations[0] * (kernel[0] - 1), dilations[1] * (kernel[1] - 1)] as const
  const turned = pads.map((pad, side) => reach[side % 2 === 0 ? 0 : 1] - pad)
  if (groups === 1 && strides.every((stride) => stride === 1) && turned.every((pad) => pad >= 0)) {
    const ends = [-1 - kernel[0], -1 - kernel[1]]
    const flipped = builder.node('Slice', [
      weight,
      builder.int64([-1, -1]),
      builder.int64(ends),
      builder.int64([2, 3]),
      builder.int64([-1, -1]),
    ])
    const swapped = builder.node('Transpose', [flipped], { perm: [1, 0, 2, 3] })
    return builder.node('Conv', [cotangent, swapped], { ...attributesOf(attributes), pads: turned })
  }
  // Rows and columns that the stride left over at the far edge get no gradient, but must be there.
  const leftOver = ([height, width] as const).map((size, i) => {
    const axis = i === 0 ? 0 : 1
    const reached = (size - 1) * strides[axis] - pads[axis] - pads[i === 0 ? 2 : 3]
    return (input[i + 2] ?? 0) - reached - (reach[axis] + 1)
  })
  return builder.node('ConvTranspose', [cotangent, weight], { ...attributesOf(attributes), output_padding: leftOver })
}

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
