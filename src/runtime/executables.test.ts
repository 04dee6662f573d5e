import { describe, expect, it } from 'vitest'
import { mul, type Tensor } from '../tensor/index.ts'
import { compileWith, spec } from './compile.ts'
import { executables } from './executables.ts'
import { referenceRuntime } from './reference/interpreter.ts'
import type { Runtime } from './runtime.ts'

/** The reference, counting what it prepared and closed. */
function counted() {
  const counts = { prepared: 0, closed: 0 }
  const runtime: Runtime = {
    name: `counted ${Math.random()}`,
    prepare: async (graph, options) => {
      counts.prepared += 1
      const executable = await referenceRuntime.prepare(graph, options)
      return {
        ...executable,
        dispose: async () => {
          counts.closed += 1
        },
      }
    },
  }
  const program = (factor: number, length = 2) =>
    compileWith({ runtime }, (x: Tensor) => mul(x, factor), spec([length]))
  return { counts, program }
}

describe('programs that compute the same', () => {
  it('share what was prepared, one after the other as well, until all are disposed of', async () => {
    const { counts, program } = counted()
    const [one, other] = [await program(3), await program(3)]
    expect(counts).toEqual({ prepared: 1, closed: 0 })
    one.dispose()
    one.dispose()
    expect([...(await other(Float32Array.of(1, 2)))]).toEqual([3, 6])
    other.dispose()
    await program(3)
    expect(counts).toEqual({ prepared: 1, closed: 0 })
  })

  it('cannot be run once they are disposed of', async () => {
    const { program } = counted()
    const one = await program(2)
    one.dispose()
    await expect(one(Float32Array.of(1, 2))).rejects.toThrow('disposed of: compile the function again')
  })
})

describe('what nobody uses', () => {
  it('is closed, the oldest first, where it takes too much memory', async () => {
    const { counts, program } = counted()
    const large = 2 ** 24
    const programs = await Promise.all([1.1, 1.2, 1.3, 1.4, 1.5, 1.6].map((factor) => program(factor, large)))
    expect(counts.closed).toBe(0)
    for (const each of programs) each.dispose()
    expect(counts.closed).toBeGreaterThan(2)
    expect(counts.closed).toBeLessThan(6)
    const before = counts.prepared
    await program(1.6, large)
    expect(counts.prepared).toBe(before)
    await program(1.1, large)
    expect(counts.prepared).toBe(before + 1)
    expect(executables.counts().idle).toBeLessThan(executables.counts().all)
  })
})
