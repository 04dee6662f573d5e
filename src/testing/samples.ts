/** Small uses of every op, for tests that walk the table. @module */
import * as ops from '../tensor/index.ts'
import { constant, type Shape, type Tensor } from '../tensor/index.ts'
import { gradientOf, real, squared, type TensorFunction } from './functions.ts'
import { count, fill } from './golden/fill.ts'

const { add, cast, conv2d, gather, mul, oneHot, reduceSum } = ops

/** An op, as a function of tensors of the given shapes. With its gradients and their gradients it reaches further ops. */
export type Sample = readonly [fn: TensorFunction, ...shapes: Shape[]]

const elementwise = (...each: ((x: Tensor) => Tensor)[]): Sample => [(x) => each.map((op) => op(positive(x))), [2, 3]]
const positive = (x: Tensor): Tensor => add(mul(x, x), 0.1)
const indices = constant(Int32Array.of(1, 0, 1), [3], 'int32')

/** Between them these reach every row of the op table; the test of the lowerings says which is missing. */
export const samples: Readonly<Record<string, Sample>> = {
  arithmetic: [(a, b) => [ops.sub(a, b), ops.div(a, positive(b)), ops.maximum(a, b), ops.minimum(a, b)], [2, 3], [3]],
  powers: [(a, b) => ops.pow(positive(a), b), [2, 3], [3]],
  unary: elementwise(ops.exp, ops.log, ops.sqrt, ops.sin, ops.cos, ops.tanh, ops.sign, ops.abs, ops.sigmoid, ops.erf),
  rectifiers: [(x) => [ops.relu(x), ops.step(x), ops.leakyRelu(x), ops.clip(x, { min: -0.5, max: 0.5 })], [2, 3]],
  activations: elementwise(ops.softplus, ops.silu, ops.gelu, ops.elu, ops.floor, ops.ceil, ops.round),
  comparisons: [
    (a, b) => {
      const [more, atLeast] = [ops.greater(a, b), ops.greaterOrEqual(a, b)]
      const [fewer, atMost] = [ops.less(a, b), ops.lessOrEqual(a, b)]
      const mixed = ops.logicalOr(ops.logicalAnd(more, atLeast), ops.logicalNot(ops.logicalAnd(fewer, atMost)))
      return ops.where(ops.logicalOr(mixed, ops.equal(a, b)), a, b)
    },
    [2, 3],
    [3],
  ],
  reductions: [
    (x) => [reduceSum(x, { axes: [0] }), ops.reduceMean(x), ops.reduceMax(x, { axes: [1] }), ops.reduceMin(x)],
    [2, 3],
  ],
  labels: [(x) => [cast(ops.argMax(x), 'float32'), mul(x, oneHot(ops.argMax(x), 3))], [2, 3]],
  shaping: [(x) => [ops.reshape(x, [6]), ops.transpose(x), ops.expand(ops.reshape(x, [2, 1, 3]), [2, 2, 3])], [2, 3]],
  slicing: [
    (x, y) => [
      ops.concat([x, y]),
      ops.slice(x, { starts: [0, 0], ends: [2, 3], steps: [1, 2] }),
      ops.pad(y, { before: [1, 0], after: [0, 2] }),
    ],
    [2, 3],
    [1, 3],
  ],
  arranging: [(x) => [ops.flip(x, [1]), ops.pad(x, { before: [1, 0], after: [0, 2], mode: 'reflect' })], [2, 3]],
  gather: [(x) => [gather(x, indices), gather(x, indices, 1)], [2, 3]],
  elements: [(x) => [ops.cumSum(x), ops.topK(x, 2).values, ops.sort(x, { axis: 0 })], [2, 3]],
  softmax: [(x) => [ops.softmax(x), ops.logSoftmax(x, 0)], [2, 3]],
  matmul: [(a, b) => [ops.matmul(a, b), ops.matmul(ops.swapLastAxes(b), ops.swapLastAxes(a))], [2, 2, 3], [3, 4]],
  gemm: [(a, b, bias) => ops.gemm(a, b, { transB: true, bias }), [2, 3], [4, 3], [4]],
  conv2d: [
    (x, w, bias) => conv2d(x, w, { bias, stride: 2, padding: [1, 0, 0, 1], groups: 2 }),
    [2, 4, 5, 5],
    [4, 2, 3, 2],
    [4],
  ],
  'conv2d with stride 1': [(x, w) => conv2d(x, w, { padding: 1 }), [2, 3, 4, 4], [2, 3, 3, 3]],
  pools: [
    (x) => [
      ops.maxPool2d(x, 2),
      ops.maxPool2d(x, 3, { stride: 1, padding: 1 }),
      ops.avgPool2d(x, 3, { stride: 2, padding: 1 }),
      ops.avgPool2d(x, 3, { stride: 2, padding: 1, countIncludePad: false }),
    ],
    [1, 2, 5, 4],
  ],
  resize: [(x) => [ops.resize(x, { scale: 2 }), ops.resize(x, { scale: [2, 3], mode: 'bilinear' })], [1, 2, 3, 2]],
  'batch norm, training': [(x, scale, bias) => ops.batchNormTraining(x, scale, bias), [4, 3, 2, 2], [3], [3]],
  'batch norm, evaluating': [
    (x, scale, variance) =>
      ops.batchNormalization(x, { scale, bias: scale, mean: scale, variance: positive(variance) }, { epsilon: 1e-2 }),
    [2, 3],
    [3],
    [3],
  ],
  'channel by channel': [(x, scale, shift) => ops.channelAffine(x, scale, shift), [2, 3, 2, 2], [3], [3]],
  'layer norm': [(x, weight, bias) => ops.layerNorm(x, { weight, bias }), [2, 3, 4], [3, 4], [3, 4]],
  'layer norm without weights': [(x) => [ops.layerNorm(x), ops.layerNorm(x, { axes: 2 })], [2, 3, 4]],
  statistics: [(x) => [ops.channelMean(x), ops.channelVariance(x)], [4, 3]],
}

/** Numbers for a sample's inputs, without ties. */
export const argumentsOf = (shapes: readonly Shape[]) =>
  shapes.map((shape, i) => real(shape, fill(count(shape), 0.3 + 2 * i, 1)))

/** The sample, its gradients, and their gradients. */
export const orders = (fn: TensorFunction): TensorFunction[] => {
  const gradient = gradientOf(squared(fn))
  return [fn, gradient, gradientOf(gradient)]
}
