import type { Operation, Tensor } from '../../tensor/index.ts'
import {
  batchNormalizationOperation,
  batchNormTrainingOperation,
  channelAffineOperation,
  channelMeanOperation,
  channelVarianceOperation,
} from '../../tensor/ops/normalization.ts'
import { type Batched, type Call, divided, merged, type Rule, rule, spread } from './batched.ts'

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

/** Every number of a channel is normalised with the channel's, so members are further channels. */
export const normalization: readonly (readonly [string, Rule])[] = [
  perChannel(channelMeanOperation, 0),
  perChannel(channelVarianceOperation, 0),
  perChannel(batchNormTrainingOperation, 1),
  perChannel(channelAffineOperation, 1),
  perChannel(batchNormalizationOperation, 1),
]
