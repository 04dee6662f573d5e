import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { graphOf, interpret } from '../runtime/index.ts'
import { type NdArray, placeholder } from '../tensor/index.ts'
import {
  adadelta,
  adagrad,
  adam,
  adamW,
  lion,
  makeUpdater,
  makeUpdaters,
  nadam,
  type Optimizer,
  radam,
  rmsProp,
  sgd,
} from './index.ts'

// Where a gradient and its decay cancel, an adaptive step is a sign of rounding errors: a larger epsilon keeps it small.
const optimizers: readonly (readonly [string, Optimizer])[] = [
  ['sgd', sgd({ lr: 0.1 })],
  ['sgd with decay', sgd({ lr: 0.1, weightDecay: 0.1 })],
  ['sgd with momentum', sgd({ lr: 0.1, momentum: 0.9, weightDecay: 0.01 })],
  ['sgd, Nesterov', sgd({ lr: 0.1, momentum: 0.9, nesterov: true })],
  ['adam', adam({ lr: 0.01 })],
  ['adam with decay', adam({ lr: 0.01, weightDecay: 0.1, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 })],
  ['adamW', adamW({ lr: 0.01, weightDecay: 0.1 })],
  ['rmsProp', rmsProp({ weightDecay: 0.1, epsilon: 1e-3 })],
  ['rmsProp, centred, with momentum', rmsProp({ centered: true, momentum: 0.9, epsilon: 1e-2 })],
  ['adagrad', adagrad({ lrDecay: 0.1, epsilon: 1e-3 })],
  ['adadelta', adadelta({ weightDecay: 0.1 })],
  ['nadam', nadam({ weightDecay: 0.1, epsilon: 1e-3 })],
  ['radam', radam({ beta2: 0.7, epsilon: 1e-3 })],
  ['lion', lion({ weightDecay: 0.1 })],
]

/** One parameter of so many numbers. */
const vector = (length: number) => [{ path: 'weight', shape: [length] }]

/** The same update in float64, by the reference semantics of the ops it is written in. */
function reference(optimizer: Optimizer, step: number, vectors: Readonly<Record<string, Float32Array>>, lr: number) {
  const of = (names: readonly string[], shape: readonly number[]) =>
    Object.fromEntries(names.map((name) => [name, placeholder(name, { dtype: 'float32', shape })]))
  const length = Object.values(vectors)[0]?.length ?? 0
  const coefficients = optimizer.coefficients(step, lr)
  const [tensors, scalars] = [of(Object.keys(vectors), [length]), of(Object.keys(coefficients), [])]
  const results = optimizer.update(tensors, scalars)
  const inputs: NdArray[] = [
    ...Object.values(vectors).map((data) => ({ shape: [length], data: Float64Array.from(data) })),
    ...Object.values(coefficients).map((value) => ({ shape: [], data: Float64Array.of(value) })),
  ]
  const graph = graphOf([...Object.values(tensors), ...Object.values(scalars)], Object.values(results))
  const computed = interpret(graph, inputs)
  return Object.keys(results).map((name, i) => [name, computed[i]?.data ?? new Float64Array()] as const)
}

describe.each(optimizers)('%s', (_, optimizer) => {
  it('updates in place what the reference computes, at any length and learning rate, three steps long', () => {
    const numbers = (length: number) =>
      fc.array(fc.integer({ min: -999, max: 999 }), { minLength: length, maxLength: length })
    const given = fc.integer({ min: 1, max: 21 }).chain((length) => fc.tuple(numbers(length), numbers(length)))
    fc.assert(
      fc.property(given, fc.double({ min: 1e-3, max: 0.5, noNaN: true }), ([parameters, gradients], lr) => {
        const length = parameters.length
        const updater = makeUpdater(optimizer, vector(length))
        updater.parameters.view.set(parameters.map((value) => value / 250))
        for (let step = 1; step <= 3; step++) {
          updater.gradients.view.set(gradients.map((value) => (value * step) / 500))
          const own: Record<string, Float32Array> = {
            parameter: updater.parameters.view,
            gradient: updater.gradients.view,
            ...Object.fromEntries(Object.entries(updater.state).map(([name, { view }]) => [name, view])),
          }
          const expected = reference(optimizer, step, own, lr)
          expect(expected.map(([name]) => name)).toEqual(['parameter', ...optimizer.state])
          updater.step(step, lr)
          for (const [name, data] of expected)
            data.forEach((value, i) => {
              expect(Math.abs((own[name]?.[i] ?? Number.NaN) - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)))
            })
        }
      }),
      { numRuns: 30 },
    )
  })

  const { formulas } = optimizer
  it(formulas === undefined ? 'has no formulas' : 'says its coefficients as formulas too', () => {
    if (formulas === undefined) return expect(optimizer.kind).toBe('nadam')
    for (const [step, lr] of [
      [1, 0.1],
      [2, 0.03],
      [6, 0.1],
      [1000, 1e-4],
    ] as const) {
      const coefficients = Object.entries(optimizer.coefficients(step, lr))
      expect(Object.keys(formulas)).toEqual(coefficients.map(([name]) => name))
      for (const [name, value] of coefficients)
        expect(new Function('lr', 'step', `return ${formulas[name]}`)(lr, step)).toBeCloseTo(value, 12)
    }
  })

  it('takes its own learning rate unless told another', () => {
    const moved = (lr?: number) => {
      const updater = makeUpdater(optimizer, vector(3))
      updater.parameters.view.set([1, 2, 3])
      updater.gradients.view.set([1, -1, 0.5])
      updater.step(1, lr)
      return [...updater.parameters.view]
    }
    expect(moved()).toEqual(moved(optimizer.lr))
    expect(moved()).not.toEqual(moved(optimizer.lr * 2))
    expect(optimizer.with({ lr: optimizer.lr * 2 }).lr).toBe(optimizer.lr * 2)
  })
})

