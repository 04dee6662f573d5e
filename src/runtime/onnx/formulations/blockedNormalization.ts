import type { Operation, Tensor } from '../../../tensor/index.ts'
import {
  batchNormTrainingOperation,
  channelAffineOperation,
  channelMeanOperation,
  channelVarianceOperation,
} from '../../../tensor/ops/normalization.ts'
import { reduceSumOperation } from '../../../tensor/ops/reduction.ts'
import { axisSize } from '../../../tensor/shape.ts'
import { NCHWC } from '../context.ts'
import { type Formulation, formulate, type LoweringContext, type Place } from '../lowering.ts'
import { affine } from './affine.ts'

/** An op whose first input is a map that lies in blocks already. */
const onBlocks = <A>(
  operation: Operation<A>,
  write: (context: LoweringContext, tensor: Tensor, x: Tensor, attributes: A) => Place,
  suits: (attributes: A) => boolean = () => true,
): Formulation =>
  formulate(operation, 'blocked', {
    fits: ({ block }, { inputs: [x] }, attributes) =>
      block > 0 && x?.shape.length === 4 && axisSize(x.shape, 1) % block === 0 && suits(attributes),
    pays: ({ isBlocked }, { inputs: [x] }) => x !== undefined && isBlocked(x),
    write: (context, tensor, attributes) => {
      const [x] = tensor.inputs
      if (x === undefined) throw new Error(`${tensor.operation.name} has no input`)
      return write(context, tensor, x, attributes)
    },
  })

/** `weight · (sum over batch and positions)` of each channel: a pool over whole maps, then a product over the batch. */
function channelSum({ builder }: LoweringContext, blocked: string, { shape }: Tensor, weight: number): string {
  const [batch, channels] = [axisSize(shape, 0), axisSize(shape, 1)]
  const positions = axisSize(shape, 2) * axisSize(shape, 3)
  const pooled = builder.node('GlobalAveragePool', [blocked], {}, NCHWC)
  const means = builder.node('Reshape', [pooled, builder.int64([batch, channels])])
  const weights = builder.constant(new Float32Array(batch).fill(weight * positions), [1, batch], 'float32')
  return builder.node('Reshape', [builder.node('MatMul', [weights, means]), builder.int64([channels])])
}

const countOf = ({ shape }: Tensor): number => axisSize(shape, 0) * axisSize(shape, 2) * axisSize(shape, 3)

/** {@link affine}, along with the ReLU that is made of nothing else. */
function withActivation(context: LoweringContext, tensor: Tensor, parts: readonly [string, string, string]): Place {
  const next = context.onlyUseOf(tensor)
  const isRectified = next?.operation.name === 'relu'
  const blocked = affine(context, parts, axisSize(tensor.shape, 1), isRectified ? { activation: 'Relu' } : {})
  if (isRectified) context.place(next, { blocked })
  return { blocked }
}

const mean = (context: LoweringContext, x: Tensor): string => {
  const blocked = context.blockedName(x)
  return context.once(`channel mean ${blocked}`, () => channelSum(context, blocked, x, 1 / countOf(x)))
}

/** Mean square of what is left when the mean is taken off: the difference of mean squares would lose digits. */
const variance = (context: LoweringContext, x: Tensor): string => {
  const { builder, once } = context
  const blocked = context.blockedName(x)
  return once(`channel variance ${blocked}`, () => {
    const channels = axisSize(x.shape, 1)
    const ones = builder.constant(new Float32Array(channels).fill(1), [channels], 'float32')
    const centred = affine(context, [blocked, ones, builder.node('Neg', [mean(context, x)])], channels)
    return channelSum(context, builder.node('Mul', [centred, centred]), x, 1 / countOf(x))
  })
}

export const blockedNormalization: readonly Formulation[] = [
  onBlocks(channelMeanOperation, (context, _, x) => ({ plain: mean(context, x) })),
  onBlocks(channelVarianceOperation, (context, _, x) => ({ plain: variance(context, x) })),
  onBlocks(
    reduceSumOperation,
    (context, _, x) => ({ plain: channelSum(context, context.blockedName(x), x, 1) }),
    ({ axes, keepDims }) => !keepDims && axes.join() === '0,2,3',
  ),
  onBlocks(channelAffineOperation, (context, tensor, x) => {
    const [scale = '', shift = ''] = tensor.inputs.slice(1).map(context.valueName)
    return withActivation(context, tensor, [context.blockedName(x), scale, shift])
  }),
  onBlocks(batchNormTrainingOperation, (context, tensor, x, { epsilon }) => {
    const { builder, valueName } = context
    const [scale = '', bias = ''] = tensor.inputs.slice(1).map(valueName)
    const deviation = builder.node('Sqrt', [builder.node('Add', [variance(context, x), builder.scalar(epsilon)])])
    const gain = builder.node('Div', [scale, deviation])
    const shift = builder.node('Sub', [bias, builder.node('Mul', [mean(context, x), gain])])
    return withActivation(context, tensor, [context.blockedName(x), gain, shift])
  }),
]
