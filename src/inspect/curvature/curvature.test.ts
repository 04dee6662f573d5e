import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { foldIn, key, normal } from '../../random/index.ts'
import { fullHessian, hessianOf, hutchinsonTrace, spectralDensity, spectrum, topEigenvalues } from '../index.ts'
import '../../runtime/ort/node.ts'
import { curvedNetwork, goldenCurvature } from '../../testing/curvature.ts'
import { lossFunction } from '../lossFunction.ts'
import { lanczos, ritzValues, type SymmetricOperator } from './lanczos.ts'

const curved = async () => {
  const { judged, samples } = await curvedNetwork()
  return lossFunction(judged, samples, { batch: 5 })
}

const diagonal = (values: readonly number[]): SymmetricOperator => ({
  size: values.length,
  product: async (vector) => vector.map((value, i) => value * (values[i] ?? 0)),
})

describe('the Hessian of 61 parameters', () => {
  it('has PyTorch’s eigenvalues to 1e-4, of which as many are positive', async () => {
    const { eigenvalues, positive, zero, negative, minimalRatio, tolerance } = await spectrum(
      await fullHessian(await curved()),
    )
    expect(eigenvalues).toHaveLength(61)
    goldenCurvature.eigenvalues.forEach((value, i) => {
      expect(Math.abs((eigenvalues[i] ?? Number.NaN) - value), `eigenvalue ${i}`).toBeLessThan(1e-4)
    })
    const count = (counts: (value: number) => boolean) => goldenCurvature.eigenvalues.filter(counts).length
    expect([positive, zero, negative]).toEqual([count((v) => v > 0), count((v) => v === 0), count((v) => v < 0)])
    expect(minimalRatio).toBe(positive / 61)
    // What is zero in float64 is zero here, and the smallest that is not is well above.
    expect(tolerance).toBeGreaterThan(1e-7)
    expect(tolerance).toBeLessThan(1e-4)
  })

  it('counts by the tolerance that is asked for', async () => {
    const hessian = await fullHessian(await curved())
    const { positive, tolerance } = await spectrum(hessian, { tolerance: 0.5 })
    expect([positive, tolerance]).toEqual([goldenCurvature.eigenvalues.filter((v) => v > 0.5).length, 0.5])
    await expect(spectrum(hessian, { tolerance: -1 })).rejects.toThrow('tolerance is -1')
  })

  it('shows both ends of its spectrum to Lanczos’ method, with residuals that hold', async () => {
    const { largest, smallest, steps } = await topEigenvalues(hessianOf(await curved()), {
      key: key(0),
      count: 3,
      steps: 40,
    })
    expect(steps).toBe(40)
    const at = (i: number) => goldenCurvature.eigenvalues.at(i) ?? Number.NaN
    for (const [i, { value, residual }] of largest.entries())
      expect(Math.abs(value - at(i))).toBeLessThan(1e-4 + residual)
    for (const [i, { value, residual }] of smallest.entries())
      expect(Math.abs(value - at(-1 - i))).toBeLessThan(1e-4 + residual)
    expect(Math.abs((largest[0]?.value ?? 0) - at(0))).toBeLessThan(1e-4)
  })

  it('has PyTorch’s trace within three standard errors of Hutchinson’s estimate', async () => {
    const { trace, standardError, probes } = await hutchinsonTrace(hessianOf(await curved()), {
      key: key(1),
      probes: 60,
    })
    expect(probes).toBe(60)
    expect(Math.abs(trace - goldenCurvature.trace)).toBeLessThan(3 * standardError)
    expect(standardError).toBeLessThan(1)
  })
})

describe('lanczos', () => {
  it('finds every eigenvalue of a diagonal matrix, whatever they are', async () => {
    const values = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(values, fc.nat(1000), async (some, seed) => {
        const found = await ritzValues(await lanczos(diagonal(some), normal(key(seed), some.length), 50))
        expect(found.length).toBe(some.length)
        for (const [i, value] of some.toSorted((a, b) => b - a).entries()) expect(found[i]?.value).toBeCloseTo(value, 3)
        expect(found.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 6)
      }),
      { numRuns: 40 },
    )
  })

  it('has no eigenvalue twice that is there once, after many more steps than it takes', async () => {
    const values = Array.from({ length: 300 }, (_, i) => (i === 0 ? 1000 : i / 300))
    const found = await ritzValues(await lanczos(diagonal(values), normal(key(0), 300), 120))
    expect(found.filter(({ value }) => value > 500).map(({ value }) => Math.round(value))).toEqual([1000])
  })

  it('needs a vector to start from', async () => {
    await expect(lanczos(diagonal([1, 2]), [0, 0], 2)).rejects.toThrow(UsageError)
  })
})

describe('hutchinsonTrace', () => {
  it('is exact for diagonal matrices, and says so', async () => {
    const { trace, standardError } = await hutchinsonTrace(diagonal([3, -1, 5]), { key: key(0), probes: 3 })
    expect([trace, standardError]).toEqual([7, 0])
  })

  it('refuses a single probe, which has no spread', async () => {
    await expect(hutchinsonTrace(diagonal([1]), { key: key(0), probes: 1 })).rejects.toThrow('at least 2')
  })
})

describe('spectralDensity', () => {
  it('has the eigenvalues’ shares and mean, and integrates to 1', async () => {
    const values = Array.from({ length: 400 }, (_, i) => (i < 40 ? -1 : i < 300 ? 0 : 4))
    const { eigenvalues, density, width, range, negative, positive } = await spectralDensity(diagonal(values), {
      key: foldIn(key(0), 'density'),
      probes: 8,
      steps: 20,
    })
    const spacing = (eigenvalues[1] ?? 0) - (eigenvalues[0] ?? 0)
    const integral = (of: (x: number) => number) =>
      density.reduce((sum, value, i) => sum + spacing * value * of(eigenvalues[i] ?? 0), 0)
    expect(integral(() => 1)).toBeCloseTo(1, 3)
    expect(range[0]).toBeCloseTo(-1, 4)
    expect(range[1]).toBeCloseTo(4, 4)
    expect(width).toBeCloseTo(0.05, 4)
    // Random signs have exactly these shares along coordinates.
    expect(negative).toBeCloseTo(0.1, 3)
    expect(positive).toBeCloseTo(0.25, 3)
    expect(integral((x) => x)).toBeCloseTo(0.1 * -1 + 0.25 * 4, 2)
  })

  it('draws a matrix of one eigenvalue as one peak there', async () => {
    const { eigenvalues, density } = await spectralDensity(diagonal([2, 2, 2]), { key: key(0) })
    expect(eigenvalues[density.indexOf(Math.max(...density))]).toBeCloseTo(2, 3)
  })

  it('refuses a width of nothing', async () => {
    await expect(spectralDensity(diagonal([1]), { key: key(0), width: 0 })).rejects.toThrow('width is 0')
  })
})

it('refuses a matrix that is no finite number, as of a loss that is none', async () => {
  const lost = diagonal([Number.NaN, 1, 2])
  for (const asked of [topEigenvalues(lost, { key: key(0) }), spectralDensity(lost, { key: key(0) })])
    await expect(asked).rejects.toThrow('no finite numbers')
  const one = spectralDensity(diagonal([1, 2]), { key: key(0), points: 1 })
  await expect(one).rejects.toThrow('points is 1')
  await expect(spectrum({ matrix: Float64Array.of(Number.NaN, 1, 1, 2), error: 0 })).rejects.toThrow(UsageError)
})
