import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import { convNet1d, leNet5, resNet18 } from '../models/index.ts'
import { flatten, type Layer, linear, relu, sequential } from '../nn/index.ts'
import { channelStatistics, featureLayers, layersOf } from './index.ts'

const chosen = (model: Layer, sample: readonly number[], wanted?: 'all' | readonly string[]) =>
  featureLayers(layersOf(model, sample), wanted).map(({ path }) => path)

describe('featureLayers', () => {
  it('takes the first two convolutions with the nonlinearities after them', () => {
    expect(chosen(leNet5(), [1, 28, 28])).toEqual(['conv1', 'act1', 'conv2', 'act2'])
    expect(chosen(convNet1d({ classes: 3 }), [1, 256])).toEqual(['0', '2', '4', '6'])
    expect(chosen(resNet18({ width: 4, stem: 'cifar' }), [1, 28, 28])).toEqual([
      'conv1',
      'relu',
      'layer1.0.conv1',
      'layer1.0.relu',
    ])
  })

  it('takes paths, blocks among them, and numbers that count the layers', () => {
    expect(chosen(leNet5(), [1, 28, 28], ['pool1', '3'])).toEqual(['pool1', 'conv2'])
    expect(chosen(resNet18({ width: 4 }), [3, 64, 64], ['layer2.0', 'layer3'])).toEqual(['layer2.0', 'layer3'])
    expect(chosen(leNet5(), [1, 28, 28], 'all')).toEqual(['conv1', 'act1', 'pool1', 'conv2', 'act2', 'pool2'])
  })

  it('says which layers there are where one has no maps', () => {
    const dense = () => chosen(sequential(flatten(), linear(8), relu(), linear(2)), [1, 4, 4])
    expect(dense).toThrow(UsageError)
    expect(dense).toThrow('its layers are 0 (Flatten 16), 1 (Linear 8), 2 (ReLU 8), 3 (Linear 2). For the numbers')
    expect(() => chosen(leNet5(), [1, 28, 28], ['fc1'])).toThrow(
      'layer fc1, Linear(outFeatures 120, bias), puts out [120]',
    )
    expect(() => chosen(leNet5(), [1, 28, 28], ['conv9'])).toThrow('no layer "conv9"; did you mean "conv')
  })
})

it('channelStatistics sums up each channel of each input', () => {
  const data = Float32Array.of(1, -3, 0, 0, 2, 2, 0, 4)
  expect(channelStatistics({ output: [2, 1, 2], data })).toEqual([
    { input: 0, channel: 0, mean: -1, magnitude: 2, min: -3, max: 1, zeros: 0 },
    { input: 0, channel: 1, mean: 0, magnitude: 0, min: 0, max: 0, zeros: 1 },
    { input: 1, channel: 0, mean: 2, magnitude: 2, min: 2, max: 2, zeros: 0 },
    { input: 1, channel: 1, mean: 2, magnitude: 2, min: 0, max: 4, zeros: 0.5 },
  ])
})
