import type { Tensor } from '../../tensor/index.ts'
import * as ops from '../../tensor/index.ts'
import { bounded, positive, type Steps } from './elementwise.ts'
import type { Sketch } from './sketch.ts'

const reduced = (s: Sketch, x: Tensor) => ({ axes: s.axes(x), keepDims: s.coin() })

/** Weight and bias of a normalisation, either, both or neither. */
const affine = (s: Sketch, shape: ops.Shape) => ({
  ...(s.coin() && { weight: s.fresh(shape) }),
  ...(s.coin() && { bias: s.fresh(shape) }),
  epsilon: 0.1,
})

export const statistics: Steps = {
  sum: (s) => {
    const x = s.notScalar()
    return s.one(ops.reduceSum, ops.reduceMean)(x, reduced(s, x))
  },
  extreme: (s) => {
    const x = s.apart(s.notScalar())
    return s.one(ops.reduceMax, ops.reduceMin)(x, reduced(s, x))
  },
  sumOfProduct: (s) => {
    const x = s.notScalar()
    return ops.reduceSum(ops.mul(ops.mul(ops.tanh(x), s.partner(x)), s.one(0.5, -2, 1)), reduced(s, x))
  },
  logSumExp: (s) => {
    const x = s.apart(s.notScalar())
    return ops.logSumExp(x, reduced(s, x))
  },
  norm: (s) => {
    const x = s.apart(s.notScalar())
    return ops.norm(x, { ...reduced(s, x), p: s.one(1, 2, Infinity) })
  },
  product: (s) => {
    const x = s.notScalar()
    return ops.reduceProd(positive(x), reduced(s, x))
  },
  softmax: (s) => {
    const x = s.notScalar()
    return s.one(ops.softmax, ops.logSoftmax)(x, s.axis(x))
  },
  channels: (s) => {
    const x = s.ofRank(s.number(2, 4))
    return s.one(ops.channelMean, ops.channelVariance)(x)
  },
  batchNormTraining: (s) => {
    // A mean far from 0 costs digits that nothing outside the op can see.
    const x = bounded(s.ofRank(s.number(2, 4)))
    const channels = [x.shape[1] ?? 1]
    const y = ops.batchNormTraining(x, s.fresh(channels), s.fresh(channels), { epsilon: 0.1 })
    return s.coin() ? ops.add(y, ops.reduceSum(ops.mul(ops.channelMean(x), ops.channelVariance(x)))) : y
  },
  batchNormalization: (s) => {
    const x = s.ofRank(s.number(2, 4))
    const vector = () => s.fresh([x.shape[1] ?? 1])
    return ops.batchNormalization(x, {
      scale: vector(),
      bias: vector(),
      mean: vector(),
      variance: positive(vector()),
    })
  },
  layerNorm: (s) => {
    const x = bounded(s.notScalar())
    const axes = s.number(1, x.shape.length)
    return ops.layerNorm(x, { axes, ...affine(s, x.shape.slice(-axes)) })
  },
  groupNorm: (s) => {
    const x = bounded(s.ofRank(s.number(3, 4)))
    const channels = x.shape[1] ?? 1
    const options = affine(s, [channels])
    if (s.coin() && ops.sizeOf(x.shape.slice(2)) > 1) return ops.instanceNorm(x, options)
    return ops.groupNorm(x, channels % 2 === 0 ? 2 : 1, options)
  },
}
