import { describe, expect, it } from 'vitest'
import { gather, neg, placeholder, reduceSum, type Tensor } from '../../tensor/index.ts'
import { compile, spec } from '../index.ts'
import './node.ts'
import { isCopiedDearly } from './uncopied.ts'

const LARGE = 20_000
const x = Float32Array.from({ length: LARGE }, (_, i) => i)

describe('programs with large outputs', () => {
  it('write into the arrays that are given, and make no others', async () => {
    const program = await compile((a: Tensor) => [reduceSum(neg(a)), neg(a)], spec([LARGE]))
    const outputs = [new Float32Array(1), new Float32Array(LARGE)]
    const steps = 20
    await program.runFlat([x], outputs)
    const before = process.memoryUsage().arrayBuffers
    for (let i = 0; i < steps; i++) await program.runFlat([x], outputs)
    // A copy each would be 80 kB a step; collecting garbage can only lower the figure.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan((steps * 4 * LARGE) / 4)
    expect(outputs[0]?.[0]).toBe((-LARGE * (LARGE - 1)) / 2)
    expect(outputs[1]).toEqual(x.map((value) => -value))
    program.dispose()
  })

  it('make arrays where none are given, anew each time', async () => {
    const program = await compile((a: Tensor) => neg(a), spec([LARGE]))
    const first = await program(x)
    const second = await program(x.map((value) => 2 * value))
    expect(first).toEqual(x.map((value) => -value))
    expect(second[3]).toBe(-6)
    program.dispose()
  })

  it('still say what goes wrong', async () => {
    const program = await compile((a: Tensor, at: Tensor) => gather(a, at), spec([10]), spec([LARGE], 'int32'))
    const at = new Int32Array(LARGE).fill(3)
    expect((await program(x.subarray(0, 10), at)).at(-1)).toBe(3)
    await expect(program(x.subarray(0, 10), at.fill(12))).rejects.toThrow(/indices element out of data bounds|out of/)
    program.dispose()
  })
})

it('only what costs more to copy than to stop is stopped', () => {
  expect(isCopiedDearly([placeholder('a', spec([100, 100]))])).toBe(false)
  expect(isCopiedDearly([placeholder('a', spec([100, 100])), placeholder('b', spec([70, 100]))])).toBe(true)
})