it('is what its example says, and works on a model without parameters', () => {
  const updater = makeUpdater(sgd({ lr: 0.1 }), vector(3))
  updater.parameters.view.set([1, 2, 3])
  updater.gradients.view.set([1, 1, 1])
  updater.step(1)
  expect([...updater.parameters.view]).toEqual([...Float32Array.of(0.9, 1.9, 2.9)])
  const empty = makeUpdater(adam(), [])
  empty.step(1)
  expect(empty.parameters.view).toHaveLength(0)
})

describe('several networks in one arena', () => {
  const lengths = [1, 4, 7]
  it.each(optimizers)(
    'are updated as each alone, with learning rates and weight decays of their own: %s',
    (_, optimizer) => {
      for (const length of lengths) {
        const own = [0, 1, 2].map((k) => optimizer.with({ lr: 0.01 * (k + 1), weightDecay: 0.1 * k }))
        const { members, parameters, gradients, stride } = makeUpdaters(own, vector(length))
        const alone = own.map((one) => makeUpdater(one, vector(length)))
        const fill = (view: Float32Array, k: number, at: number) =>
          view.set(view.map((_value, i) => Math.sin(k + i + at)))
        for (const updaters of [members, alone])
          updaters.forEach(({ parameters: { view } }, k) => {
            fill(view, k, 0)
          })
        for (let step = 1; step <= 3; step++)
          for (const updaters of [members, alone])
            updaters.forEach((updater, k) => {
              fill(updater.gradients.view, k, step)
              updater.step(step)
            })
        members.forEach((member, k) => {
          expect(member.parameters.view).toEqual(alone[k]?.parameters.view)
          expect(parameters.view.subarray(k * stride, k * stride + length)).toEqual(member.parameters.view)
          expect(gradients.view.subarray(k * stride, k * stride + length)).toEqual(member.gradients.view)
        })
        expect(members[0]?.parameters.view).not.toEqual(members[1]?.parameters.view)
      }
    },
  )

  it('must share the update', () => {
    expect(() => makeUpdaters([adam(), adam({ beta1: 0.8 })], vector(3))).toThrow(
      /^optimiser 1, .*"beta1",0.8.* lr and weightDecay alone/,
    )
    expect(() => makeUpdaters([sgd({ lr: 1 }), adam()], vector(3))).toThrow(/^optimiser 1, \["adam"/)
    expect(() => makeUpdaters([], vector(3))).toThrow(/^there are no optimisers/)
  })
})

describe('wrong settings are named', () => {
  it.each([
    ['a negative learning rate', () => adam({ lr: -1 }), /^adam: lr is -1: .*>0/],
    ['NaN', () => adamW({ lr: Number.NaN }), /^adamW: lr is NaN/],
    ['a beta of 1', () => adam({ beta2: 1 }), /^adam: beta2 is 1: .*<1/],
    ['negative decay', () => sgd({ lr: 0.1, weightDecay: -0.1 }), /^sgd: weightDecay is -0.1/],
    ['Nesterov without momentum', () => sgd({ lr: 0.1, nesterov: true }), /nesterov needs a momentum above 0.*0\.9/],
    ['no learning rate', () => sgd(JSON.parse('{}')), /^sgd: lr is undefined/],
    [
      'an unknown option',
      () => adam(JSON.parse('{"learningRate": 1}')),
      /^adam: no option "learningRate"; the options are lr, beta1, beta2, epsilon, weightDecay$/,
    ],
    ['an unknown option in with', () => sgd({ lr: 0.1 }).with({ momentun: 0.9 }), /^sgd: no option "momentun"/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message)
  })
})
