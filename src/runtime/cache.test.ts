import { describe, expect, it } from 'vitest'
import { add, mul, type Tensor } from '../tensor/index.ts'
import { compileWith, type Runtime, referenceRuntime, spec } from './index.ts'

/** Counts how often it prepares. */
function counting(): Runtime & { prepared: number } {
  const runtime = {
    name: `counting ${Math.random()}`,
    prepared: 0,
    prepare: (...given: Parameters<Runtime['prepare']>) => {
      runtime.prepared++
      return referenceRuntime.prepare(...given)
    },
  }
  return runtime
}

describe('the cache of programs', () => {
  const twice = (x: Tensor) => mul(x, 2)

  it('prepares one structure once, also when asked at the same time', async () => {
    const runtime = counting()
    await Promise.all([compileWith({ runtime }, twice, spec([2])), compileWith({ runtime }, twice, spec([2]))])
    const again = await compileWith({ runtime }, ({ y }: { y: Tensor }) => mul(y, 2), { y: spec([2]) })
    expect(runtime.prepared).toBe(1)
    expect(await again({ y: Float32Array.of(1, 2) })).toEqual(Float32Array.of(2, 4))
  })

  it('keeps apart what differs in shape, attributes, constants, threads or runtime', async () => {
    const runtime = counting()
    await compileWith({ runtime }, twice, spec([2]))
    await compileWith({ runtime }, twice, spec([3]))
    await compileWith({ runtime }, (x: Tensor) => mul(x, 3), spec([2]))
    await compileWith({ runtime, threads: 1 }, twice, spec([2]))
    expect(runtime.prepared).toBe(4)
    const other = counting()
    await compileWith({ runtime: other }, twice, spec([2]))
    expect(other.prepared).toBe(1)
  })

  it('gives outputs in each caller’s own nesting and order', async () => {
    const runtime = counting()
    const first = await compileWith({ runtime }, (x: Tensor) => ({ a: mul(x, 2), b: add(x, 1) }), spec([1]))
    const list = await compileWith({ runtime }, (x: Tensor) => [mul(x, 2), add(x, 1)], spec([1]))
    const turned = await compileWith({ runtime }, (x: Tensor) => ({ b: add(x, 1), a: mul(x, 2) }), spec([1]))
    const x = Float32Array.of(5)
    expect(await first(x)).toEqual({ a: Float32Array.of(10), b: Float32Array.of(6) })
    expect(await list(x)).toEqual([Float32Array.of(10), Float32Array.of(6)])
    expect(await turned(x)).toEqual({ a: Float32Array.of(10), b: Float32Array.of(6) })
    expect(runtime.prepared).toBe(2)
  })

  it('forgets what could not be prepared', async () => {
    const runtime = { ...counting(), prepare: () => Promise.reject(new Error('no room')) }
    await expect(compileWith({ runtime }, twice, spec([2]))).rejects.toThrow('no room')
    runtime.prepare = () => Promise.reject(new Error('still no room'))
    await expect(compileWith({ runtime }, twice, spec([2]))).rejects.toThrow('still no room')
  })
})
