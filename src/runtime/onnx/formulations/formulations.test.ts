import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  add,
  batchNormTraining,
  type ConvOptions,
  channelMean,
  channelVariance,
  conv2d,
  maxPool2d,
  mul,
  type PoolOptions,
  relu,
  round,
  type Shape,
  sub,
} from '../../../tensor/index.ts'
import { type Argument, expectAgreement, gradientOf, real, type TensorFunction, trace } from '../../../testing/check.ts'
import { count, fill } from '../../../testing/golden/formula.ts'
import { compileWith, spec } from '../../compile.ts'
import { blockSize } from '../../ort/block.ts'
import { nodeRuntime } from '../../ort/node.ts'
import type { Runtime } from '../../runtime.ts'
import { decodeModel } from '../proto.ts'
import { write } from '../write.ts'
import type { Pins } from './index.ts'

const argumentsOf = (...shapes: Shape[]): Argument[] =>
  shapes.map((shape, i) => real(shape, fill(count(shape), 0.3 + 2 * i, 1)))

const pinnedTo = (pins: Pins): Runtime => ({
  ...nodeRuntime,
  prepare: (graph, options) => nodeRuntime.prepare(graph, { ...options, pins }),
})

/** Formulations that the runtime chose for a function, with their ops. */
async function chosen(fn: TensorFunction, given: readonly Argument[], pins: Pins = {}): Promise<string[]> {
  const executable = await pinnedTo(pins).prepare(trace(fn, given), {})
  await executable.dispose()
  return [...(executable.formulations ?? [])].map(([{ operation }, name]) => `${operation.name}: ${name}`)
}

const cases: Readonly<Record<string, readonly [x: Shape, weight: Shape, options?: ConvOptions]>> = {
  '3×3 padded': [[2, 16, 6, 5], [32, 16, 3, 3], { padding: 1 }],
  'no padding': [
    [2, 16, 6, 5],
    [16, 16, 3, 3],
  ],
  'uneven padding and a wide kernel': [[3, 16, 5, 6], [16, 16, 2, 5], { padding: [1, 2, 0, 3] }],
  dilated: [[2, 16, 8, 7], [16, 16, 3, 2], { padding: 2, dilation: 2 }],
  '1×1': [
    [2, 32, 3, 4],
    [16, 32, 1, 1],
  ],
  'strides 2': [[2, 16, 7, 6], [32, 16, 3, 3], { padding: 1, stride: 2 }],
  'strides 2, 1×1': [[2, 16, 6, 6], [32, 16, 1, 1], { stride: 2 }],
  'strides 2 over odd sizes': [[2, 16, 7, 5], [16, 16, 3, 3], { padding: 1, stride: 2 }],
  'uneven strides': [[2, 16, 9, 8], [16, 16, 5, 4], { padding: [2, 1, 3, 2], stride: [3, 2] }],
  'strides wider than the kernel': [[2, 16, 7, 7], [16, 16, 1, 2], { stride: 3 }],
  'six channels in': [[2, 6, 7, 6], [16, 6, 5, 5], { padding: 2 }],
  'six channels in, strides 2': [[2, 6, 7, 6], [32, 6, 3, 3], { padding: 1, stride: 2 }],
  '20 channels in': [[2, 20, 5, 4], [16, 20, 3, 3], { padding: 1 }],
  'one channel in': [[2, 1, 6, 5], [16, 1, 3, 3], { padding: 1 }],
  'more padding than the kernel reaches': [[1, 16, 3, 3], [16, 16, 2, 2], { padding: [2, 2] }],
}

const pins = [
  {},
  { conv2d: 'plain', conv2dInputGrad: 'plain', conv2dWeightGrad: 'plain' },
  { conv2dWeightGrad: 'taps split, by sample' },
  { conv2dWeightGrad: 'taps split, one product' },
  { conv2dWeightGrad: 'taps gathered, one product' },
] as const

