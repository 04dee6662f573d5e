import { describe, expect, it } from 'vitest'
import { key } from '../../random/index.ts'
import { applied } from '../../testing/apply.ts'
import { dropout, flatten, initialize, type Layer, linear, maxPool2d, relu, sequential, stateDict } from '../index.ts'

const names = (model: Layer, sample: readonly number[]) => Object.keys(stateDict(initialize(model, key(0), sample)))

describe('sequential', () => {
  it('numbers its layers, past ten too, or takes their names', () => {
    const twelve = sequential(...Array.from({ length: 12 }, () => linear(2, { bias: false })))
    expect(names(twelve, [2])).toEqual(Array.from({ length: 12 }, (_, i) => `${i}.weight`))
    const named = sequential({ hidden: linear(3), act: relu(), inner: sequential(linear(2)) })
    expect(names(named, [2])).toEqual(['hidden.weight', 'hidden.bias', 'inner.0.weight', 'inner.0.bias'])
  })

  it('applies them in the order in which they are written', () => {
    const model = sequential({ b: relu(), a: flatten() })
    const { output } = applied(model, initialize(model, key(0), [1, 2]), { shape: [1, 1, 2], data: [-1, 2] })
    expect(output).toEqual({ shape: [1, 2], data: Float64Array.of(0, 2) })
    expect(Object.keys(model.children ?? {})).toEqual(['b', 'a'])
  })

  it('changes one layer and leaves the others as they are', () => {
    for (const model of [sequential(relu(), dropout(0.5)), sequential({ 'a-b': relu(), drop: dropout(0.5) })]) {
      const [first = '', last = ''] = Object.keys(model.children ?? {})
      const changed = model.with?.({ [last]: dropout(0.1) })
      expect(changed?.children?.[last]?.config).toEqual({ p: 0.1 })
      expect(changed?.children?.[first]).toBe(model.children?.[first])
      expect(() => model.with?.({ more: relu() })).toThrow(`Sequential has no layer "more"; it has ${first}, ${last}`)
      expect(() => model.with?.({ [last]: 3 })).toThrow(`sequential: "${last}" is 3, not a layer`)
    }
  })

  // What only types forbid: an experiment file need not have been through a type checker.
  const loosely = (...items: readonly unknown[]): Layer => Reflect.apply(sequential, undefined, items)
  it.each([
    ['relu first, not called', [relu, linear(3)], 'sequential: item 0 is a function; call it, as in relu()'],
    ['relu alone, not called', [relu], 'sequential: item 0 is a function; call it, as in relu()'],
    ['relu later, not called', [linear(3), relu], 'sequential: item 1 is a function; call it, as in relu()'],
    ['a function under a name', [{ act: relu }], 'sequential: "act" is a function; call it, as in relu()'],
    ['a list', [[linear(3)]], 'sequential: item 0 is a list; spread it, as in sequential(...layers)'],
    ['a record after a layer', [relu(), { act: relu() }], 'sequential: item 1 is [object Object], not a layer'],
    ['undefined', [linear(3), undefined], 'sequential: item 1 is undefined, not a layer'],
    ['nothing', [], 'sequential: give it at least one layer'],
    ['an empty record', [{}], 'sequential: give it at least one layer'],
    ['a dot in a name', [{ 'conv.1': relu() }], 'sequential: a layer cannot be named "conv.1"'],
    ['a number as a name', [{ act: relu(), 0: linear(3) }], 'sequential: a layer cannot be named "0"'],
  ])('refuses %s', (_, items, message) => {
    expect(() => loosely(...items)).toThrow(message)
  })
})

describe('a layer that cannot take what comes in is named by its whole path, with the shape and the way out', () => {
  const initialized = (model: Layer, sample: readonly number[]) => () => initialize(model, key(0), sample)

  it('a 3×3 pool on a 2×2 map', () => {
    const model = sequential({ stem: relu(), stage: sequential(relu(), maxPool2d(3)) })
    expect(initialized(model, [1, 2, 2])).toThrow(
      /^layer "stage\.1", MaxPool2d\(kernel 3\), cannot take \[1, 1, 2, 2\]: .*3×3 does not fit on a 2×2 map.*use a smaller window, more padding, or fewer pools/,
    )
  })

  it('the model itself', () => {
    expect(initialized(maxPool2d(3), [1, 2, 2])).toThrow(
      /^the model, MaxPool2d\(kernel 3\), cannot take \[1, 1, 2, 2\]/,
    )
  })

  it('linear with weights for other features', () => {
    const model = sequential(sequential({ head: linear(10) }))
    const variables = initialize(model, key(0), [20])
    expect(() => applied(model, variables, { shape: [4, 30], data: new Float32Array(120) })).toThrow(
      /^layer "0\.head", Linear\(outFeatures 10, bias\), cannot take \[4, 30\]: linear was made for 20 features and 30 came in/,
    )
  })
})
