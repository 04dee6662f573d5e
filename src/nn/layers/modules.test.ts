import { describe, expect, it } from 'vitest'
import { vjp } from '../../autodiff/index.ts'
import { graphOf, interpret } from '../../runtime/index.ts'
import { nodeRuntime } from '../../runtime/ort/node.ts'
import { constant, leavesOf, placeholder, Tensor } from '../../tensor/index.ts'
import { expectSound, real, runIn, weightsOf } from '../../testing/check.ts'
import { expectDigest } from '../../testing/digest.ts'
import { count, fill } from '../../testing/golden/formula.ts'
import { formulaWeights, goldenModules } from '../../testing/golden/modules.ts'
import * as nn from '../index.ts'

/** The layers of modules.py. */
const layers: Readonly<Record<string, nn.Layer>> = {
  conv1d: nn.conv1d(6, 3, { stride: 2, padding: 1, dilation: 2, groups: 2 }),
  'conv1d-same': nn.conv1d(2, 4, { padding: 'same', bias: false }),
  convTranspose2d: nn.convTranspose2d(6, 3, { stride: 2, padding: 1, outputPadding: 1, groups: 2 }),
  maxPool1d: nn.maxPool1d(3, { stride: 2, padding: 1 }),
  avgPool1d: nn.avgPool1d(3, { stride: 2, padding: 1 }),
  'avgPool1d-inside': nn.avgPool1d(3, { stride: 2, padding: 1, countIncludePad: false }),
  globalAvgPool1d: nn.globalAvgPool1d(),
  globalMaxPool2d: nn.globalMaxPool2d(),
  adaptiveAvgPool2d: nn.adaptiveAvgPool2d([3, 2]),
  'adaptiveAvgPool2d-divides': nn.adaptiveAvgPool2d(2),
  'adaptiveAvgPool2d-grows': nn.adaptiveAvgPool2d(3),
  batchNorm1d: nn.batchNorm1d(),
  'batchNorm1d-sequence': nn.batchNorm1d({ epsilon: 1e-3, momentum: 0.3 }),
  layerNorm: nn.layerNorm(),
  'layerNorm-2': nn.layerNorm({ axes: 2, epsilon: 1e-3 }),
  groupNorm: nn.groupNorm(2),
  'groupNorm-plain': nn.groupNorm(1, { affine: false }),
  zeroPad2d: nn.zeroPad2d([1, 2]),
  upsample: nn.upsample(2),
  'upsample-bilinear': nn.upsample([2, 3], { mode: 'bilinear' }),
  unflatten: nn.unflatten(2, 3, 4),
  elu: nn.elu({ alpha: 0.7 }),
  selu: nn.selu(),
  silu: nn.silu(),
  mish: nn.mish(),
  softplus: nn.softplus(),
  relu6: nn.relu6(),
  prelu: nn.prelu(),
  softmax: nn.softmax(),
  'softmax-channels': nn.softmax({ axis: 1 }),
  logSoftmax: nn.logSoftmax(),
}

const isTensor = (value: unknown): value is Tensor => value instanceof Tensor
const cases = goldenModules()

