import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gradients, vmap } from '../autodiff/index.ts'
import { compileWith, type Runtime, referenceRuntime, spec } from '../runtime/index.ts'
import { nodeRuntime } from '../runtime/ort/node.ts'
import { add, cast, mul, placeholder, reduceSum, type Tensor } from '../tensor/index.ts'
import { fillDropoutMask } from './dropoutMask.ts'
import { dropoutMask, foldIn, foldKey, key, keyData, keyType, randomUniform, uniform } from './index.ts'

const runtimes: readonly Runtime[] = [referenceRuntime, nodeRuntime]

describe.each(runtimes.map((runtime) => [runtime.name, runtime] as const))('in the %s runtime', (_, runtime) => {
  it('a program draws what uniform draws from the same key, folded alike', async () => {
    const program = await compileWith(
      { runtime },
      (from: Tensor) => [
        mul(randomUniform(from, [5]), 1),
        add(randomUniform(foldKey(foldKey(from, 'layer'), 3), [2, 4]), 0),
      ],
      keyType,
    )
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), async (seed) => {
        const [plain, folded] = await program(keyData(key(seed)))
        expect(plain).toEqual(uniform(key(seed), 5))
        expect(folded).toEqual(uniform(foldIn(foldIn(key(seed), 'layer'), 3), 8))
      }),
      { numRuns: 20 },
    )
  })

  it('a mask of dropout is that of the same key, its gradient goes through the product, and it may drop whole channels', async () => {
    const program = await compileWith(
      { runtime },
      (from: Tensor, x: Tensor) => {
        const dropped = mul(x, dropoutMask(from, [2, 3, 1, 1], 0.4))
        return { dropped, gradients: gradients(reduceSum(dropped), [x]) }
      },
      keyType,
      spec([2, 3, 2, 2]),
    )
    for (const seed of [1, 2, 3]) {
      const mask = fillDropoutMask(key(seed), new Float32Array(6), 0.4)
      const x = Float32Array.from({ length: 24 }, (_, i) => i / 8 - 1)
      const { dropped, gradients } = await program(keyData(key(seed)), x)
      expect(dropped).toEqual(x.map((value, i) => value * (mask[i >> 2] ?? Number.NaN)))
      expect(gradients).toEqual([x.map((_, i) => mask[i >> 2] ?? Number.NaN)])
    }
  })

  it('several keys draw what each draws alone, folded alike', async () => {
    const draws = (from: Tensor) => [
      add(randomUniform(foldKey(from, 'layer'), [3, 5]), 0),
      add(dropoutMask(foldKey(foldKey(from, 'layer'), 3), [70], 0.3), 0),
    ]
    const program = await compileWith({ runtime }, draws, spec([2, 2, 2], 'uint32'))
    const batched = await compileWith({ runtime }, vmap(vmap(draws)), spec([2, 2, 2], 'uint32'))
    const alone = await compileWith({ runtime }, draws, keyType)
    expect(program.graph.outputs.map(({ shape }) => shape)).toEqual([
      [2, 2, 3, 5],
      [2, 2, 70],
    ])
    const keys = [0, 1, 2 ** 40, 7].map((seed) => keyData(key(seed)))
    const words = Uint32Array.from(keys.flatMap((one) => [...one]))
    const expected = await Promise.all(keys.map((one) => alone(one)))
    for (const found of [await program(words), await batched(words)])
      for (const output of [0, 1])
        expect([...(found[output] ?? [])]).toEqual(expected.flatMap((results) => [...(results[output] ?? [])]))
  })

  it('one draw used twice is one draw, and two keys are two', async () => {
    const program = await compileWith(
      { runtime },
      (from: Tensor) => {
        const [a, b] = ['a', 'b'].map((name) => randomUniform(foldKey(from, name), [6]))
        return a && b ? { twice: add(a, a), once: mul(a, 1), other: mul(b, 1) } : {}
      },
      keyType,
    )
    const { twice, once, other } = await program(keyData(key(0)))
    expect(twice).toEqual(once?.map((value) => value * 2))
    expect(other).not.toEqual(once)
  })
})

describe('what is no key is refused', () => {
  const vector = placeholder('x', spec([2]))
  it.each([
    ['floats', () => randomUniform(vector, [3]), /^randomUniform: needs a key, uint32 \[2\].*float32 \[2\]/],
    ['a mask of floats', () => dropoutMask(vector, [3], 0.5), /^dropoutMask: needs a key/],
    ['three words', () => foldKey(placeholder('k', spec([3], 'uint32')), 'a'), /^foldIn: needs a key.*uint32 \[3\]/],
  ])('%s', (_, make, message) => {
    expect(make).toThrow(message)
  })

  it('a key that the program would have to compute', async () => {
    const program = compileWith(
      { runtime: referenceRuntime },
      (x: Tensor) => add(randomUniform(cast(x, 'uint32'), [2]), 0),
      spec([2]),
    )
    await expect(program).rejects.toThrow(
      /randomUniform is made on the host before the program runs, so it cannot depend on cast/,
    )
  })
})
