import { describe, expect, it } from 'vitest'
import { key } from '../random/index.ts'
import {
  batchNorm2d,
  conv2d,
  decodeStateDict,
  encodeStateDict,
  flatten,
  initialize,
  linear,
  loadStateDict,
  parameterCount,
  sequential,
  stateDict,
} from './index.ts'

const model = sequential({ conv: conv2d(2, 3), bn: batchNorm2d(), flat: flatten(), head: linear(3) })
const variables = initialize(model, key(0), [1, 4, 4])
const dict = stateDict(initialize(model, key(1), [1, 4, 4]))

describe('a state dict', () => {
  it('lists parameters, then buffers, by PyTorch’s names', () => {
    expect(Object.entries(dict).map(([name, { shape }]) => `${name} ${shape.join('×')}`)).toEqual([
      'conv.weight 2×1×3×3',
      'conv.bias 2',
      'bn.weight 2',
      'bn.bias 2',
      'head.weight 3×8',
      'head.bias 3',
      'bn.running_mean 2',
      'bn.running_var 2',
    ])
    expect(parameterCount(variables)).toBe(18 + 2 + 4 + 24 + 3)
  })

  it('loads into the same model, as copies', () => {
    const loaded = loadStateDict(variables, dict)
    expect(stateDict(loaded)).toEqual(dict)
    expect(stateDict(variables)).not.toEqual(dict)
    stateDict(loaded)['head.bias']?.data.fill(9)
    expect(dict['head.bias']?.data).not.toContain(9)
  })

  it('passes over PyTorch’s batch counters', () => {
    const counter = { shape: [], data: Float32Array.of(7) }
    expect(stateDict(loadStateDict(variables, { ...dict, 'bn.num_batches_tracked': counter }))).toEqual(dict)
  })

  it('survives a safetensors file', () => {
    expect(stateDict(loadStateDict(variables, decodeStateDict(encodeStateDict(dict))))).toEqual(dict)
  })

  const without = (...gone: readonly string[]) =>
    Object.fromEntries(Object.entries(dict).filter(([name]) => !gone.includes(name)))
  const odd = { shape: [3], data: new Float32Array(3) }
  it.each([
    [
      'missing',
      without('head.weight', 'bn.running_var'),
      /it needs head\.weight, bn\.running_var; load them into the model/,
    ],
    ['unknown', { ...dict, 'fc.bias': odd }, /^the weights do not belong to this model: it has no fc\.bias; load/],
    ['renamed', { ...without('head.bias'), 'fc.bias': odd }, /it needs head\.bias and it has no fc\.bias;/],
    [
      'of another shape',
      { ...dict, 'bn.bias': odd },
      /^the weights "bn\.bias" have shape \[3\] but the model needs \[2\]$/,
    ],
    [
      'fewer numbers than their shape',
      { ...dict, 'bn.bias': { shape: [2], data: new Float32Array(1) } },
      /^the weights "bn\.bias" are 1 numbers, but the shape \[2\] holds 2$/,
    ],
  ])('is refused with weights that are %s', (_, given, message) => {
    expect(() => loadStateDict(variables, given)).toThrow(message)
  })
})