describe.each(Object.entries(cases))('a convolution with its gradients: %s', (_, [x, weight, options = {}]) => {
  it.each(pins.map((one) => [JSON.stringify(one), one] as const))('pinned to %s', async (_name, pinned) => {
    const given = argumentsOf(x, weight, [weight[0] ?? 0])
    const fn: TensorFunction = (map, kernel, bias) =>
      map && kernel ? conv2d(map, kernel, { ...options, ...(bias && { bias }) }) : []
    const both: TensorFunction = (...inputs) => [fn(...inputs), gradientOf(fn)(...inputs)].flat()
    await expectAgreement(both, given, { tolerance: 2e-5, runtime: pinnedTo(pinned) })
  })
})

describe('batch normalisation between convolutions', () => {
  const given = argumentsOf([3, 16, 5, 4], [32, 16, 3, 3], [32], [32], [16, 32, 3, 3])
  const network: TensorFunction = (map, first, scale, bias, second) => {
    if (!map || !first || !scale || !bias || !second) return []
    const maps = conv2d(map, first, { padding: 1 })
    const normal = relu(batchNormTraining(maps, scale, bias))
    return [conv2d(normal, second, { padding: 1 }), channelMean(maps), channelVariance(maps)]
  }
  const both: TensorFunction = (...inputs) => [network(...inputs), gradientOf(network)(...inputs)].flat()

  it.each([[{}], [{ batchNormTraining: 'plain', channelAffine: 'plain' }]] as const)('pinned to %j', async (pinned) => {
    await expectAgreement(both, given, { tolerance: 2e-5, runtime: pinnedTo(pinned) })
  })

  it('keeps the digits of maps that lie far from zero', async () => {
    const [map, first, ...rest] = argumentsOf([3, 16, 5, 4], [16, 16, 1, 1], [16], [16])
    if (!map || !first) throw new Error('a map and a weight')
    const far: TensorFunction = (x, w, scale, bias) =>
      x && w && scale && bias ? batchNormTraining(add(conv2d(x, w), 1000), scale, bias) : []
    await expectAgreement(far, [map, first, ...rest], { tolerance: 1e-3 })
  })
})

describe('max pools between convolutions', () => {
  const given = argumentsOf([2, 1, 8, 12], [16, 1, 3, 3], [16, 16, 3, 3])
  const network =
    (kernel: number, options: PoolOptions): TensorFunction =>
    (map, first, second) => {
      if (!map || !first || !second) return []
      // Rounded, so that windows hold equal numbers: the first of them gets the gradient.
      const maps = conv2d(map, first, { padding: 1 })
      const tied = add(maps, sub(round(maps), maps))
      return conv2d(relu(maxPool2d(add(mul(maps, 1e-3), tied), kernel, options)), second)
    }
  it.each([
    ['2×2', 2, {}],
    ['3×3 with strides 2', 3, { stride: 2 }],
    ['2×2 with padding', 2, { padding: 1 }],
  ] as const)('%s', async (_, kernel, options) => {
    const fn = network(kernel, options)
    for (const pinned of [{}, { maxPool2d: 'plain', maxPool2dGrad: 'plain' }, { maxPool2d: 'blocked' }]) {
      await expectAgreement(fn, given, { runtime: pinnedTo(pinned), tolerance: 2e-5 })
      await expectAgreement(gradientOf(fn), given, { runtime: pinnedTo(pinned), tolerance: 2e-5 })
    }
  })

  it('give the cotangent to the first of equals', async () => {
    const pool: TensorFunction = (x, w) => (x && w ? maxPool2d(relu(conv2d(x, w)), 2) : [])
    const x = real([1, 1, 4, 4], [-1, -1, 2, 1, -1, -1, 2, 2, 1, 1, 3, 3, 1, 1, 3, 3])
    const w = real([16, 1, 1, 1], Array(16).fill(1))
    await expectAgreement(gradientOf(pool), [x, w])
    expect(await chosen(gradientOf(pool), [x, w])).toContain('maxPool2dGrad: blocked')
  })
})

