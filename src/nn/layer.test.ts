import { describe, expect, it } from 'vitest'
import '../index.ts'
import { key } from '../random/index.ts'
import { add, mul, Tensor, tensor } from '../tensor/index.ts'
import { applied } from '../testing/apply.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import {
  conv2d,
  describeLayer,
  filled,
  initialize,
  type Layer,
  layer,
  linear,
  loadStateDict,
  sequential,
  stateDict,
  summary,
} from './index.ts'

/** One factor and one shift a feature or channel. */
const scale = (start = 1): Layer =>
  layer('Scale', {
    config: { start },
    init: (_key, [, features = 1]) => ({ gain: filled([features], start), shift: filled([features], 0) }),
    apply: ({ gain, shift }, x) => {
      if (gain === undefined || shift === undefined) throw new Error('Scale has no weights')
      return add(mul(x, gain), shift)
    },
    with: ({ start: changed = start }) => scale(Number(changed)),
  })

/** Counts the batches that it has seen, as a running statistic. */
const counter = (): Layer =>
  layer('Counter', {
    buffers: () => ({ seen: filled([1], 0) }),
    apply: (_, x, context) => {
      const { seen } = context.buffers
      if (context.training && seen instanceof Tensor) context.updateBuffer('seen', add(seen, tensor([1])))
      return x
    },
  })

describe('a layer of one’s own is like a built-in one', () => {
  const model = sequential({ stretch: scale(2), head: linear(3) })

  it('in the state dict', () => {
    const variables = initialize(model, key(0), [4])
    expect(Object.keys(stateDict(variables))).toEqual(['stretch.gain', 'stretch.shift', 'head.weight', 'head.bias'])
    const changed = { ...stateDict(variables), 'stretch.gain': { shape: [4], data: Float32Array.of(1, 2, 3, 4) } }
    expect(stateDict(loadStateDict(variables, changed))['stretch.gain']?.data).toEqual(Float32Array.of(1, 2, 3, 4))
  })

  it('in the summary', () => {
    const { rows, parameters } = summary(model, [4])
    expect(rows[0]).toEqual({
      path: 'stretch',
      layer: 'Scale(start 2)',
      outputShape: [4],
      parameters: 8,
      macs: 0,
      receptiveField: undefined,
    })
    expect(parameters).toBe(8 + 15)
  })

  it('in what it computes', () => {
    const own = scale(3)
    const { output } = applied(own, initialize(own, key(0), [2]), { shape: [2, 2], data: [1, 2, 3, 4] })
    expect([...output.data]).toEqual([3, 6, 9, 12])
  })

  it('in training: its weights move, and its settings can be set', async () => {
    const of = classify.with({ model })
    const { weights } = await trained(of, 0)
    for (const name of ['stretch.gain', 'stretch.shift'])
      expect(weights[name]?.data).not.toEqual(new Float32Array(2).fill(name === 'stretch.gain' ? 2 : 0))
    expect(of.set('model.stretch.start', 5).model.children?.stretch?.config).toEqual({ start: 5 })
  })

  it('in its running statistics, one batch at a time', async () => {
    const of = convolve.with({ model: sequential(counter(), ...Object.values(convolve.model.children ?? {})) })
    const { weights, position, evaluate, prepared, state } = await trained(of, 0)
    expect(position.step).toBe(6)
    expect(weights['0.seen']?.data).toEqual(Float32Array.of(6))
    await evaluate(prepared.train)
    expect(state.buffers.get('0.seen')).toEqual(Float32Array.of(6))
  })

  it('in its complaints', () => {
    const odd = layer('Odd', { apply: (_, x) => add(x, tensor([1, 2, 3])) })
    expect(() => initialize(sequential({ first: sequential(odd) }), key(0), [4])).toThrow(
      /^layer "first\.0", Odd, cannot take \[1, 4\]: add: shapes \[1, 4\] and \[3\] do not broadcast/,
    )
  })
})

it('layers read in tables as they are made', () => {
  expect(describeLayer(conv2d(8, [3, 5], { padding: 'same', stride: 1 }))).toBe(
    'Conv2d(outChannels 8, kernel 3×5, padding same, bias)',
  )
  expect(describeLayer(conv2d(8, 3, { padding: 1, stride: 2 }))).toBe(
    'Conv2d(outChannels 8, kernel 3, stride 2, padding 1, bias)',
  )
  expect(describeLayer(linear(3, { bias: false }))).toBe('Linear(outFeatures 3)')
  expect(describeLayer(layer('Own', { config: { a: { b: 1 } }, apply: (_, x) => x }))).toBe('Own(a {"b":1})')
  expect(describeLayer(layer('Bare', { apply: (_, x) => x }))).toBe('Bare')
})
