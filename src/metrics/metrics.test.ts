import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { foldIn, key, normal, permutation } from '../random/index.ts'
import {
  accuracy,
  accuracyScore,
  argmax,
  averagePrecision,
  balancedAccuracy,
  brier,
  confusionMatrix,
  crossEntropyScore,
  ece,
  explainedVariance,
  f1,
  kappa,
  logLoss,
  logLossScore,
  type Metric,
  mae,
  maxError,
  mcc,
  meanSquaredError,
  mse,
  normalQuantile,
  precision,
  precisionRecallF1,
  r2,
  r2Score,
  recall,
  rmse,
  rocAuc,
  type SplitPredictions,
  softmax,
  topKAccuracy,
  topKAccuracyScore,
  wilsonInterval,
} from './index.ts'

const classifiers = [
  ...[accuracy(), balancedAccuracy(), topKAccuracy({ k: 2 }), kappa(), kappa({ weights: 'quadratic' }), mcc()],
  ...[precision(), recall(), f1(), f1({ of: 1 }), f1({ average: 'weighted' })],
  ...[rocAuc(), rocAuc({ average: 'micro' }), rocAuc({ average: 'weighted' }), rocAuc({ multiClass: 'ovo' })],
  ...[averagePrecision(), averagePrecision({ average: 'micro' }), averagePrecision({ of: 1 })],
  ...[logLoss(), brier(), ece()],
]
const regressors = [mse(), mae(), rmse(), r2(), explainedVariance(), maxError()]

/** Predictions of n examples of k classes, drawn from a seed, the examples in the order of a second seed. */
function predictions(task: SplitPredictions['task'], seed: number, n: number, order: Uint32Array): SplitPredictions {
  const k = 3
  const scores = normal(key(seed), n * k)
  const hidden = normal(foldIn(key(seed), 'targets'), n)
  if (task === 'regression') {
    const pick = (values: Float32Array) => Float32Array.from(order, (i) => values[i] ?? 0)
    return { task, outputs: pick(scores), targets: pick(hidden) }
  }
  return {
    task,
    classes: k,
    scores: Float32Array.from(
      { length: order.length * k },
      (_, i) => scores[(order[Math.floor(i / k)] ?? 0) * k + (i % k)] ?? 0,
    ),
    targets: Int32Array.from(order, (i) => Math.min(k - 1, Math.floor(Math.abs(hidden[i] ?? 0)))),
  }
}

/** NaN is near NaN. */
function expectNear(found: number, expected: number) {
  if (Number.isNaN(expected)) expect(found).toBeNaN()
  else expect(found).toBeCloseTo(expected, 10)
}

test.each([...classifiers, ...regressors])('$name does not depend on the order of the examples', (metric: Metric) => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 60 }), (seed, n) => {
      const inOrder = predictions(
        metric.task,
        seed,
        n,
        Uint32Array.from({ length: n }, (_, i) => i),
      )
      const shuffled = predictions(metric.task, seed, n, permutation(key(seed), n))
      const expected = metric.compute(inOrder)
      expectNear(metric.compute(shuffled), expected)
    }),
  )
})

test.each([...classifiers, ...regressors])(
  '$name of a resample is that of the examples, each as often',
  (metric: Metric) => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.nat(39), { minLength: 1 }),
        (seed, n, chosen) => {
          const order = Uint32Array.from(chosen, (i) => i % n)
          const counts = new Uint32Array(n)
          for (const i of order) counts[i] = (counts[i] ?? 0) + 1
          const all = Uint32Array.from({ length: n }, (_, i) => i)
          const found = metric.resampled(predictions(metric.task, seed, n, all))(counts)
          const expected = metric.compute(predictions(metric.task, seed, n, order))
          expectNear(found, expected)
        },
      ),
    )
  },
)

test('the numbers of one example count together', () => {
  const [targets, outputs] = [Float32Array.of(0, 0, 2, 2, 5, 5), Float32Array.of(1, 1, 4, 2, 5, 9)]
  for (const metric of regressors) {
    const found = metric.resampled({ task: 'regression', targets, outputs, width: 2 })
    expect(found()).toBeCloseTo(metric.compute({ task: 'regression', targets, outputs }), 12)
    const [some, other] = [targets, outputs].map((values) =>
      Float32Array.of(...values.subarray(0, 2), ...values.subarray(4)),
    )
    if (some === undefined || other === undefined) throw new Error('two arrays')
    expect(found(Uint32Array.of(1, 0, 1))).toBeCloseTo(
      metric.compute({ task: 'regression', targets: some, outputs: other }),
      12,
    )
  }
})

test('an experiment lists metrics as values', () => {
  const listed = [accuracy(), f1({ average: 'macro' }), f1({ average: 'weighted' }), topKAccuracy({ k: 3 }), logLoss()]
  expect(listed.map(({ name }) => name)).toEqual(['accuracy', 'f1Macro', 'f1Weighted', 'top3Accuracy', 'logLoss'])
  expect(listed.map(({ goal }) => goal)).toEqual(['max', 'max', 'max', 'max', 'min'])
  expect(JSON.parse(JSON.stringify(f1()))).toEqual({
    kind: 'f1',
    name: 'f1Macro',
    goal: 'max',
    task: 'classification',
    config: { average: 'macro' },
  })
})

