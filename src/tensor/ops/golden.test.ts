import { applyModel, bceOf, crossEntropyOf, gelu, mseOf } from '../../nn/index.ts'
import {
  binary,
  describeGolden,
  given,
  number,
  numbers,
  pair,
  reduction,
  type Translation,
  type Translations,
  unary,
} from '../../testing/goldenOps.ts'
import { axisSize, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import * as ops from './index.ts'

const window = ({ stride, padding }: Parameters<Translation>[1]) => ({ stride: pair(stride), padding: pair(padding) })

/** PyTorch's functions in ours; inputs come in PyTorch's order. */
const translations: Translations = {
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div),
  exp: unary(ops.exp),
  log: unary(ops.log),
  sqrt: unary(ops.sqrt),
  abs: unary(ops.abs),
  relu: unary(ops.relu),
  sigmoid: unary(ops.sigmoid),
  tanh: unary(ops.tanh),
  leakyRelu: ([x], { negativeSlope }) => ops.leakyRelu(given(x), number(negativeSlope)),
  gelu: ([x], { approximate }) =>
    applyModel(gelu({ approximate: approximate === 'tanh' ? 'tanh' : 'none' }), {}, given(x)).output,
  clip: ([x], { min, max }) => ops.clip(given(x), { min: number(min), ...(max !== undefined && { max: number(max) }) }),
  where: ([condition, a, b]) => ops.where(given(condition), given(a), given(b)),
  softmax: ([x], { axis }) => ops.softmax(given(x), number(axis)),
  logSoftmax: ([x], { axis }) => ops.logSoftmax(given(x), number(axis)),
  sum: ([x], attributes) => ops.reduceSum(given(x), reduction(attributes)),
  mean: ([x], attributes) => ops.reduceMean(given(x), reduction(attributes)),
  max: ([x], attributes) => ops.reduceMax(given(x), reduction(attributes)),
  matmul: binary(ops.matmul),
  conv2d: ([x, weight, bias], { dilation, groups, ...rest }) =>
    ops.conv2d(given(x), given(weight), {
      ...window(rest),
      dilation: pair(dilation),
      groups: number(groups),
      ...(bias && { bias }),
    }),
  maxPool2d: ([x], { kernel, ...rest }) => ops.maxPool2d(given(x), pair(kernel), window(rest)),
  avgPool2d: ([x], { kernel, countIncludePad, ...rest }) =>
    ops.avgPool2d(given(x), pair(kernel), { ...window(rest), countIncludePad: countIncludePad === true }),
  adaptiveAvgPool2d: ([x], { outputSize }) => {
    if (pair(outputSize).join() !== '1,1') throw new Error('only the global average is an op of ours')
    return ops.globalAvgPool2d(given(x))
  },
  batchNorm2d: ([x, scale, bias, mean, variance], { training, epsilon }) => {
    const options = { epsilon: number(epsilon) }
    const statistics = { scale: given(scale), bias: given(bias), mean: given(mean), variance: given(variance) }
    return training === true
      ? ops.batchNormTraining(given(x), given(scale), given(bias), options)
      : ops.batchNormalization(given(x), statistics, options)
  },
  crossEntropy: ([logits, target], { labelSmoothing }) =>
    crossEntropyOf(given(logits), given(target), number(labelSmoothing)),
  binaryCrossEntropyWithLogits: ([logits, target]) => bceOf(given(logits), ops.cast(given(target), 'float32')),
  mse: binary(mseOf),
  gather: ([x, indices], { axis }) => ops.gather(given(x), given(indices), number(axis)),
  pad: ([x], { before, after, value }) =>
    ops.pad(given(x), { before: numbers(before), after: numbers(after), value: number(value) }),
}

/** PyTorch's rule: the variance that is kept is divided by n - 1. */
function runningStatistics([input, , , mean, variance]: readonly Tensor[], momentum: number): Tensor[] {
  const x = given(input)
  const n = sizeOf(x.shape) / axisSize(x.shape, 1)
  const moved = (before: Tensor | undefined, now: Tensor) =>
    ops.add(ops.mul(given(before), 1 - momentum), ops.mul(now, momentum))
  return [moved(mean, ops.channelMean(x)), moved(variance, ops.mul(ops.channelVariance(x), n / (n - 1)))]
}

describeGolden('ops', translations, ({ extra, attributes }, inputs) =>
  extra === undefined ? [] : runningStatistics(inputs, number(attributes.momentum)),
)
