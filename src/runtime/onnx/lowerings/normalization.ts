import type { Tensor } from '../../../tensor/index.ts'
import {
  batchNormalizationOperation,
  batchNormTrainingOperation,
  channelAffineOperation,
  channelMeanOperation,
  channelVarianceOperation,
} from '../../../tensor/ops/normalization.ts'
import { axisSize, type Shape } from '../../../tensor/shape.ts'
import { type Lowering, type LoweringContext, lower } from '../lowering.ts'

const otherAxes = (shape: Shape): number[] => shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]))

/** Normalised map, batch mean and batch variance from one node. */
function trained(context: LoweringContext, normalized: Tensor): readonly string[] {
  const { builder, once, valueName } = context
  const [x = '', scale = '', bias = ''] = normalized.inputs.map(valueName)
  const { epsilon } = batchNormTrainingOperation.attributesOf(normalized)
  return once(`BatchNormalization ${x} ${scale} ${bias} ${epsilon}`, () => {
    // ONNX Runtime writes the new statistics over the old ones it is given (and merges equal constants), so each node gets
    // two vectors of its own, made anew each run. With momentum 0 their values do not matter.
    const own = (vector: string, factor: number) => builder.node('Mul', [vector, builder.scalar(factor)])
    const attributes = { training_mode: 1, epsilon: { float: epsilon }, momentum: { float: 0 } }
    const place = builder.nodes.length
    const inputs = [x, scale, bias, own(scale, 1 / (place + 2)), own(bias, 1 / (place + 2))]
    return builder.nodeOf(3, 'BatchNormalization', inputs, attributes)
  })
}

/** The statistics of a tensor that is batch-normalised anyway are by-products of doing so. */
const byProduct = (context: LoweringContext, x: Tensor | undefined, output: 1 | 2): string | undefined => {
  const normalized =
    x && context.usesOf(x, 'batchNormTraining').find((use) => use.inputs[0] === x && isReady(context, use))
  return normalized && trained(context, normalized)[output]
}

/** Scale and bias must have been written before the node that takes them. */
const isReady = (context: LoweringContext, normalized: Tensor): boolean =>
  normalized.inputs.every((input) => context.isWritten(input))

const mean = ({ builder, once }: LoweringContext, x: string, shape: Shape, keepdims: number): string =>
  once(`mean ${x} ${keepdims}`, () => builder.node('ReduceMean', [x, builder.int64(otherAxes(shape))], { keepdims }))

export const normalization: readonly (readonly [string, Lowering])[] = [
  lower(batchNormTrainingOperation, (context, tensor) => trained(context, tensor)[0] ?? ''),
  lower(channelMeanOperation, (context, tensor, [x = '']) => {
    const source = tensor.inputs[0]
    return byProduct(context, source, 1) ?? mean(context, x, source?.shape ?? [], 0)
  }),
  lower(channelVarianceOperation, (context, tensor, [x = '']) => {
    const [source] = tensor.inputs
    const found = byProduct(context, source, 2)
    if (found !== undefined || source === undefined) return found ?? ''
    const { builder } = context
    const centred = builder.node('Sub', [x, mean(context, x, source.shape, 1)])
    const squares = builder.node('Mul', [centred, centred])
    return builder.node('ReduceMean', [squares, builder.int64(otherAxes(source.shape))], { keepdims: 0 })
  }),
  // Normalising by mean 0 and variance 1 leaves the scale and the shift, in one pass.
  lower(channelAffineOperation, ({ builder }, { shape }, [x = '', scale = '', shift = '']) => {
    const channels = axisSize(shape, 1)
    const [mean, variance] = [0, 1].map((value) =>
      builder.constant(new Float32Array(channels).fill(value), [channels], 'float32'),
    )
    return builder.node('BatchNormalization', [x, scale, shift, mean ?? '', variance ?? ''], { epsilon: { float: 0 } })
  }),
  lower(batchNormalizationOperation, ({ builder }, _, inputs, { epsilon }) =>
    builder.node('BatchNormalization', inputs, { epsilon: { float: epsilon } }),
  ),
]
