import { describe, expect, it } from 'vitest'
import { add, cast, div, type log, mul, placeholder, tensor } from '../../tensor/index.ts'
import { compile, compileWith, graphOf, interpret, referenceRuntime, spec } from '../index.ts'

const x = placeholder('x', { dtype: 'float32', shape: [2] })

describe('the reference', () => {
  it('computes in float64 throughout', () => {
    const [third] = interpret(graphOf([x], [div(x, 3)]), [{ shape: [2], data: Float64Array.of(1, 2) }])
    expect(third?.data).toEqual(Float64Array.of(1 / 3, 2 / 3))
    expect(third?.data[0]).not.toBe(Math.fround(1 / 3))
  })

  it('behind the runtime’s interface rounds results, and writes them where it is told', async () => {
    const program = await compileWith(
      { runtime: referenceRuntime },
      (t: Parameters<typeof log>[0]) => [div(t, 3), cast(mul(t, 2.5), 'int32')],
      spec([2]),
    )
    expect(await program(Float32Array.of(1, 2))).toEqual([
      Float32Array.of(Math.fround(1 / 3), Math.fround(2 / 3)),
      Int32Array.of(2, 5),
    ])
    const out = [new Float32Array(2), new Int32Array(2)]
    expect(await program.runFlat([Float32Array.of(3, 6)], out)).toEqual([Float32Array.of(1, 2), Int32Array.of(7, 15)])
    expect(out[0]).toEqual(Float32Array.of(1, 2))
    expect(program.runtime).toBe('reference')
  })

  it('names what was not given', () => {
    expect(() => interpret(graphOf([x], [add(x, 1)]), [])).toThrow(/was not computed before it was needed/)
  })
})

// This file loads no runtime but the reference.
it('compile without a runtime says what to import', async () => {
  await expect(compile(() => tensor(1))).rejects.toThrow(
    'no runtime is loaded: import "assay", or "assay/runtime/node", or pass { runtime: referenceRuntime }',
  )
})