describe('the choice', async () => {
  const block = await blockSize(ort)
  const blocked = it.skipIf(block === 0)
  const conv: TensorFunction = (map, kernel) => (map && kernel ? relu(conv2d(map, kernel, { padding: 1 })) : [])
  const given = argumentsOf([2, 16, 16, 16], [32, 16, 3, 3])

  it('follows the blocks of the machine, which are 8 or 16 channels or none', () => {
    expect([0, 8, 16]).toContain(block)
  })

  blocked('is blocked for whole blocks of channels, and can be pinned', async () => {
    expect(await chosen(conv, given)).toEqual(['conv2d: blocked', 'relu: fused'])
    expect(await chosen(conv, argumentsOf([2, 20, 4, 4], [32, 20, 3, 3]))).toEqual([])
    expect(await chosen(conv, given, { conv2d: 'plain' })).toEqual([])
  })

  blocked('splits the taps of large maps by sample, and of small ones in one product', async () => {
    const gradient = gradientOf(conv)
    expect(await chosen(gradient, given)).toContain('conv2dWeightGrad: taps split, by sample')
    const small = argumentsOf([2, 16, 4, 4], [32, 16, 3, 3])
    expect(await chosen(gradient, small)).toContain('conv2dWeightGrad: taps split, one product')
    expect(await chosen(gradient, small, { conv2dWeightGrad: 'plain' })).not.toContain(
      'conv2dWeightGrad: taps split, one product',
    )
  })

  it('names the formulations there are when a pin names another', async () => {
    const program = compileWith({ pins: { conv2d: 'fft' } }, relu, spec([2]))
    await expect(program).rejects.toThrow('conv2d has no formulation "fft" to be pinned to: there is plain, blocked')
  })

  it('names the ops there are when a pin is of none', async () => {
    const program = compileWith({ pins: { conv: 'plain' } }, relu, spec([2]))
    await expect(program).rejects.toThrow(/^there is no op "conv" to be pinned: .* conv2d, conv2dInputGrad/)
  })

  blocked('shows in the plan', async () => {
    const program = await compileWith({}, (x, w) => conv(x, w), spec([2, 16, 8, 8]), spec([16, 16, 3, 3]))
    expect(program.describe().rows.find(({ op }) => op === 'conv2d')?.formulation).toBe('blocked')
  })
})

describe('blocked maps', () => {
  const opTypes = (fn: TensorFunction, given: readonly Argument[]) =>
    decodeModel(write(trace(fn, given), { target: 'native', block: 16 }).bytes).graph.node.map(({ opType }) => opType)

  it('stay in blocks between convolutions, through activations and sums', () => {
    const given = argumentsOf([2, 16, 4, 4], [16, 16, 3, 3])
    const network: TensorFunction = (map, kernel) => {
      if (!map || !kernel) return []
      const first = relu(conv2d(map, kernel, { padding: 1 }))
      return add(mul(conv2d(first, kernel, { padding: 1 }), 0.5), first)
    }
    const types = opTypes(network, given)
    // One for the map, and two for the one weight that both share.
    expect(types.filter((type) => type === 'ReorderInput')).toHaveLength(3)
    expect(types.filter((type) => type === 'ReorderOutput')).toHaveLength(1)
    expect(types).not.toContain('Relu')
  })

  it('keep a convolution apart from its activation where both are wanted', async () => {
    const given = argumentsOf([2, 16, 4, 4], [16, 16, 3, 3])
    const fn: TensorFunction = (map, kernel) => {
      if (!map || !kernel) return []
      const maps = conv2d(map, kernel)
      return [relu(maps), maps, maxPool2d(maps, 2)]
    }
    expect(opTypes(fn, given)).toContain('Relu')
    await expectAgreement(fn, given)
  })
})
