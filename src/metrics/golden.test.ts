import { describe, expect, test } from 'vitest'
import { accuracyScore, balancedAccuracyScore, topKAccuracyScore } from './accuracy.ts'
import { confusionMatrix } from './confusion.ts'
import golden from './fixtures/golden.json' with { type: 'json' }
import { crossEntropyScore, logLossScore } from './logLoss.ts'
import { normalQuantile } from './normalQuantile.ts'
import { f1Score, precisionRecallF1, precisionScore, recallScore } from './precisionRecallF1.ts'
import { meanAbsoluteError, meanSquaredError, r2Score, rootMeanSquaredError } from './regression.ts'
import { argmax, softmax } from './scores.ts'
import { wilsonInterval } from './wilson.ts'

const near = (found: readonly number[], expected: readonly number[], digits = 12) => {
  expect(found.length).toBe(expected.length)
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, digits)
}

describe('classification agrees with scikit-learn', () => {
  const { classes, ...expected } = golden.classification
  const targets = Int32Array.from(expected.targets)
  const predicted = Int32Array.from(expected.predicted)
  const scores = Float32Array.from(expected.scores)

  test('argmax', () => expect(argmax(scores, classes)).toEqual(predicted))
  test('confusion matrix', () => {
    expect(confusionMatrix(targets, predicted, classes)).toEqual({ classes, counts: expected.confusion })
  })
  test('accuracy', () => expect(accuracyScore(targets, predicted)).toBeCloseTo(expected.accuracy, 12))
  test('balanced accuracy', () => {
    expect(balancedAccuracyScore(targets, predicted, classes)).toBeCloseTo(expected.balancedAccuracy, 12)
  })
  test('top-k accuracy', () => {
    near(
      [1, 2, 3].map((k) => topKAccuracyScore(targets, scores, classes, { k })),
      expected.topK,
    )
  })
  test.each(['macro', 'micro', 'weighted'] as const)('precision, recall and F1, %s', (average) => {
    const options = { average }
    const { precision, recall, f1 } = expected[average]
    near(Object.values(precisionRecallF1(targets, predicted, classes, options)), [precision, recall, f1])
    expect(precisionScore(targets, predicted, classes, options)).toBeCloseTo(precision, 12)
    expect(recallScore(targets, predicted, classes, options)).toBeCloseTo(recall, 12)
    expect(f1Score(targets, predicted, classes, options)).toBeCloseTo(f1, 12)
  })
  test('precision, recall and F1 of each class', () => {
    const found = precisionRecallF1(targets, predicted, classes, { average: 'none' })
    for (const name of ['precision', 'recall', 'f1', 'support'] as const) near(found[name], expected.none[name])
  })
  test('softmax', () => near([...softmax(scores, classes).subarray(0, classes)], expected.softmaxFirstRow, 7))
  test('log loss of probabilities and of logits', () => {
    expect(logLossScore(targets, softmax(scores, classes), classes)).toBeCloseTo(expected.logLoss, 6)
    expect(crossEntropyScore(targets, scores, classes)).toBeCloseTo(expected.crossEntropy, 6)
  })
})

test('regression agrees with scikit-learn', () => {
  const { mse, mae, rmse, r2, ...values } = golden.regression
  const [targets, outputs] = [Float32Array.from(values.targets), Float32Array.from(values.outputs)]
  const found = [meanSquaredError, meanAbsoluteError, rootMeanSquaredError, r2Score].map((f) => f(targets, outputs))
  near(found, [mse, mae, rmse, r2], 6)
})

test('normal quantiles agree with SciPy to 15 digits', () => {
  for (const [p = Number.NaN, z = Number.NaN] of golden.normalQuantile)
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThanOrEqual(2e-15 * Math.abs(z))
})

test('Wilson intervals agree with SciPy', () => {
  for (const [successes = 0, n = 0, level = 0, low = 0, high = 0] of golden.wilson)
    near(Object.values(wilsonInterval(successes, n, level)), [low, high])
})
