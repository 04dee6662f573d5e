import { add, mul, type Operation, type Tensor } from '../../tensor/index.ts'
import {
  inverseDeviationOperation,
  type LayerNormalizationAttributes,
  layerNormalizationOperation,
} from '../../tensor/ops/layerNormalization.ts'
import {
  batchNormalizationOperation,
  batchNormTrainingOperation,
  channelAffineOperation,
  channelMeanOperation,
  channelVarianceOperation,
} from '../../tensor/ops/normalization.ts'
import {
  asBatched,
  type Batched,
  type Call,
  divided,
  input,
  isBatched,
  merged,
  moved,
  operand,
  type Rule,
  rule,
  spread,
  type Value,
} from './batched.ts'
import { aligned } from './elementwise.ts'

/** Members' channels side by side, `[batch, members · channels, …]`; vectors that go with them are `[members · channels]`. */
const asChannels = ({ inputs, size }: Call): Tensor[] =>
  inputs.map((value, i) => {
    const axis = i === 0 ? 1 : 0
    return merged(spread(value, axis, size), axis)
  })

/** Ops that give a map, or a vector of the channels. */
const perChannel = <A>(operation: Operation<A>, axis: 0 | 1) =>
  rule(operation, (attributes, call): Batched => {
    const output = operation.apply(asChannels(call), attributes)
    return { tensor: divided(output, axis, call.size), axis }
  })

/** Members in front of the rows that are normalised by themselves; `rest` has no axis of members. */
function byRows(
  operation: Operation<LayerNormalizationAttributes>,
  x: Value,
  attributes: LayerNormalizationAttributes,
  rest: readonly Tensor[] = [],
): Value {
  if (!isBatched(x)) return { tensor: operation.apply([x.tensor, ...rest], attributes), axis: undefined }
  const axis = x.axis <= attributes.axis ? x.axis : 0
  return { tensor: operation.apply([moved(x, axis), ...rest], { ...attributes, axis: attributes.axis + 1 }), axis }
}

/** Two values that broadcast, by an op of numbers at the same place. */
function combined(op: (a: Tensor, b: Tensor) => Tensor, a: Value, b: Value, rank: number): Value {
  if (!isBatched(a) && !isBatched(b)) return { tensor: op(a.tensor, b.tensor), axis: undefined }
  const { tensors, axis } = aligned([a, b], rank)
  const [left = a.tensor, right = b.tensor] = tensors
  return { tensor: op(left, right), axis }
}

/** Scale and bias of the members' own come after the normalisation. */
const layerNormalization = rule(layerNormalizationOperation, (attributes, call): Batched => {
  const [, scale, bias] = call.inputs
  const rank = call.tensor.shape.length
  const shared = [scale, bias].flatMap((value) => (value === undefined || isBatched(value) ? [] : [value.tensor]))
  if (shared.length === call.inputs.length - 1)
    return asBatched(byRows(layerNormalizationOperation, input(call, 0), attributes, shared))
  const normal = byRows(layerNormalizationOperation, input(call, 0), attributes)
  const scaled = scale === undefined ? normal : combined(mul, normal, scale, rank)
  return asBatched(bias === undefined ? scaled : combined(add, scaled, bias, rank))
})

/** Every number of a channel is normalised with the channel's, so members are further channels. */
export const normalization: readonly (readonly [string, Rule])[] = [
  perChannel(channelMeanOperation, 0),
  perChannel(channelVarianceOperation, 0),
  perChannel(batchNormTrainingOperation, 1),
  perChannel(channelAffineOperation, 1),
  perChannel(batchNormalizationOperation, 1),
  layerNormalization,
  rule(inverseDeviationOperation, (attributes, call) =>
    asBatched(byRows(inverseDeviationOperation, operand(call), attributes)),
  ),
]
