import type { Operation, Tensor } from '../../tensor/index.ts'
import {
  averagePool2dGradOperation,
  averagePool2dOperation,
  maxPool2dGradOperation,
  maxPool2dOperation,
  maxPool2dPickOperation,
} from '../../tensor/ops/pooling.ts'
import { upsampleOperation } from '../../tensor/ops/resize.ts'
import { axisSize } from '../../tensor/shape.ts'
import { type Batched, type Call, divided, largest, merged, type Rule, rule, spread } from './batched.ts'

/**
 * Pools and the like treat all images and channels alike, so members are further images (their axis in front) or further
 * channels (their axis behind the images'), whichever moves nothing.
 */
export function asImages({ inputs, size }: Call, apply: (tensors: readonly Tensor[], axis: 0 | 1) => Tensor): Batched {
  const axis = largest(inputs).axis === 0 ? 0 : 1
  const output = apply(
    inputs.map((value) => merged(spread(value, axis, size), axis)),
    axis,
  )
  return { tensor: divided(output, axis, size), axis }
}

const like = <A>(operation: Operation<A>) =>
  rule(operation, (attributes, call) => asImages(call, (tensors) => operation.apply(tensors, attributes)))

export const images: readonly (readonly [string, Rule])[] = [
  like(maxPool2dOperation),
  like(maxPool2dGradOperation),
  like(maxPool2dPickOperation),
  like(averagePool2dOperation),
  like(upsampleOperation),
  rule(averagePool2dGradOperation, (attributes, call) =>
    asImages(call, (tensors, axis) =>
      averagePool2dGradOperation.apply(tensors, {
        ...attributes,
        input: attributes.input.with(axis, axisSize(attributes.input, axis) * call.size),
      }),
    ),
  ),
]