test('a metric of the other task is refused by name', () => {
  const one = Uint32Array.of(0)
  for (const metric of classifiers) {
    const use = () => metric.compute(predictions('regression', 0, 1, one))
    expect(use).toThrow(UsageError)
    expect(use).toThrow(metric.name)
  }
  for (const metric of regressors)
    expect(() => metric.compute(predictions('classification', 0, 1, one))).toThrow(UsageError)
})

test('a diverged model gets NaN, not a score', () => {
  const scores = Float32Array.of(Number.NaN, Number.NaN)
  const targets = Int32Array.of(0)
  for (const metric of classifiers)
    expect(metric.compute({ task: 'classification', classes: 2, scores, targets })).toBeNaN()
  for (const metric of regressors)
    expect(metric.compute({ task: 'regression', outputs: scores, targets: Float32Array.of(1, 1) })).toBeNaN()
  expect(() => argmax(scores, 2)).toThrow('diverged')
})

describe('edges', () => {
  test('micro averages are the accuracy', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(4)), { minLength: 1 }), (pairs) => {
        const targets = Int32Array.from(pairs, ([t]) => t)
        const predicted = Int32Array.from(pairs, ([, p]) => p)
        const share = accuracyScore(targets, predicted)
        const scores = precisionRecallF1(targets, predicted, 5, { average: 'micro' })
        for (const score of Object.values(scores)) expect(score).toBeCloseTo(share, 12)
      }),
    )
  })

  test('of equal scores the lower class comes first, for argmax and top-k alike', () => {
    const scores = Float32Array.of(1, 1, 0, -Infinity, -Infinity, -Infinity)
    expect([...argmax(scores, 3)]).toEqual([0, 0])
    expect(topKAccuracyScore(Int32Array.of(0, 0), scores, 3, { k: 1 })).toBe(1)
    expect(topKAccuracyScore(Int32Array.of(1, 1), scores, 3, { k: 1 })).toBe(0)
  })

  test('large logits do not overflow', () => {
    expect([...softmax(Float32Array.of(1000, 1000, -1000, 0), 2)]).toEqual([0.5, 0.5, 0, 1])
    expect(crossEntropyScore(Int32Array.of(1), Float32Array.of(1000, 0), 2)).toBe(1000)
  })

  test('a sure mistake costs 23 ln 2, not infinity', () => {
    expect(logLossScore(Int32Array.of(1), Float32Array.of(1, 0), 2)).toBeCloseTo(23 * Math.LN2, 12)
  })

  test('log loss refuses logits', () => {
    expect(() => logLossScore(Int32Array.of(0), Float32Array.of(2, 1), 2)).toThrow('not logits')
  })

  test('r2 of constant targets is 1 for a hit and 0 otherwise; of their mean it is 0', () => {
    expect(r2Score(Float32Array.of(2, 2), Float32Array.of(2, 2))).toBe(1)
    expect(r2Score(Float32Array.of(2, 2), Float32Array.of(2, 3))).toBe(0)
    expect(r2Score(Float32Array.of(1, 3), Float32Array.of(2, 2))).toBe(0)
  })

  test('a Wilson interval holds the share and narrows with n', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, share) => {
        const hits = Math.round(share * n)
        const [few, many] = [wilsonInterval(hits, n), wilsonInterval(10 * hits, 10 * n)]
        expect(few.low).toBeGreaterThanOrEqual(0)
        expect(few.low).toBeLessThanOrEqual(hits / n)
        expect(few.high).toBeGreaterThanOrEqual(hits / n)
        expect(few.high).toBeLessThanOrEqual(1)
        expect(many.high - many.low).toBeLessThan(few.high - few.low)
      }),
    )
  })
})

const ints = (...values: number[]) => Int32Array.from(values)
const floats = (...values: number[]) => Float32Array.from(values)
test.each([
  ['lengths', () => accuracyScore(ints(0, 1), ints(0)), 'predicted has 1 values and targets has 2'],
  ['no example', () => accuracyScore(ints(), ints()), 'no example'],
  ['class too high', () => confusionMatrix(ints(0, 3), ints(0, 0), 3), 'targets[1] is 3'],
  ['class below 0', () => confusionMatrix(ints(0), ints(-1), 3), 'predicted[0] is -1'],
  ['classes', () => confusionMatrix(ints(0), ints(0), 0), 'classes is 0'],
  ['rows', () => argmax(floats(1, 2, 3), 2), '3 scores are not rows of 2'],
  ['number of rows', () => crossEntropyScore(ints(0), floats(1, 2, 3, 4), 2), '2 rows of 2 scores and 1 targets'],
  ['k', () => topKAccuracyScore(ints(0), floats(1, 2), 2, { k: 3 }), 'k is 3'],
  ['regression lengths', () => meanSquaredError(floats(1), floats(1, 2)), 'outputs has 2 values'],
  ['quantile', () => normalQuantile(1), 'p is 1'],
  ['level', () => wilsonInterval(1, 2, 95), 'level is 95'],
  ['successes', () => wilsonInterval(3, 2), 'successes is 3'],
] as const)('refuses wrong use: %s', (_, use, message) => {
  expect(use).toThrow(UsageError)
  expect(use).toThrow(message)
})
