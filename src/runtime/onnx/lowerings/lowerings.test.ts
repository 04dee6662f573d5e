import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { topologicalOrder } from '../../../autodiff/index.ts'
import * as ops from '../../../tensor/index.ts'
import { operationTable, placeholder, type Shape, type Tensor, zeros } from '../../../tensor/index.ts'
import { expectAgreement, gradientOf, real, squared, type TensorFunction } from '../../../testing/check.ts'
import { count, fill } from '../../../testing/golden/formula.ts'
import { graphOf } from '../../graph.ts'
import { ortRuntime } from '../../ort/session.ts'
import { decodeModel } from '../proto.ts'
import { writeOnnx } from '../write.ts'
import { lowerings } from './index.ts'

const { add, cast, constant, conv2d, gather, mul, oneHot, reduceSum } = ops

/** An op, as a function of tensors of the given shapes. With its gradients and their gradients it reaches further ops. */
type Sample = readonly [fn: TensorFunction, ...shapes: Shape[]]

const elementwise = (...each: ((x: Tensor) => Tensor)[]): Sample => [(x) => each.map((op) => op(positive(x))), [2, 3]]
const positive = (x: Tensor): Tensor => add(mul(x, x), 0.1)
const indices = constant(Int32Array.of(1, 0, 1), [3], 'int32')

/** Between them these reach every row of the op table; the test below says which is missing. */
const samples: Readonly<Record<string, Sample>> = {
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
  statistics: [(x) => [ops.channelMean(x), ops.channelVariance(x)], [4, 3]],
}

const argumentsOf = (shapes: readonly Shape[]) =>
  shapes.map((shape, i) => real(shape, fill(count(shape), 0.3 + 2 * i, 1)))

/** The sample, its gradients, and their gradients. */
const orders = (fn: TensorFunction): TensorFunction[] => {
  const gradient = gradientOf(squared(fn))
  return [fn, gradient, gradientOf(gradient)]
}

/** One tensor of each op that the samples and their gradients use. */
function usedTensors(): Map<string, Tensor> {
  const used = new Map<string, Tensor>()
  for (const [fn, ...shapes] of Object.values(samples)) {
    const inputs = shapes.map((shape, i) => placeholder(`${i}`, { dtype: 'float32', shape }))
    const outputs = orders(fn).flatMap((order) => order(...inputs))
    for (const tensor of topologicalOrder(outputs)) used.set(tensor.operation.name, tensor)
  }
  return used
}

describe('every row of the op table', () => {
  const rows = [...operationTable.values()].filter(({ isHost, name }) => !isHost && name !== 'placeholder')
  const used = usedTensors()

  it.each(rows.map((row) => [row.name, row] as const))(
    '%s has a lowering, and so has all that its VJP uses',
    (name, row) => {
      expect(lowerings.has(name), `${name} has no lowering in src/runtime/onnx/lowerings`).toBe(true)
      const tensor = used.get(name)
      if (tensor === undefined) throw new Error(`no sample above reaches the op ${name}: add one`)
      if (!row.differentiable) return
      const pulled = row.pullback(tensor, zeros(tensor.shape)).filter((one) => one !== undefined)
      for (const { operation } of topologicalOrder(pulled))
        if (operation.name !== 'placeholder')
          expect(
            lowerings.has(operation.name),
            `the VJP of ${name} uses ${operation.name}, which has no lowering`,
          ).toBe(true)
    },
  )

  it('there is no lowering without a row', () => {
    expect([...lowerings.keys()].filter((name) => !operationTable.has(name))).toEqual([])
  })
})

describe('with constants for all inputs but the first', () => {
  // ONNX Runtime folds constants and lays constant weights out in blocks.
  it.each(Object.entries(samples))('%s: the same numbers', async (_, [fn, ...shapes]) => {
    const [first, ...baked] = argumentsOf(shapes)
    if (first === undefined) throw new Error('a sample needs an input')
    const constants = baked.map(({ type, data }) => constant(data, type.shape, type.dtype))
    for (const order of orders((x) => fn(x, ...constants))) await expectAgreement(order, [first], { tolerance: 1e-4 })
  })

  it('a blocked network: 16 channels in, 32 out, pooled', async () => {
    const [x, first, second] = argumentsOf([
      [2, 3, 8, 8],
      [16, 3, 3, 3],
      [32, 16, 3, 3],
    ])
    if (!x || !first || !second) throw new Error('three arrays')
    const weights = [first, second].map(({ type, data }) => constant(data, type.shape, type.dtype))
    const network = (input: Tensor) =>
      weights.reduce((map, weight) => ops.maxPool2d(ops.relu(conv2d(map, weight, { padding: 1 })), 2), input)
    await expectAgreement(network, [x], { tolerance: 1e-5 })
    await expectAgreement(gradientOf(network), [x], { tolerance: 1e-5 })
  })
})

describe('the standard target, for pages and exported files', () => {
  const standard = ortRuntime('standard ONNX', ort, 'standard')

  it.each(Object.entries(samples))('%s: ONNX’s own ops alone, and the same numbers', async (_, [fn, ...shapes]) => {
    const given = argumentsOf(shapes)
    for (const order of orders(fn)) {
      await expectAgreement(order, given, { runtime: standard, tolerance: 1e-4 })
      await expectAgreement(order, given, { tolerance: 1e-4 })
      const inputs = shapes.map((shape, i) => placeholder(`${i}`, { dtype: 'float32', shape }))
      const model = decodeModel(writeOnnx(graphOf(inputs, [order(...inputs)].flat()), { target: 'standard' }))
      expect(model.opsetImport.map(({ domain }) => domain)).toEqual([''])
      expect(model.graph.node.filter(({ domain }) => domain !== '')).toEqual([])
    }
  })

  it('the native one uses more, so the check above can fail', () => {
    const x = placeholder('x', { dtype: 'float32', shape: [2, 3] })
    const bytes = writeOnnx(graphOf([x], [ops.matmul(ops.transpose(x), x)]), { target: 'native' })
    expect(decodeModel(bytes).graph.node.map(({ domain }) => domain)).toContain('com.microsoft')
  })
})
