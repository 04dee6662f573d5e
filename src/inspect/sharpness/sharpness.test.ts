import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import { crossEntropy, initialize, linear, loadStateDict, relu, sequential, stateDict } from '../../nn/index.ts'
import { key } from '../../random/index.ts'
import '../../runtime/ort/node.ts'
import { curvedNetwork, goldenCurvature, samplesOf } from '../../testing/curvature.ts'
import { fill, labels } from '../../testing/golden/formula.ts'
import { lossFunction } from '../lossFunction.ts'
import { adaptiveSharpness, epsilonSharpness, sharpnessText } from './index.ts'

const curved = async () => {
  const { judged, samples } = await curvedNetwork()
  return lossFunction(judged, samples)
}

describe('epsilonSharpness', () => {
  it.each(goldenCurvature.sharpness)(
    'is what SciPy’s L-BFGS-B finds for ε = $epsilon',
    async ({ epsilon, lbfgsb, atDirection }) => {
      const loss = await curved()
      const { percent, isResolved, maximum, loss: base } = await epsilonSharpness(loss, { epsilon })
      expect(isResolved).toBe(true)
      expect(percent / lbfgsb).toBeGreaterThan(0.98)
      expect(percent / lbfgsb).toBeLessThan(1.001)
      expect(percent).toBeCloseTo((100 * (maximum - base)) / (1 + base), 9)
      // The objective itself, at a corner of the box.
      const signs = fill(61, 2.1, 1).map(Math.sign)
      const corner = loss.parameters.map((value, i) => value + epsilon * (Math.abs(value) + 1) * (signs[i] ?? 0))
      const there = (100 * ((await loss.value(corner)) - base)) / (1 + base)
      expect(Math.abs(there - atDirection)).toBeLessThan(1e-4 + 1e-3 * Math.abs(atDirection))
    },
  )

  it('is refused where the loss is no finite number, which is not below what float32 can tell', async () => {
    const loss = await curved()
    const lost = { ...loss, parameters: loss.parameters.map(() => Number.NaN) }
    await expect(epsilonSharpness(lost)).rejects.toThrow('the loss is NaN')
  })

  it('below what float32 can tell is reported as such, and not as 0', async () => {
    const found = await epsilonSharpness(await curved(), { epsilon: 1e-9 })
    expect(found.isResolved).toBe(false)
    expect(found.resolution).toBeGreaterThan(0)
    expect(sharpnessText(found)).toMatch(/^below what float32 can tell, < \d(\.\d)?e-\d+ %$/)
    const other = await epsilonSharpness(await curved(), { epsilon: 1e-3 })
    expect(sharpnessText(other)).toBe(`${Number(other.percent.toPrecision(4))} %`)
  })

  it('refuses a box of nothing', async () => {
    const loss = await curved()
    await expect(epsilonSharpness(loss, { epsilon: 0 })).rejects.toThrow(UsageError)
    await expect(adaptiveSharpness(loss, { rho: -1 })).rejects.toThrow('rho is -1')
    await expect(epsilonSharpness(loss, { steps: 0 })).rejects.toThrow('steps is 0')
  })
})

describe('adaptiveSharpness', () => {
  it.each(goldenCurvature.adaptive)(
    'is what long projected ascent finds for ρ = $rho',
    async ({ rho, ascent, atDirection }) => {
      const loss = await curved()
      const { percent, loss: base } = await adaptiveSharpness(loss, { rho })
      expect(percent / ascent).toBeGreaterThan(0.98)
      expect(percent / ascent).toBeLessThan(1.001)
      const direction = fill(61, 2.1, 1)
      const length = Math.hypot(...direction)
      const moved = loss.parameters.map((value, i) => value + (rho * Math.abs(value) * (direction[i] ?? 0)) / length)
      expect((100 * ((await loss.value(moved)) - base)) / (1 + base)).toBeCloseTo(atDirection, 3)
    },
  )

  /** Weights and biases of a ReLU layer × factor, weights of the next ÷ factor: the same function. */
  const rescaled = async (factor: number) => {
    const model = sequential(linear(8), relu(), linear(3))
    const first = stateDict(initialize(model, key(3), [4]))
    const scaled = (name: string, by: number) => {
      const { shape = [], data = new Float32Array() } = first[name] ?? {}
      return { shape, data: data.map((value) => value * by) }
    }
    const variables = loadStateDict(initialize(model, key(0), [4]), {
      '0.weight': scaled('0.weight', factor),
      '0.bias': scaled('0.bias', factor),
      '2.weight': scaled('2.weight', 1 / factor),
      '2.bias': scaled('2.bias', 1),
    })
    const samples = await samplesOf(fill(80, 0.4, 1), [4], labels(20, 3), 3)
    return lossFunction({ network: { model }, loss: crossEntropy(), variables }, samples)
  }

  it('stays as it is where layers are rescaled without changing the function, and ε-sharpness does not', async () => {
    const [one, other] = [await rescaled(1), await rescaled(30)]
    expect(await other.value(other.parameters)).toBeCloseTo(await one.value(one.parameters), 6)
    const [adaptive, rescaledAdaptive] = [await adaptiveSharpness(one), await adaptiveSharpness(other)]
    expect(rescaledAdaptive.percent / adaptive.percent).toBeCloseTo(1, 3)
    const [epsilon, rescaledEpsilon] = [await epsilonSharpness(one), await epsilonSharpness(other)]
    expect(rescaledEpsilon.percent / epsilon.percent).toBeGreaterThan(3)
  })
})