describe('layers compute what PyTorch’s modules compute, gradients and names included', () => {
  it.each(cases.map((golden) => [golden.name, golden] as const))('%s', async (name, golden) => {
    const model = layers[name]
    if (model === undefined) throw new Error(`no layer for ${name}`)
    const [, ...sample] = golden.input
    const fresh = nn.initialize(model, { low: 0, high: 0 }, sample)
    const buffers = nn.stateDict({ parameters: {}, buffers: fresh.buffers })
    const variables = nn.loadStateDict(fresh, { ...formulaWeights(golden.parameters), ...buffers })
    const [parameters, statistics] = [nn.symbolic(variables.parameters), nn.symbolic(variables.buffers)]
    const x = placeholder('x', { dtype: 'float32', shape: golden.input })

    const { output, bufferUpdates } = nn.applyModel(model, parameters, x, { buffers: statistics, training: true })
    const named = leavesOf(parameters, isTensor)
    const inputs = [x, ...named.map(({ leaf }) => leaf)]
    const slopes = vjp([output], [constant(weightsOf(output), output.shape, 'float32')], inputs)
    const held = leavesOf(statistics, isTensor).map(({ leaf }) => leaf)
    const graph = graphOf([...inputs, ...held], [output, ...slopes, ...bufferUpdates.values()])
    const dict = nn.stateDict(variables)
    const numbers = [fill(count(golden.input), 0.4, 1.5, 0.2), ...Object.values(dict).map(({ data }) => data)]

    const given = graph.inputs.map(({ shape }, i) => real(shape, numbers[i] ?? []))
    const doubles = given.map(({ type, data }) => ({ shape: type.shape, data: Float64Array.from(data) }))
    const wanted: readonly (readonly [string, (typeof golden)['output'] | undefined])[] = [
      ['output', golden.output],
      ...['x', ...named.map(({ path }) => path)].map((path) => [path, golden.gradients[path]] as const),
      ...[...bufferUpdates.keys()].map((path) => [path, golden.runningStatistics?.[path]] as const),
    ]
    const engines = [
      { found: interpret(graph, doubles), tolerance: 1e-7 },
      { found: await runIn(nodeRuntime, graph, given), tolerance: 1e-5 },
    ]
    for (const { found, tolerance } of engines)
      for (const [i, [what, digest]] of wanted.entries()) {
        const own = found[i]
        if (own === undefined || digest === undefined) throw new Error(`nothing to compare ${what} with`)
        expectDigest(own, digest, tolerance, what)
      }
  })

  it('and there is a case for each of them', () => {
    expect(cases.map(({ name }) => name)).toEqual(Object.keys(layers))
  })
})

describe('gradients of gradients', () => {
  const weight = (...shape: number[]) => real(shape, fill(count(shape), 1.7, 0.5))
  const through =
    (layer: nn.Layer, names: readonly string[]) =>
    (x: Tensor, ...weights: Tensor[]) =>
      nn.applyModel(layer, Object.fromEntries(weights.map((one, i) => [names[i], one])), x).output

  it.each([
    ['conv1d', nn.conv1d(2, 3, { padding: 'same' }), [2, 2, 5], [[2, 2, 3], [2]]],
    ['convTranspose2d', nn.convTranspose2d(2, 2, { stride: 2 }), [1, 2, 2, 3], [[2, 2, 2, 2], [2]]],
    ['groupNorm', nn.groupNorm(2), [2, 4, 3], [[4], [4]]],
    ['layerNorm', nn.layerNorm(), [3, 4], [[4], [4]]],
    ['adaptiveAvgPool2d', nn.adaptiveAvgPool2d([2, 3]), [1, 2, 3, 4], []],
    ['mish', nn.mish(), [2, 3], []],
  ] as const)('%s', async (_, layer, input, weights) => {
    const args = [real(input, fill(count(input), 0.4, 1.5)), ...weights.map((shape) => weight(...shape))]
    await expectSound(through(layer, ['weight', 'bias']), args)
  })
})

describe('embedding', () => {
  it('looks rows up by whole numbers that come as floats, and its gradient adds up what comes twice', async () => {
    const layer = nn.embedding(4, 2)
    const table = placeholder('weight', { dtype: 'float32', shape: [4, 2] })
    const x = placeholder('x', { dtype: 'float32', shape: [1, 3] })
    const { output } = nn.applyModel(layer, { weight: table }, x)
    const [slope] = vjp([output], [constant(Float32Array.of(1, 2, 3, 4, 5, 6), [1, 3, 2], 'float32')], [table])
    if (slope === undefined) throw new Error('no gradient')
    const graph = graphOf([table, x], [output, slope])
    const results = await runIn(nodeRuntime, graph, [real([4, 2], [0, 1, 2, 3, 4, 5, 6, 7]), real([1, 3], [3, 1, 3])])
    expect(results.map(({ data }) => [...data])).toEqual([
      [6, 7, 2, 3, 6, 7],
      [0, 0, 3, 4, 0, 0, 6, 8],
    ])
  })
})

