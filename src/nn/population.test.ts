import { describe, expect, it } from 'vitest'
import { type Key, key, keyData, split } from '../random/index.ts'
import { graphOf, hostData, interpret } from '../runtime/index.ts'
import { leavesOf, type NdArray, placeholder, type Shape, sizeOf, Tensor, type TypedArray } from '../tensor/index.ts'
import { applied } from '../testing/apply.ts'
import { expectClose } from '../testing/check.ts'
import { fill } from '../testing/golden/formula.ts'
import {
  batchNorm2d,
  conv2d,
  dropout,
  flatten,
  initialize,
  type Layer,
  linear,
  maxPool2d,
  type Population,
  type PopulationOptions,
  population,
  relu,
  sequential,
  stateDict,
  symbolic,
  type Variables,
} from './index.ts'

const SIZE = 3
const isTensor = (value: unknown): value is Tensor => value instanceof Tensor

/** What a population computes in float64. */
function computed(
  { apply }: Population,
  variables: Variables,
  x: { readonly shape: Shape; readonly data: Float32Array },
  { keys, ...options }: { readonly keys?: readonly Key[] } & Pick<PopulationOptions, 'ownInput' | 'training'>,
) {
  const [parameters, buffers] = [symbolic(variables.parameters), symbolic(variables.buffers)]
  const input = placeholder('x', { dtype: 'float32', shape: x.shape })
  const keyInput = placeholder('keys', { dtype: 'uint32', shape: [SIZE, 2] })
  const { output, bufferUpdates } = apply(parameters, input, { ...options, buffers, ...(keys && { key: keyInput }) })
  const weights = [...leavesOf(parameters, isTensor), ...leavesOf(buffers, isTensor)].map(({ leaf }) => leaf)
  const graph = graphOf([...weights, input, keyInput], [output, ...Object.values(bufferUpdates)])
  const words = Uint32Array.from((keys ?? []).flatMap((one) => [...keyData(one)]))
  const data: TypedArray[] = [...Object.values(stateDict(variables)).map((leaf) => leaf.data), x.data, words]
  const doubles = (tensors: readonly Tensor[], numbers: readonly TypedArray[]): NdArray[] =>
    tensors.map(({ shape }, i) => ({ shape, data: Float64Array.from(numbers[i] ?? []) }))
  const [result, ...updates] = interpret(
    graph,
    doubles(graph.inputs, data),
    doubles(graph.hostValues, hostData(graph, data)),
  )
  return { output: result, statistics: new Map(Object.keys(bufferUpdates).map((name, i) => [name, updates[i]])) }
}

const memberOf = (array: NdArray | undefined, k: number): NdArray => {
  const [, ...shape] = array?.shape ?? []
  return { shape, data: (array?.data ?? new Float64Array()).subarray(k * sizeOf(shape), (k + 1) * sizeOf(shape)) }
}

describe.each<readonly [string, Layer, Shape]>([
  ['a dense network with dropout', sequential(linear(6), relu(), dropout(0.4), linear(2)), [4]],
  [
    'a convolutional one with batch norm and a pool',
    sequential(conv2d(4, 3), batchNorm2d(), relu(), maxPool2d(2), conv2d(2, 2, { groups: 2 }), flatten(), linear(3)),
    [2, 8, 8],
  ],
])('a population of %s', (_, model, sample) => {
  const together = population(model, SIZE)
  const keys = split(key(7), SIZE)
  const variables = together.initialize(keys, sample)

  it('begins with what each key gives alone', () => {
    for (const [k, one] of keys.entries())
      expect(stateDict(together.member(variables, k))).toEqual(stateDict(initialize(model, one, sample)))
  })

  it.each([
    ['one input for all', false, false],
    ['an input for each', true, false],
    ['one input for all, training', false, true],
    ['an input for each, training', true, true],
  ])('computes what each computes alone: %s', (_case, ownInput, training) => {
    const batch = [5, ...sample]
    const data = fill(SIZE * sizeOf(batch), 0.3, 1)
    const size = sizeOf(batch)
    const x = ownInput ? { shape: [SIZE, ...batch], data } : { shape: batch, data: data.subarray(0, size) }
    const drawn = split(key(11), SIZE)
    const found = computed(together, variables, x, { ownInput, training, ...(training && { keys: drawn }) })
    for (let k = 0; k < SIZE; k++) {
      const own = ownInput ? data.subarray(k * size, (k + 1) * size) : x.data
      const drawnKey = drawn[k]
      const alone = applied(
        model,
        together.member(variables, k),
        { shape: batch, data: own },
        training && drawnKey ? { key: drawnKey } : {},
      )
      expectClose(memberOf(found.output, k), alone.output, 1e-12, `output of member ${k}`)
      expect([...found.statistics.keys()]).toEqual([...alone.statistics.keys()])
      for (const [name, value] of alone.statistics)
        expectClose(memberOf(found.statistics.get(name), k), value, 1e-12, name)
    }
  })
})

it.each<readonly [string, () => unknown, RegExp]>([
  ['no members', () => population(linear(1), 0), /^population: the number of members is 0/],
  [
    'too few keys',
    () => population(linear(1), 3).initialize([key(0)], [2]),
    /^population: there are 1 keys for 3 members/,
  ],
  [
    'a member that is not there',
    () => population(linear(1), 1).member(population(linear(1), 1).initialize([key(0)], [2]), 1),
    /^population: there is no member 1; give a number from 0 to 0/,
  ],
])('%s: refused', (_, make, message) => {
  expect(make).toThrow(message)
})
