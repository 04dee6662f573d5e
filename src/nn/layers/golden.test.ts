import { describe, expect, it } from 'vitest'
import { graphOf, interpret } from '../../runtime/index.ts'
import { placeholder } from '../../tensor/index.ts'
import { expectDigest } from '../../testing/digest.ts'
import { count, fill, type GoldenInput, labels, readGolden } from '../../testing/golden/formula.ts'
import * as nn from '../index.ts'

type Golden = ReturnType<typeof readGolden<'ops'>>[number]
type Attributes = Golden['attributes']

const pair = (value: Attributes[string] | undefined): readonly [number, number] => {
  const [height, width] = Array.isArray(value) ? value : []
  if (height === undefined || width === undefined) throw new Error(`${value} is no pair`)
  return [height, width]
}
const number = (value: Attributes[string] | undefined): number => {
  if (typeof value !== 'number') throw new Error(`${value} is no number`)
  return value
}
const strides = ({ stride, padding }: Attributes) => ({ stride: pair(stride), padding: pair(padding) })

/** PyTorch's modules as layers. Weights come from the golden inputs, in PyTorch's order. */
const layers: Readonly<Record<string, (golden: Golden) => nn.Layer>> = {
  relu: () => nn.relu(),
  sigmoid: () => nn.sigmoid(),
  tanh: () => nn.tanh(),
  leakyRelu: ({ attributes }) => nn.leakyRelu({ negativeSlope: number(attributes.negativeSlope) }),
  gelu: ({ attributes }) => nn.gelu({ approximate: attributes.approximate === 'tanh' ? 'tanh' : 'none' }),
  conv2d: ({ attributes, inputs }) => {
    const [out = 0, , height = 0, width = 0] = inputs[1]?.shape ?? []
    const { dilation, groups } = attributes
    const more = { dilation: pair(dilation), groups: number(groups), bias: inputs.length > 2 }
    return nn.conv2d(out, [height, width], { ...strides(attributes), ...more })
  },
  maxPool2d: ({ attributes }) => nn.maxPool2d(pair(attributes.kernel), strides(attributes)),
  avgPool2d: ({ attributes }) =>
    nn.avgPool2d(pair(attributes.kernel), {
      ...strides(attributes),
      countIncludePad: attributes.countIncludePad === true,
    }),
  adaptiveAvgPool2d: () => nn.globalAvgPool2d(),
  batchNorm2d: ({ attributes: { epsilon, momentum } }) =>
    nn.batchNorm2d({ epsilon: number(epsilon), momentum: number(momentum) }),
}

const losses: Readonly<Record<string, (golden: Golden) => nn.Loss>> = {
  crossEntropy: ({ attributes }) => nn.crossEntropy({ labelSmoothing: number(attributes.labelSmoothing) }),
  binaryCrossEntropyWithLogits: () => nn.bce(),
  mse: () => nn.mse(),
}

const numbersOf = (input: GoldenInput) => {
  const size = count(input.shape)
  if (input.kind === 'real') return Float64Array.from(fill(size, input.phase, input.scale, input.offset))
  return Float64Array.from(labels(size, input.kind === 'labels' ? input.classes : 2))
}
const dtypeOf = ({ kind }: GoldenInput) => (kind === 'labels' ? ('int32' as const) : ('float32' as const))

const NAMES: Readonly<Record<string, string>> = { runningMean: 'running_mean', runningVar: 'running_var' }

const cases = readGolden('ops')
const named = (table: object) => cases.filter(({ op }) => op in table).map((golden) => [golden.name, golden] as const)

describe('layers compute what PyTorch’s modules compute', () => {
  it.each(named(layers))('%s', (_, golden) => {
    const model = layers[golden.op]?.(golden)
    if (model === undefined) throw new Error(`no layer for ${golden.op}`)
    const inputs = golden.inputs.map((input) => placeholder(input.name, { dtype: 'float32', shape: input.shape }))
    const [x, ...weights] = inputs
    if (x === undefined) throw new Error('no input')
    const tree = Object.fromEntries(
      weights.map((tensor, i) => {
        const name = golden.inputs[i + 1]?.name ?? ''
        return [NAMES[name] ?? name, tensor]
      }),
    )
    const training = golden.attributes.training === true
    const { output, bufferUpdates } = nn.applyModel(model, tree, x, { buffers: tree, training })
    const data = golden.inputs.map((input) => ({ shape: input.shape, data: numbersOf(input) }))
    const [found, ...updates] = interpret(graphOf(inputs, [output, ...bufferUpdates.values()]), data)
    if (found === undefined) throw new Error('nothing was computed')
    expectDigest(found, golden.output, 1e-7, golden.name)
    const expected = Object.entries(golden.extra ?? {})
    expect([...bufferUpdates.keys()]).toEqual(expected.map(([name]) => NAMES[name]))
    for (const [i, [name, digest]] of expected.entries()) expectDigest(updates[i] ?? found, digest, 1e-7, name)
  })
})

describe('losses compute what PyTorch’s compute', () => {
  it.each(named(losses))('%s', (_, golden) => {
    const loss = losses[golden.op]?.(golden)
    const inputs = golden.inputs.map((input) => placeholder(input.name, { dtype: dtypeOf(input), shape: input.shape }))
    const [output, target] = inputs
    if (loss === undefined || output === undefined || target === undefined) throw new Error('an input is missing')
    const data = golden.inputs.map((input) => ({ shape: input.shape, data: numbersOf(input) }))
    const [found] = interpret(graphOf(inputs, [loss.apply(output, target)]), data)
    if (found === undefined) throw new Error('nothing was computed')
    expectDigest(found, golden.output, 1e-7, golden.name)
  })
})

it('there is a golden case for every layer and loss above', () => {
  const ops = new Set(cases.map(({ op }) => op))
  for (const op of Object.keys({ ...layers, ...losses })) expect(ops).toContain(op)
})
