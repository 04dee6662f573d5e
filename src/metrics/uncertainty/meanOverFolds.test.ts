import { describe, expect, it } from 'vitest'
import { meanOverFolds } from './meanOverFolds.ts'

describe('meanOverFolds', () => {
  it('gives the corrected t-interval', () => {
    // SciPy: m ± stats.t.ppf(0.975, 2) * v.std(ddof=1) * sqrt(1/3 + 1/2)
    const { n, mean, sd, low, high, level } = meanOverFolds([0.9, 0.92, 0.94], { ratio: 1 / 2 })
    expect([n, level]).toEqual([3, 0.95])
    expect(mean).toBeCloseTo(0.92, 12)
    expect(sd).toBeCloseTo(0.02, 12)
    expect(low).toBeCloseTo(0.8414446680905472, 10)
    expect(high).toBeCloseTo(0.9985553319094527, 10)
  })

  it('is wider than Student’s, and narrower at a lower level', () => {
    const values = [1, 2, 4, 5]
    const width = (ratio: number, level: number) => {
      const { low, high } = meanOverFolds(values, { ratio, level })
      return high - low
    }
    expect(width(1 / 3, 0.95) / width(1e-12, 0.95)).toBeCloseTo(Math.sqrt(1 + 4 / 3), 6)
    expect(width(1 / 3, 0.5)).toBeLessThan(width(1 / 3, 0.95))
  })

  it('of one fold has no spread', () => {
    expect(meanOverFolds([3], { ratio: 1 })).toEqual({
      ...{ n: 1, mean: 3, level: 0.95 },
      ...{ sd: Number.NaN, standardError: Number.NaN, low: Number.NaN, high: Number.NaN },
    })
  })

  it('names what it cannot do', () => {
    expect(() => meanOverFolds([], { ratio: 1 })).toThrow('there is no value to take the mean of')
    expect(() => meanOverFolds([1, Number.NaN], { ratio: 1 })).toThrow('value 1 is NaN')
    expect(() => meanOverFolds([1, 2], { ratio: 0 })).toThrow('ratio is 0: give the scored samples')
    expect(() => meanOverFolds([1, 2], { ratio: 1, level: 1 })).toThrow()
  })
})
