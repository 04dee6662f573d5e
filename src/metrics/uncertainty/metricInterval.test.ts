import { describe, expect, it } from 'vitest'
import { key, normal } from '../../random/index.ts'
import { accuracy, ece, f1, maxError, r2, rmse, rocAuc, type SplitPredictions, topKAccuracy } from '../index.ts'
import {
  delongInterval,
  type MetricInterval,
  methodText,
  metricInterval,
  resamplesFor,
  wilsonInterval,
} from './index.ts'

const n = 120
const scores = normal(key(1), n * 2)
const targets = Int32Array.from({ length: n }, (_, i) =>
  Number((scores[2 * i + 1] ?? 0) + (scores[(2 * i + 7) % (2 * n)] ?? 0) > (scores[2 * i] ?? 0)),
)
const classes: SplitPredictions = { task: 'classification', scores, classes: 2, targets }
const numbers: SplitPredictions = {
  task: 'regression',
  outputs: scores,
  targets: scores.map((x) => x + x * x),
  width: 1,
}

const bounds = (interval: MetricInterval) => ('reason' in interval ? interval.reason : [interval.low, interval.high])

describe('metricInterval', () => {
  it('is Wilson’s for shares of examples', () => {
    const hits = Math.round(accuracy().compute(classes) * n)
    const { low, high } = wilsonInterval(hits, n, 0.9)
    expect(metricInterval(accuracy(), classes, { level: 0.9 })).toEqual({ method: 'Wilson', low, high, level: 0.9, n })
    expect(metricInterval(topKAccuracy({ k: 2 }), classes)).toMatchObject({ method: 'Wilson', high: 1 })
  })

  it('is DeLong’s for the area of two classes, whatever average was asked for but micro', () => {
    const probabilities = Float32Array.from({ length: 2 * n }, (_, i) => {
      const [own, other] = [scores[i] ?? 0, scores[i % 2 === 0 ? i + 1 : i - 1] ?? 0]
      return 1 / (1 + Math.exp(other - own))
    })
    const expected = delongInterval(targets, probabilities, 2, { of: 1 })
    for (const metric of [rocAuc(), rocAuc({ of: 1 }), rocAuc({ average: 'weighted' })]) {
      const found = metricInterval(metric, classes)
      if ('reason' in found) throw new Error(found.reason)
      expect(found.method).toBe('DeLong')
      expect(found.low).toBeCloseTo(expected.low, 5)
      expect(found.high).toBeCloseTo(expected.high, 5)
    }
    expect(metricInterval(rocAuc({ average: 'micro' }), classes)).toMatchObject({ method: 'BCa bootstrap' })
  })

  it('is a bootstrap of examples for the others, the same for the same key, and holds the value', () => {
    for (const [metric, of] of [[f1(), classes] as const, [rmse(), numbers] as const, [r2(), numbers] as const]) {
      const found = metricInterval(metric, of, { key: key(3) })
      if ('reason' in found) throw new Error(found.reason)
      expect(methodText(found)).toBe('BCa bootstrap, 1,000 resamples')
      expect(bounds(metricInterval(metric, of, { key: key(3) }))).toEqual(bounds(found))
      expect(bounds(metricInterval(metric, of, { key: key(4) }))).not.toEqual(bounds(found))
      expect(found.low).toBeLessThan(metric.compute(of))
      expect(found.high).toBeGreaterThan(metric.compute(of))
    }
  })

  it('resamples less where there is much, counted as the metric goes through it, and not at all where there is too much', () => {
    const large = (count: number): SplitPredictions => ({ ...classes, scores: new Float32Array(count) })
    expect(resamplesFor(f1(), large(10_000))).toBe(1000)
    expect(resamplesFor(f1(), large(200_000))).toBe(500)
    expect(resamplesFor(rocAuc(), large(200_000))).toBe(250)
    expect(resamplesFor(f1(), large(2_000_000))).toBe(200)
    expect(resamplesFor(f1(), large(2_100_000))).toBe(0)
    expect(resamplesFor(accuracy(), large(2_100_000))).toBe(1000)
  })

  it('says why there is none', () => {
    expect(bounds(metricInterval(maxError(), numbers))).toMatch('largest value')
    expect(bounds(metricInterval(ece(), classes))).toMatch('calibration')
    const one: SplitPredictions = { ...classes, targets: targets.map(() => 1) }
    expect(bounds(metricInterval(rocAuc(), one))).toMatch('an interval of its area takes 20 of each')
    const ranked: SplitPredictions = { ...classes, scores: scores.map((_, i) => (i % 2) * (targets[i >> 1] ?? 0)) }
    expect(bounds(metricInterval(rocAuc(), ranked))).toMatch('the area of class 1 is 1')
    const right: SplitPredictions = { ...numbers, targets: scores }
    expect(bounds(metricInterval(rmse(), right))).toBe('all resamples give the same rmse')
  })
})