describe('what does not fit is named', () => {
  const init = (layer: nn.Layer, ...sample: number[]) =>
    nn.initialize(nn.sequential(layer), { low: 0, high: 0 }, sample)
  it.each([
    [
      () => init(nn.conv1d(4, 3), 3),
      /layer "0", Conv1d.*conv1d needs \[batch, channels, length\] and \[1, 3\] came in/,
    ],
    [
      () => init(nn.conv1d(4, 3, { groups: 2 }), 3, 9),
      /conv1d in 2 groups needs channels that 2 divides, and has 3 in, 4/,
    ],
    [() => init(nn.convTranspose2d(4, 3), 3), /needs \[batch, channels, height, width\].*put unflatten\(\) before it/],
    [() => init(nn.unflatten(2, 3), 5), /unflatten cannot make \[2, 3\], 6 numbers, of 5/],
    [() => init(nn.batchNorm1d(), 3, 4, 4), /batchNorm1d needs \[batch, features\] or \[batch, channels, length\]/],
    [
      () => init(nn.layerNorm({ axes: 2 }), 3),
      /layerNorm over 2 axes needs as many after the batch and \[1, 3\] came in/,
    ],
    [() => init(nn.groupNorm(2), 3, 4), /3 channels do not go into 2 groups/],
    [() => init(nn.globalAvgPool1d(), 3), /globalAvgPool1d needs \[batch, channels, length\]/],
    [() => init(nn.adaptiveAvgPool2d(2), 3), /adaptiveAvgPool2d needs/],
    [() => init(nn.zeroPad2d(1), 3), /zeroPad2d needs \[batch, channels, height, width\] and \[1, 3\] came in/],
    [() => init(nn.dropout2d(), 3), /dropout2d needs \[batch, channels, height, width\] and \[1, 3\] came in/],
    [() => nn.conv1d(4, 3, { padding: 'same', stride: 2 }), /padding 'same' needs stride 1/],
    [() => nn.upsample(0.5), /^upsample: scale is 0.5/],
    [() => nn.unflatten(), /^unflatten: shape is \[\]/],
    [() => nn.maxPool1d(0), /^maxPool1d: kernel is 0/],
  ])('%#', (make, message) => {
    expect(make).toThrow(message)
  })
})

it('every layer can be made again with one setting changed', () => {
  const changes: readonly (readonly [nn.Layer, object, object])[] = [
    [
      nn.conv1d(4, 3, { padding: 'same' }),
      { outChannels: 5 },
      { outChannels: 5, kernel: 3, padding: 'same', bias: true },
    ],
    [nn.convTranspose2d(4, 4, { stride: 2, padding: 1 }), { bias: false }, { stride: 2, padding: 1, bias: false }],
    [nn.maxPool1d(3, { stride: 2 }), { kernel: 5 }, { kernel: 5, stride: 2 }],
    [nn.avgPool1d(3), { countIncludePad: false }, { kernel: 3, countIncludePad: false }],
    [nn.layerNorm({ axes: 2 }), { affine: false }, { axes: 2, affine: false }],
    [nn.groupNorm(2, { epsilon: 1 }), { groups: 4 }, { groups: 4, epsilon: 1 }],
    [nn.batchNorm1d({ momentum: 0.2 }), { epsilon: 1 }, { momentum: 0.2, epsilon: 1 }],
    [nn.zeroPad2d(1), { padding: 3 }, { padding: 3 }],
    [nn.upsample(2), { mode: 'bilinear' }, { scale: 2, mode: 'bilinear' }],
    [nn.unflatten(2, 3), { shape: [3, 2] }, { shape: [3, 2] }],
    [nn.embedding(5, 2), { features: 3 }, { entries: 5, features: 3 }],
    [nn.adaptiveAvgPool2d(3), { size: [1, 2] }, { size: [1, 2] }],
    [nn.elu(), { alpha: 2 }, { alpha: 2 }],
    [nn.prelu(), { start: 0 }, { start: 0 }],
    [nn.softmax(), { axis: 2 }, { axis: 2 }],
    [nn.dropout1d(), { p: 0.1 }, { p: 0.1 }],
  ]
  for (const [layer, change, config] of changes) {
    const changed = layer.with?.({ ...change })
    expect(changed?.kind).toBe(layer.kind)
    expect(changed?.config).toMatchObject(config)
    expect(() => layer.with?.({ nonsense: 1 })).toThrow(/no option "nonsense"/)
  }
})
