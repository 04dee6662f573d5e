import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import { applied } from '../../testing/apply.ts'
import {
  batchNorm2d,
  conv2d,
  initialize,
  type Layer,
  leakyRelu,
  linear,
  loadStateDict,
  relu,
  residual,
  sequential,
  stateDict,
  summary,
} from '../index.ts'

const names = (model: Layer, sample: readonly number[]) => Object.keys(stateDict(initialize(model, key(0), sample)))
const conv = (channels: number, stride = 1) => conv2d(channels, 3, { stride, padding: 1, bias: false })

describe('residual', () => {
  it('has the names of torchvision’s BasicBlock', () => {
    const body = sequential({ conv1: conv(4, 2), bn1: batchNorm2d(), relu: relu(), conv2: conv(4), bn2: batchNorm2d() })
    const shortcut = sequential(conv2d(4, 1, { stride: 2, bias: false }), batchNorm2d())
    expect(names(sequential({ layer1: sequential(residual(body, { shortcut })) }), [2, 8, 8])).toEqual([
      'layer1.0.conv1.weight',
      'layer1.0.bn1.weight',
      'layer1.0.bn1.bias',
      'layer1.0.conv2.weight',
      'layer1.0.bn2.weight',
      'layer1.0.bn2.bias',
      'layer1.0.downsample.0.weight',
      'layer1.0.downsample.1.weight',
      'layer1.0.downsample.1.bias',
      ...['layer1.0.bn1', 'layer1.0.bn2', 'layer1.0.downsample.1'].flatMap((path) => [
        `${path}.running_mean`,
        `${path}.running_var`,
      ]),
    ])
  })

  it('adds what comes in, or what the shortcut makes of it; one layer may be the body', () => {
    const doubled = { shape: [2, 2], data: Float32Array.of(2, 0, 0, 2) }
    const tenfold = { shape: [2, 2], data: Float32Array.of(10, 0, 0, 10) }
    const bare = linear(2, { bias: false })
    const y = (model: Layer, dict: Parameters<typeof loadStateDict>[1]) => [
      ...applied(model, loadStateDict(initialize(model, key(0), [2]), dict), { shape: [1, 2], data: [1, 2] }).output
        .data,
    ]
    expect(y(residual(sequential(bare)), { '0.weight': doubled })).toEqual([3, 6])
    expect(y(residual(bare), { 'body.weight': doubled })).toEqual([3, 6])
    const both = { 'body.weight': doubled, 'downsample.weight': tenfold }
    expect(y(residual(bare, { shortcut: bare }), both)).toEqual([12, 24])
  })

  it('shows every layer in the summary', () => {
    const model = sequential(
      residual(linear(4)),
      residual(sequential(linear(8), relu(), linear(4)), { shortcut: linear(4) }),
    )
    const { rows, parameters, macs } = summary(model, [4])
    expect(rows.map(({ path }) => path)).toEqual(['0.body', '1.0', '1.1', '1.2', '1.downsample'])
    expect(rows.reduce((sum, row) => sum + row.parameters, 0)).toBe(parameters)
    expect(rows.reduce((sum, row) => sum + row.macs, 0)).toBe(macs)
  })

  it('says which shapes do not add up, and where', () => {
    const model = sequential(relu(), sequential({ block: residual(sequential(conv(8, 2))) }))
    expect(() => initialize(model, key(0), [4, 6, 6])).toThrow(
      /^layer "1\.block", Residual, cannot take \[1, 4, 6, 6\]: .*body gives \[1, 8, 3, 3\] and the shortcut \[1, 4, 6, 6\].*1×1 convolution/,
    )
  })

  it.each([
    ['in the body', residual(sequential(relu(), linear(3))), '0.0.1'],
    ['in a body of one layer', residual(conv2d(4, 9)), '0.0.body'],
    ['in the shortcut', residual(sequential(relu()), { shortcut: conv2d(4, 9) }), '0.0.downsample'],
  ])('names the layer that does not fit %s', (_, block, path) => {
    const make = () => initialize(sequential(sequential(block)), key(0), [4, 6, 6])
    if (path === '0.0.1') expect(make).toThrow(/layer "0\.0", Residual.*\[1, 4, 6, 3\] and the shortcut \[1, 4, 6, 6\]/)
    else expect(make).toThrow(`layer "${path}", Conv2d(outChannels 4, kernel 9, bias), cannot take [1, 4, 6, 6]`)
  })

  it('keeps the name of the shortcut for the shortcut, and takes layers only', () => {
    expect(() => residual(sequential({ downsample: relu() }))).toThrow(/named "downsample".*call it otherwise/)
    expect(() => Reflect.apply(residual, undefined, [relu])).toThrow(/the body is no layer; call it, as in relu\(\)/)
  })

  it('puts the sum through what comes after, which has no weights and is set like any layer', () => {
    const block = residual(sequential(relu()), { after: leakyRelu({ negativeSlope: 0.5 }) })
    const nothing = { parameters: {}, buffers: {} }
    const x = { shape: [1, 2], data: [-4, 3] }
    expect([...applied(block, nothing, x).output.data]).toEqual([-2, 6])
    const changed = block.with?.({ after: leakyRelu({ negativeSlope: 0.25 }) })
    expect([...applied(changed ?? block, nothing, x).output.data]).toEqual([-1, 6])
    expect(summary(sequential(block), [2]).rows.map(({ path }) => path)).toEqual(['0.0', '0.after'])
    expect(() => initialize(residual(sequential(linear(2)), { after: linear(2) }), key(0), [2])).toThrow(
      'residual: what comes after the sum has weights; put it after the block, in a sequential(…)',
    )
    expect(() => residual(sequential({ after: relu() }))).toThrow(/named "after", the name of what comes after the sum/)
  })

  it('changes a layer inside', () => {
    const block = residual(linear(4), { shortcut: linear(4, { bias: false }) })
    const changed = block.with?.({ downsample: linear(4) })
    expect(changed?.children?.downsample?.config).toEqual({ outFeatures: 4, bias: true })
    expect(changed?.children?.body).toBe(block.children?.body)
    expect(() => block.with?.({ shortcut: linear(4) })).toThrow(
      /Residual has no layer "shortcut"; it has body, downsample/,
    )
  })
})
