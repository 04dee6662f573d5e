/**
 * How often 95 % intervals hold the truth, over 2,000 data sets whose truth is known. The standard deviation of such a share is
 * 0.5 %: 93 to 97 % is four of them to each side.
 *
 * @module
 */
import { expect, test } from 'vitest'
import { foldIn, type Key, key, normal, uniform } from '../../random/index.ts'
import { accuracy, type Interval, type Metric, mae, rocAuc, type SplitPredictions } from '../index.ts'
import { softmax } from '../scores.ts'
import { bootstrapInterval, delongInterval, wilsonInterval } from './index.ts'

const CASES = 2000

function coverage(truth: number, interval: (key: Key) => Interval): number {
  let held = 0
  for (let c = 0; c < CASES; c++) {
    const { low, high } = interval(foldIn(key(7), c))
    held += Number(low <= truth && truth <= high)
  }
  return held / CASES
}

function expectNominal(found: number) {
  expect(found).toBeGreaterThanOrEqual(0.93)
  expect(found).toBeLessThanOrEqual(0.97)
}

/** Of n examples each is predicted right with probability p. */
const rightWith = (from: Key, n: number, p: number): number =>
  uniform(from, n).reduce((hits, value) => hits + Number(value < p), 0)

function answers(from: Key, n: number, p: number): SplitPredictions {
  const scores = Float32Array.from(uniform(from, n), (value) => (value < p ? 1 : -1)).reduce(
    (rows, value, i) => rows.fill(value, 2 * i, 2 * i + 1),
    new Float32Array(2 * n),
  )
  return { task: 'classification', classes: 2, targets: new Int32Array(n), scores }
}

/** Scores of two classes that are normal and √2 apart: the area is Φ(1) = 0.841. */
function ranked(from: Key, n: number) {
  const noise = normal(from, n)
  const targets = Int32Array.from({ length: n }, (_, i) => i % 2)
  const scores = new Float32Array(2 * n)
  for (let i = 0; i < n; i++) scores[2 * i + 1] = (noise[i] ?? 0) + (i % 2) * Math.SQRT2
  return { task: 'classification', classes: 2, targets, scores } as const
}

const bootstrapped =
  (metric: Metric, data: (from: Key) => SplitPredictions, method: 'percentile' | 'bca') => (from: Key) =>
    bootstrapInterval(metric, data(from), { key: from, resamples: 300, method })

test.each([
  [200, 0.5],
  [1000, 0.8],
] as const)('Wilson intervals of %i examples, accuracy %f', (n, p) => {
  expectNominal(coverage(p, (from) => wilsonInterval(rightWith(from, n, p), n)))
})

// Hits are whole numbers: at one accuracy the coverage is above or below 95 %, and over accuracies it is 95 %.
test.each([50, 200])('Wilson intervals of %i examples over accuracies from 0.5 to 0.99', (n) => {
  let held = 0
  for (const [c, p] of uniform(key(8), CASES, { low: 0.5, high: 0.99 }).entries()) {
    const { low, high } = wilsonInterval(rightWith(foldIn(key(9), c), n, p), n)
    held += Number(low <= p && p <= high)
  }
  expectNominal(held / CASES)
})
test.each([
  [50, 0.9, 0.9703],
  [200, 0.98, 0.9331],
] as const)('Wilson intervals of %i examples, accuracy %f: the binomial distribution says %f', (n, p, exact) => {
  const found = coverage(p, (from) => wilsonInterval(rightWith(from, n, p), n))
  expect(Math.abs(found - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / CASES))
})

test('bootstrap intervals of accuracy, percentile', () => {
  expectNominal(
    coverage(
      0.7,
      bootstrapped(accuracy(), (from) => answers(from, 100, 0.7), 'percentile'),
    ),
  )
})

test('bootstrap intervals of a mean absolute error, bca', () => {
  const data = (from: Key): SplitPredictions => ({
    task: 'regression',
    outputs: normal(from, 100),
    targets: new Float32Array(100),
  })
  expectNominal(coverage(Math.sqrt(2 / Math.PI), bootstrapped(mae(), data, 'bca')))
})

const AREA = 0.841344746068543
test('bootstrap intervals of an area', () => {
  expectNominal(
    coverage(
      AREA,
      bootstrapped(rocAuc(), (from) => ranked(from, 100), 'bca'),
    ),
  )
})
test('DeLong intervals of an area', () => {
  const interval = (from: Key) => {
    const { targets, scores } = ranked(from, 200)
    return delongInterval(targets, softmax(scores, 2), 2)
  }
  expectNominal(coverage(AREA, interval))
})

/** Scores of two classes that are normal: so many of the class, and as far above the others as gives the area. */
function rare(from: Key, of: number, others: number, apart: number) {
  const noise = normal(from, of + others)
  const targets = Int32Array.from(noise, (_, i) => Number(i < of))
  const scores = new Float32Array(2 * noise.length)
  for (const [i, value] of noise.entries()) scores[2 * i + 1] = value + (i < of ? apart : 0)
  return { targets, probabilities: softmax(scores, 2) }
}

// Wide rather than short: above the level, by as much as the area alone says less of the variance than the scores do.
test.each([
  [20, 180, 0.931, 2.0976],
  [50, 950, 0.983, 2.9983],
] as const)('DeLong intervals with %i of a class among %i others, area %f', (of, others, area, apart) => {
  const found = coverage(area, (from) => {
    const { targets, probabilities } = rare(from, of, others, apart)
    return delongInterval(targets, probabilities, 2)
  })
  expect(found).toBeGreaterThanOrEqual(0.95)
  expect(found).toBeLessThanOrEqual(0.995)
})

test('bootstrap intervals of a share near 1 are too short, which Wilson is not', () => {
  const [n, p] = [20, 0.97]
  expect(
    coverage(
      p,
      bootstrapped(accuracy(), (from) => answers(from, n, p), 'percentile'),
    ),
  ).toBeLessThan(0.6)
  expect(coverage(p, (from) => wilsonInterval(rightWith(from, n, p), n))).toBeGreaterThan(0.93)
})
