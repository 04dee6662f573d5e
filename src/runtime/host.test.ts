import { describe, expect, it } from 'vitest'
import { foldIn, foldKey, key, keyData, keyType, randomUniform, uniform } from '../random/index.ts'
import { add, constant, placeholder, type Tensor, type TypedArray } from '../tensor/index.ts'
import { graphOf } from './graph.ts'
import { hostData, hostEvaluator } from './host.ts'
import { compileWith, type Runtime, referenceRuntime, spec } from './index.ts'
import { nodeRuntime } from './ort/node.ts'

const from = placeholder('key', keyType)
const drawn = (name: string) => randomUniform(foldKey(from, name), [700])
const graph = graphOf([from], [add(drawn('a'), drawn('b'))])
const expected = (seed: number) => ['a', 'b'].map((name) => uniform(foldIn(key(seed), name), 700))

describe('an evaluator of host values', () => {
  it('gives new numbers in the same arrays', () => {
    const evaluate = hostEvaluator(graph)
    const first = evaluate([keyData(key(1))])
    expect(first).toEqual(expected(1))
    const second = evaluate([keyData(key(2))])
    expect(second).toEqual(expected(2))
    second.forEach((array, i) => {
      expect(array).toBe(first[i])
    })
    expect(hostData(graph, [keyData(key(2))])[0]).not.toBe(first[0])
  })

  it('leaves the arrays alone that it was given', () => {
    const given = keyData(key(3))
    const fixed = constant(keyData(key(4)), [2], 'uint32')
    const both = graphOf([from], [add(randomUniform(foldKey(fixed, 0), [3]), randomUniform(from, [3]))])
    const values = hostEvaluator(both)([given])
    expect(values).toEqual([uniform(foldIn(key(4), 0), 3), uniform(key(3), 3)])
    expect(given).toEqual(keyData(key(3)))
  })
})

/** A runtime that looks at its host values as late as it can: what it is given must not change until it answers. */
function late(arrays: Set<TypedArray>): Runtime {
  return {
    name: `late ${Math.random()}`,
    async prepare(prepared, options) {
      const executable = await referenceRuntime.prepare(prepared, options)
      return {
        ...executable,
        run: async (inputs, hostValues, outputs) => {
          for (const array of hostValues) arrays.add(array)
          await new Promise((resolve) => setTimeout(resolve, 1))
          return executable.run(inputs, hostValues, outputs)
        },
      }
    },
  }
}

describe('a program', () => {
  const noise = (k: Tensor, x: Tensor) => add(randomUniform(k, [700]), x)
  const zero = Float32Array.of(0)
  const seeds = [1, 2, 3, 4]

  it('called several times at once mixes up nothing, and keeps as many arrays as calls were under way', async () => {
    const arrays = new Set<TypedArray>()
    const program = await compileWith({ runtime: late(arrays) }, noise, keyType, spec([]))
    const run = (seed: number) => program(keyData(key(seed)), zero)
    expect(await Promise.all(seeds.map(run))).toEqual(seeds.map((seed) => uniform(key(seed), 700)))
    expect(arrays.size).toBe(4)
    for (const seed of seeds) expect(await run(seed)).toEqual(uniform(key(seed), 700))
    expect(arrays.size).toBe(4)
  })

  it('called several times at once mixes up nothing in ONNX Runtime, which begins later than it is asked', async () => {
    const program = await compileWith({ runtime: nodeRuntime }, noise, keyType, spec([]))
    const results = await Promise.all(seeds.map((seed) => program(keyData(key(seed)), zero)))
    expect(results).toEqual(seeds.map((seed) => uniform(key(seed), 700)))
  })

  it('shares an executable with a program of other keys, but no arrays', async () => {
    const named = (name: string) => (k: Tensor, x: Tensor) => add(randomUniform(foldKey(k, name), [5]), x)
    const [a, b] = await Promise.all(
      ['a', 'b'].map((name) => compileWith({ runtime: nodeRuntime }, named(name), keyType, spec([]))),
    )
    const results = await Promise.all([a, b].map((program) => program?.(keyData(key(9)), zero)))
    expect(results).toEqual(['a', 'b'].map((name) => uniform(foldIn(key(9), name), 5)))
  })

  it('that failed can be run again, with the same array', async () => {
    const arrays = new Set<TypedArray>()
    const runtime = late(arrays)
    let fails = true
    const failing: Runtime = {
      name: runtime.name,
      prepare: async (...given) => {
        const executable = await runtime.prepare(...given)
        const run: typeof executable.run = async (...values) => {
          const result = await executable.run(...values)
          if (fails) throw new Error('out of memory')
          return result
        }
        return { ...executable, run }
      },
    }
    const program = await compileWith({ runtime: failing }, noise, keyType, spec([]))
    await expect(program(keyData(key(1)), zero)).rejects.toThrow('out of memory')
    fails = false
    expect(await program(keyData(key(2)), zero)).toEqual(uniform(key(2), 700))
    expect(arrays.size).toBe(1)
  })
})
