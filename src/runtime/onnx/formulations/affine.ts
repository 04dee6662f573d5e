import type { AttributeValue } from '../builder.ts'
import { NCHWC } from '../context.ts'
import type { LoweringContext } from '../lowering.ts'

/** `x · scale + shift` as a convolution of each channel with one number; an activation that follows comes for free. */
export function affine(
  { builder }: LoweringContext,
  [blocked, scale, shift]: readonly [string, string, string],
  channels: number,
  activation: Readonly<Record<string, AttributeValue>> = {},
): string {
  const weight = builder.node('Reshape', [scale, builder.int64([channels, 1, 1, 1])])
  const attributes = { kernel_shape: [1, 1], strides: [1, 1], dilations: [1, 1], pads: [0, 0, 0, 0], group: channels }
  return builder.node('Conv', [blocked, weight, shift], { ...attributes, ...activation }, NCHWC)
}
