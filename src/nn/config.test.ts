import { describe, expect, it } from 'vitest'
import { UsageError } from '../errors.ts'
import * as nn from './index.ts'

/** What only types forbid. */
const loosely =
  (make: (...args: never[]) => unknown, ...args: readonly unknown[]) =>
  () =>
    Reflect.apply(make, undefined, args)

describe('a wrong setting is named with its value and what it must be', () => {
  it.each([
    ['no channels', loosely(nn.conv2d, 0, 3), /^conv2d: outChannels is 0: .*>=1$/],
    ['no kernel', loosely(nn.conv2d, 3), /^conv2d: kernel is undefined: give a whole number of at least 1, or two/],
    ['a kernel of zero', loosely(nn.conv2d, 3, [3, 0]), /^conv2d: kernel(\.1)? is .*0.*: .*1/],
    [
      'an unknown option',
      loosely(nn.conv2d, 3, 3, { strides: 2 }),
      /^conv2d: no option "strides"; the options are .*stride, padding, dilation, groups, bias, init, biasInit$/,
    ],
    ['half a feature', loosely(nn.linear, 10.5), /^linear: outFeatures is 10.5: .*int/],
    ['features as text', loosely(nn.linear, '10'), /^linear: outFeatures is "10": .*number/],
    [
      'two unknown options',
      loosely(nn.linear, 10, { biass: false, activation: nn.relu }),
      /^linear: no option "biass", "activation"; the options are outFeatures, bias, init, biasInit$/,
    ],
    [
      'a pool’s unknown option',
      loosely(nn.maxPool2d, 2, { strides: 2 }),
      /^maxPool2d: no option "strides"; the options are kernel, stride, padding$/,
    ],
    ['a slope as text', loosely(nn.leakyRelu, { negativeSlope: '0.1' }), /^leakyRelu: negativeSlope is "0.1"/],
    [
      'a slope under another name',
      loosely(nn.leakyRelu, { alpha: 0.1 }),
      /^leakyRelu: no option "alpha"; the options are negativeSlope$/,
    ],
    [
      'an unknown approximation',
      loosely(nn.gelu, { approximate: 'fast' }),
      /^gelu: approximate is "fast": .*"none"\|"tanh"/,
    ],
    ['an infinite epsilon', loosely(nn.batchNorm2d, { epsilon: Infinity }), /^batchNorm2d: epsilon is Infinity/],
    ['a smoothing of 1', loosely(nn.crossEntropy, { labelSmoothing: 1 }), /^crossEntropy: labelSmoothing is 1: .*<1$/],
    ['a function for a number', loosely(nn.linear, nn.relu), /^linear: outFeatures is a function: /],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(UsageError)
    expect(make).toThrow(message)
  })

  it('also when a layer is changed', () => {
    expect(() => nn.conv2d(3, 3).with?.({ outChannels: 0 })).toThrow(/^conv2d: outChannels is 0: .*>=1/)
    expect(() => nn.avgPool2d(3).with?.({ kernel: 0 })).toThrow(/^avgPool2d: kernel is 0: .*1/)
    expect(() => nn.linear(3).with?.({ features: 4 })).toThrow(/^linear: no option "features"/)
    expect(() => nn.leakyRelu().with?.({ slope: 4 })).toThrow(/^leakyRelu: no option "slope"/)
    expect(nn.gelu().with?.({ approximate: 'tanh' }).config).toEqual({ approximate: 'tanh' })
    expect(nn.conv2d(3, 5, { padding: 2 }).with?.({ kernel: 7 }).config).toEqual({
      ...nn.conv2d(3, 5, { padding: 2 }).config,
      kernel: 7,
    })
  })
})
