import { describe, expect, it } from 'vitest'
import { key, keyData, keyType, randomUniform } from '../random/index.ts'
import { add, cast, matmul, mul, ones, type Tensor, tensor } from '../tensor/index.ts'
import { compile, compileWith, referenceRuntime, spec } from './index.ts'
import { nodeRuntime } from './ort/node.ts'

const runtimes = [
  ['native', nodeRuntime],
  ['reference', referenceRuntime],
] as const

describe('a program', () => {
  it('takes and gives arrays nested as its function does', async () => {
    const program = await compile(
      ({ w, b }: { w: Tensor; b: Tensor }, [x]: readonly [Tensor]) => ({
        y: add(matmul(x, w), b),
        parts: [w, mul(b, 2)],
      }),
      { w: spec([2, 1]), b: spec([1]) },
      [spec([2, 2])],
    )
    const w = Float32Array.of(1, 10)
    const { y, parts } = await program({ b: Float32Array.of(100), w }, [Float32Array.of(1, 2, 3, 4)])
    expect(y).toEqual(Float32Array.of(121, 143))
    expect(parts).toEqual([w, Float32Array.of(200)])
    expect(program.runtime).toBe('onnxruntime-node')
    expect(program.graph.inputs.map(({ shape }) => shape)).toEqual([[2, 1], [1], [2, 2]])
  })

  it.each(runtimes)('gives out inputs, constants and one value twice (%s)', async (_, runtime) => {
    const program = await compileWith(
      { runtime },
      (x: Tensor, flag: Tensor) => {
        const doubled = mul(x, 2)
        return [x, ones([2]), doubled, doubled, x, cast(flag, 'float32'), flag, add(doubled, 0), tensor(7)]
      },
      spec([2]),
      spec([1], 'bool'),
    )
    const results = await program(Float32Array.of(3, 4), Uint8Array.of(1))
    expect(results.map((data) => Array.from(data))).toEqual([
      [3, 4],
      [1, 1],
      [6, 8],
      [6, 8],
      [3, 4],
      [1],
      [1],
      [6, 8],
      [7],
    ])
  })

  it('takes one array for two inputs of other shapes and types', async () => {
    const sums = await compile(
      (row: Tensor, column: Tensor) => [matmul(row, column), matmul(column, row)],
      spec([1, 2]),
      spec([2, 1]),
    )
    const shared = Float32Array.of(3, 4)
    expect(await sums(shared, shared)).toEqual([Float32Array.of(25), Float32Array.of(9, 12, 12, 16)])
    const bytes = await compile(
      (flags: Tensor, counts: Tensor) => add(cast(flags, 'float32'), cast(counts, 'float32')),
      spec([2], 'bool'),
      spec([2], 'uint8'),
    )
    const same = Uint8Array.of(0, 1)
    expect(await bytes(same, same)).toEqual(Float32Array.of(0, 2))
  })

  it.each(runtimes)('runs on views of one WebAssembly memory, in place (%s)', async (_, runtime) => {
    const program = await compileWith(
      { runtime },
      (x: Tensor, n: Tensor) => ({ double: mul(x, 2), next: add(n, 1) }),
      spec([3]),
      spec([2], 'int32'),
    )
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 })
    const x = new Float32Array(memory.buffer, 4, 3)
    const n = new Int32Array(memory.buffer, 20, 2)
    const double = new Float32Array(memory.buffer, 1028, 3)
    const next = new Int32Array(memory.buffer, 2048, 2)
    for (const step of [1, 2]) {
      x.set([step, 0.5, -1])
      n.set([step, 7])
      const results = await program.runFlat([x, n], [double, next])
      expect(results[0]).toBe(double)
      expect(double).toEqual(Float32Array.of(2 * step, 1, -2))
      expect(next).toEqual(Int32Array.of(step + 1, 8))
    }
    // Nothing beside the views was touched.
    const touched = new Uint8Array(memory.buffer)
    ;[x, n, double, next].forEach((view) => {
      new Uint8Array(memory.buffer, view.byteOffset, view.byteLength).fill(0)
    })
    expect(touched.every((byte) => byte === 0)).toBe(true)
  })
})

describe('wrong use', () => {
  const program = compile(
    ({ w }: { w: Tensor }, labels: Tensor) => mul(w, cast(labels, 'float32')),
    { w: spec([2]) },
    spec([2], 'int32'),
  )
  const [w, labels] = [Float32Array.of(1, 2), Int32Array.of(3, 4)]

  it('an array of another length, of another type, none at all, or no array', async () => {
    const run = await program
    await expect(run({ w: new Float32Array(3) }, labels)).rejects.toThrow(
      'input 0.w is a Float32Array of 3 but must hold float32[2], that is 2 numbers',
    )
    await expect(run({ w }, w)).rejects.toThrow('input 1 is a Float32Array of 2 but must hold int32[2]')
    await expect(run.runFlat([w])).rejects.toThrow('input 1 is missing: give int32[2]')
    const doubles: unknown = new Float64Array(2)
    await expect(run({ w: doubles as Float32Array }, labels)).rejects.toThrow(
      '"0.w" holds a Float64Array, which is neither',
    )
  })

  it('results that do not fit', async () => {
    const run = await program
    await expect(run.runFlat([w, labels], [new Float32Array(3)])).rejects.toThrow(
      'the output is a Float32Array of 3 but must hold float32[2]',
    )
    await expect(run.runFlat([w, labels], [])).rejects.toThrow('is missing: give float32[2]')
  })

  it('an output that needs what is not given', async () => {
    let leaked: Tensor | undefined
    await compile(
      (x: Tensor) => {
        leaked = x
        return mul(x, 2)
      },
      spec([1]),
    )
    await expect(compile((x: Tensor) => add(x, leaked ?? 0), spec([1]))).rejects.toThrow(
      'an output depends on a placeholder that is not among the inputs of the program',
    )
    await expect(leaked?.data()).rejects.toThrow('an output depends on a placeholder')
  })
})

describe('random values', () => {
  const one = key(1)
  const two = key(2)

  it.each(runtimes)('are made on the host from a key given at each call (%s)', async (_, runtime) => {
    const noise = await compileWith(
      { runtime },
      (k: Tensor, x: Tensor) => add(x, randomUniform(k, [4])),
      keyType,
      spec([]),
    )
    const zero = Float32Array.of(0)
    const [a, again, b] = [
      await noise(keyData(one), zero),
      await noise(keyData(one), zero),
      await noise(keyData(two), zero),
    ]
    expect(a).toEqual(again)
    expect(a).not.toEqual(b)
    expect(a.every((value) => value >= 0 && value < 1)).toBe(true)
  })
})

it('data() computes a tensor now', async () => {
  expect(await add(mul(tensor([1, 2]), 3), 1).data()).toEqual(Float32Array.of(4, 7))
})
