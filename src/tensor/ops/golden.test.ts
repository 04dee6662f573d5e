import { describe, expect, it } from 'vitest'
import { applyModel, bceOf, crossEntropyOf, gelu, mseOf } from '../../nn/index.ts'
import { type Graph, interpret } from '../../runtime/index.ts'
import { nodeRuntime } from '../../runtime/ort/node.ts'
import { type Argument, gradientOf, real, runIn, trace, truth, whole } from '../../testing/check.ts'
import { expectDigest } from '../../testing/digest.ts'
import { count, fill, type GoldenInput, labels, readGolden } from '../../testing/golden/formula.ts'
import type { NdArray } from '../ndarray.ts'
import { axisSize, sizeOf } from '../shape.ts'
import type { Tensor } from '../tensor.ts'
import * as ops from './index.ts'

type GoldenCase = ReturnType<typeof readGolden<'ops'>>[number]
type Attributes = GoldenCase['attributes']
type Translation = (inputs: readonly Tensor[], attributes: Attributes) => Tensor

const numbers = (value: Attributes[string] | undefined): number[] => {
  if (Array.isArray(value)) return value
  if (typeof value === 'number') return [value]
  throw new Error(`${value} is not a list of numbers`)
}
const number = (value: Attributes[string] | undefined): number => numbers(value)[0] ?? Number.NaN
const pair = (value: Attributes[string] | undefined): [number, number] => {
  const [height = Number.NaN, width = Number.NaN] = numbers(value)
  return [height, width]
}
const reduction = ({ axes, keepDims }: Attributes) => ({ axes: numbers(axes), keepDims: keepDims === true })
const window = ({ stride, padding }: Attributes) => ({ stride: pair(stride), padding: pair(padding) })

const unary =
  (op: (x: Tensor) => Tensor): Translation =>
  ([x]) =>
    op(given(x))
const binary =
  (op: (a: Tensor, b: Tensor) => Tensor): Translation =>
  ([a, b]) =>
    op(given(a), given(b))

function given(x: Tensor | undefined): Tensor {
  if (x === undefined) throw new Error('the golden case has fewer inputs than its op takes')
  return x
}

/** PyTorch's functions in ours; inputs come in PyTorch's order. */
const translations: Readonly<Record<string, Translation>> = {
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

function argument(input: GoldenInput): Argument {
  const size = count(input.shape)
  if (input.kind === 'labels') return whole(input.shape, labels(size, input.classes))
  if (input.kind === 'real') return real(input.shape, fill(size, input.phase, input.scale, input.offset))
  return truth(
    input.shape,
    Array.from(fill(size, input.phase, 1), (value) => (value > 0 ? 1 : 0)),
  )
}

/** The output, a gradient for each float input, and the values of batch norm's new running statistics. */
function functionOf({ op, attributes, extra }: GoldenCase): (...inputs: Tensor[]) => readonly Tensor[] {
  const translate = translations[op]
  if (translate === undefined) throw new Error(`the golden op ${op} has no translation`)
  const fn = (...inputs: Tensor[]) => translate(inputs, attributes)
  return (...inputs) => [
    fn(...inputs),
    ...[gradientOf(fn)(...inputs)].flat(),
    ...(extra === undefined ? [] : runningStatistics(inputs, number(attributes.momentum))),
  ]
}

/** PyTorch's rule: the variance that is kept is divided by n - 1. */
function runningStatistics([input, , , mean, variance]: readonly Tensor[], momentum: number): Tensor[] {
  const x = given(input)
  const n = sizeOf(x.shape) / axisSize(x.shape, 1)
  const moved = (before: Tensor | undefined, now: Tensor) =>
    ops.add(ops.mul(given(before), 1 - momentum), ops.mul(now, momentum))
  return [moved(mean, ops.channelMean(x)), moved(variance, ops.mul(ops.channelVariance(x), n / (n - 1)))]
}

function expectGolden(golden: GoldenCase, { inputs }: Graph, results: readonly NdArray[], tolerance: number): void {
  const [output, ...others] = results
  if (output === undefined) throw new Error('nothing was computed')
  expectDigest(output, golden.output, tolerance, 'output')
  const places = inputs.flatMap(({ dtype }, i) => (dtype === 'float32' ? [i] : []))
  for (const [k, i] of places.entries()) {
    const [digest, found] = [golden.gradients[i], others[k]]
    if (!digest) continue
    if (found === undefined) throw new Error(`${golden.inputs[i]?.name} got no gradient`)
    expectDigest(found, digest, tolerance, `gradient of ${golden.inputs[i]?.name}`)
  }
  for (const [k, [name, digest]] of Object.entries(golden.extra ?? {}).entries()) {
    const found = others[places.length + k]
    if (found === undefined) throw new Error(`${name} was not computed`)
    expectDigest(found, digest, tolerance, name)
  }
}

describe.each(readGolden('ops').map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
  const inputs = golden.inputs.map(argument)
  const graph = trace(functionOf(golden), inputs)

  it('in float64', () => {
    const doubles = inputs.map(({ type, data }) => ({ shape: type.shape, data: Float64Array.from(data) }))
    expectGolden(golden, graph, interpret(graph, doubles), 1e-6)
  })

  it('in the native runtime', async () => {
    expectGolden(golden, graph, await runIn(nodeRuntime, graph, inputs), 1e-5)
  })
})

it('every translation is used, and every real input that PyTorch gave a gradient has one here', () => {
  const cases = readGolden('ops')
  expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual(Object.keys(translations).sort())
  for (const { inputs, gradients } of cases)
    for (const [i, gradient] of gradients.entries()) if (gradient) expect(inputs[i]?.kind).toBe('real')
})
