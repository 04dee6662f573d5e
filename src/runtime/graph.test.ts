import { describe, expect, it } from 'vitest'
import { foldIn, foldKey, key, keyData, keyFromData, keyType, randomUniform, uniform } from '../random/index.ts'
import { add, cast, clip, constant, mul, pad, placeholder, relu, type Tensor, tanh } from '../tensor/index.ts'
import { expectClose } from '../testing/check.ts'
import { graphOf, hostData, interpret, structuralKey } from './index.ts'
import { nodeRuntime } from './ort/node.ts'

const x = () => placeholder('x', { dtype: 'float32', shape: [2] })

/** The key of a function of one float vector. */
function keyOf(fn: (x: Tensor) => Tensor | readonly Tensor[]): string {
  const input = x()
  return structuralKey(graphOf([input], [fn(input)].flat()))
}

const padded = (value: number) => (t: Tensor) => pad(t, { before: [1], after: [0], value })
const shifted = (...values: number[]) => {
  const data = Float32Array.from({ length: 2 }, (_, i) => values[i] ?? 0)
  return (t: Tensor) => add(t, constant(data, [2], 'float32'))
}
const long = (last: number) => {
  const data = new Float32Array(1000)
  data[999] = last
  return (t: Tensor) => add(constant(data, [500, 2], 'float32'), t)
}

describe('structuralKey', () => {
  it('is equal for equal structure, whatever was traced first', () => {
    expect(keyOf((t) => add(relu(t), tanh(t)))).toBe(keyOf((t) => add(relu(t), tanh(t))))
    const turned = (t: Tensor) => {
      const second = tanh(t)
      return add(relu(t), second)
    }
    expect(keyOf(turned)).toBe(keyOf((t) => add(relu(t), tanh(t))))
    expect(keyOf(shifted(1, 2))).toBe(keyOf(shifted(1, 2)))
    expect(keyOf(long(1))).toBe(keyOf(long(1)))
  })

  it.each([
    ['ops', relu, tanh],
    ['wiring', (t: Tensor) => add(relu(t), t), (t: Tensor) => add(t, relu(t))],
    ['attributes', (t: Tensor) => clip(t, { min: 0 }), (t: Tensor) => clip(t, { max: 0 })],
    ['infinite attributes', padded(Infinity), padded(-Infinity)],
    ['the sign of zero', padded(0.5 - 0.5), padded(-0)],
    ['constants', shifted(1, 2), shifted(1, 3)],
    ['long constants, in the last number', long(1), long(2)],
    ['outputs', (t: Tensor) => [relu(t), tanh(t)], (t: Tensor) => [tanh(t), relu(t)]],
    ['the number of outputs', (t: Tensor) => [relu(t)], (t: Tensor) => [relu(t), relu(t)]],
    ['a value used twice or made twice', (t: Tensor) => mul(t, t), (t: Tensor) => mul(t, relu(t))],
  ] as const)('tells apart %s', (_, a, b) => {
    expect(keyOf(a)).not.toBe(keyOf(b))
  })

  it('tells apart types and unused inputs', () => {
    const [a, b] = [x(), x()]
    const whole = placeholder('n', { dtype: 'int32', shape: [2] })
    expect(structuralKey(graphOf([a], [a]))).not.toBe(structuralKey(graphOf([whole], [whole])))
    expect(structuralKey(graphOf([a, b], [relu(a)]))).not.toBe(structuralKey(graphOf([a, b], [relu(b)])))
    expect(structuralKey(graphOf([a], [relu(a)]))).not.toBe(structuralKey(graphOf([a, b], [relu(a)])))
  })

  it('takes deep graphs', () => {
    let deep: Tensor = x()
    const input = deep
    for (let i = 0; i < 20_000; i++) deep = tanh(deep)
    expect(structuralKey(graphOf([input], [deep])).length).toBeGreaterThan(20_000)
  })
})

it('graphOf holds what the outputs need and nothing else, inputs first', () => {
  const input = x()
  const used = relu(input)
  tanh(input)
  const output = add(used, 1)
  const { nodes, hostValues } = graphOf([input], [output])
  expect(nodes.map(({ operation }) => operation.name)).toEqual(['relu', 'constant', 'add'])
  expect(hostValues).toEqual([])
})

describe('values made on the host', () => {
  const k = placeholder('k', keyType)
  const given = keyData(key(5))
  const numbers = (from: ReturnType<typeof key>) => uniform(from, 3)

  it('are the numbers that the random room makes, from keys derived on the way', () => {
    const direct = randomUniform(k, [3])
    const derived = randomUniform(foldKey(foldKey(k, 'layer'), 1), [3])
    const graph = graphOf([k], [add(direct, derived)])
    expect(graph.hostValues).toEqual([direct, derived])
    expect(graph.nodes.map(({ operation }) => operation.name)).toEqual(['add'])
    expect(hostData(graph, [given])).toEqual([
      numbers(keyFromData(given)),
      numbers(foldIn(foldIn(keyFromData(given), 'layer'), 1)),
    ])
  })

  it('may come from a constant key, be an output themselves, and run natively', async () => {
    const drawn = randomUniform(foldKey(constant(given, [2], 'uint32'), 'noise'), [3])
    const graph = graphOf([], [drawn, mul(drawn, 2)])
    const [values] = hostData(graph, [])
    expect(values).toEqual(numbers(foldIn(key(5), 'noise')))
    const executable = await nodeRuntime.prepare(graph, {})
    const [out, doubled] = await executable.run([], hostData(graph, []))
    expect(out).toEqual(values)
    expect(doubled).toEqual(values?.map((value) => 2 * value))
    const [reference] = interpret(graph, [], [{ shape: [3], data: Float64Array.from(values ?? []) }])
    if (reference === undefined || out === undefined) throw new Error('no result')
    expectClose({ shape: [3], data: Float64Array.from(out) }, reference, 0, 'random values')
  })

  it('share one executable when only their keys’ names differ, and still differ in value', () => {
    const named = (name: string) => graphOf([k], [relu(randomUniform(foldKey(k, name), [3]))])
    expect(structuralKey(named('a'))).toBe(structuralKey(named('b')))
    expect(hostData(named('a'), [given])).not.toEqual(hostData(named('b'), [given]))
  })

  it('cannot depend on what the program computes', () => {
    const computed = cast(relu(x()), 'uint32')
    expect(() => graphOf([computed.inputs[0]?.inputs[0] ?? computed], [randomUniform(computed, [3])])).toThrow(
      'randomUniform is made on the host before the program runs, so it cannot depend on cast',
    )
  })
})
