import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../errors.ts'
import { key, normal, permutation, uniform } from '../random/index.ts'
import macroF1 from './fixtures/macro-f1.json' with { type: 'json' }
import golden from './fixtures/scores.json' with { type: 'json' }
import {
  averagePrecisionScore,
  brier,
  brierScoreLoss,
  cohenKappaScore,
  confusionMatrix,
  ece,
  expectedCalibrationError,
  explainedVarianceScore,
  f1,
  f1Score,
  logLossScore,
  matthewsCorrcoef,
  maxErrorScore,
  normalizeConfusion,
  precisionRecallCurve,
  precisionScore,
  recallScore,
  reliabilityBins,
  rocAuc,
  rocAucScore,
  rocCurve,
  softmax,
} from './index.ts'
import { argmax } from './scores.ts'

const near = (found: ArrayLike<number>, expected: ArrayLike<number>, digits = 12) => {
  expect(found.length).toBe(expected.length)
  for (const [i, value] of Array.from(expected).entries()) expect(found[i], `number ${i}`).toBeCloseTo(value, digits)
}
const averages = ['macro', 'weighted', 'micro'] as const
const sixtyFourths = (values: readonly number[]) => Float32Array.from(values, (value) => value / 64)

describe('several classes agree with scikit-learn', () => {
  const { classes, ...expected } = golden.multiclass
  const targets = Int32Array.from(expected.targets)
  const p = sixtyFourths(expected.sixtyFourths)
  const predicted = argmax(p, classes)

  test.each(averages)('areas and average precision, %s', (average) => {
    expect(rocAucScore(targets, p, classes, { average })).toBeCloseTo(expected.rocAuc[average], 12)
    expect(averagePrecisionScore(targets, p, classes, { average })).toBeCloseTo(expected.averagePrecision[average], 12)
  })
  test('one versus one, and each class', () => {
    expect(rocAucScore(targets, p, classes, { multiClass: 'ovo' })).toBeCloseTo(expected.rocAucOvo, 12)
    near(rocAucScore(targets, p, classes, { average: 'none' }), expected.rocAucEach)
    near(averagePrecisionScore(targets, p, classes, { average: 'none' }), expected.averagePrecisionEach)
    const each = expected.rocAucEach.map((_, of) => rocAucScore(targets, p, classes, { of }))
    near(each, expected.rocAucEach)
  })
  test('ROC curves, points on the way left out alike', () => {
    for (const [of, { fpr, tpr, thresholds }] of [[1, expected.roc] as const, ['micro', expected.rocMicro] as const]) {
      const { points } = rocCurve(targets, p, classes, of)
      near(
        points.map((point) => point.falsePositiveRate),
        fpr,
      )
      near(
        points.map((point) => point.truePositiveRate),
        tpr,
      )
      near(
        points.slice(1).map(({ threshold }) => threshold),
        thresholds,
      )
    }
  })
  test('precision-recall curve', () => {
    const { precision, recall, thresholds } = expected.precisionRecall
    const { points, averagePrecision } = precisionRecallCurve(targets, p, classes, 1)
    const [first, ...others] = points
    expect([first?.recall, first?.precision]).toEqual([0, 1])
    const places = others.map(({ threshold }) => thresholds.indexOf(threshold) + 1)
    expect(places).not.toContain(0)
    expect(places.length).toBeLessThan(thresholds.length)
    near(
      others.map((point) => point.recall),
      places.map((k) => recall[k] ?? Number.NaN),
    )
    near(
      others.map((point) => point.precision),
      places.map((k) => precision[k] ?? Number.NaN),
    )
    expect(averagePrecision).toBeCloseTo(expected.averagePrecisionEach[1] ?? Number.NaN, 12)
  })
  test('Brier and calibration', () => {
    expect(brierScoreLoss(targets, p, classes)).toBeCloseTo(expected.brier, 12)
    for (const [bins, error] of Object.entries(expected.ece))
      expect(expectedCalibrationError(targets, p, classes, { bins: Number(bins) })).toBeCloseTo(error, 12)
  })
  test('reliability bins hold every example once, in the bin of its confidence', () => {
    const bins = reliabilityBins(targets, p, classes, { bins: 5 })
    expect(bins.map(({ low, high }) => [low, high])).toEqual([0, 1, 2, 3, 4].map((b) => [b / 5, (b + 1) / 5]))
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(targets.length)
    let error = 0
    for (const { low, high, count, confidence, accuracy } of bins) {
      if (count === 0) expect([confidence, accuracy]).toEqual([Number.NaN, Number.NaN])
      else {
        expect(confidence > low && confidence <= high).toBe(true)
        error += (count / targets.length) * Math.abs(accuracy - confidence)
      }
    }
    expect(error).toBeCloseTo(expected.ece[5], 12)
  })
  test('kappa, MCC and normalised confusion', () => agrees(targets, predicted, classes, expected))
})

describe('two classes agree with scikit-learn', () => {
  const expected = golden.binary
  const targets = Int32Array.from(expected.targets)
  const p = sixtyFourths(expected.sixtyFourths)
  const predicted = argmax(p, 2)

  test('scores of class 1', () => {
    expect(rocAucScore(targets, p, 2)).toBeCloseTo(expected.rocAuc, 12)
    expect(rocAucScore(targets, p, 2, { of: 0 })).toBeCloseTo(expected.rocAuc, 12)
    expect(rocAucScore(targets, p, 2, { average: 'weighted' })).toBeCloseTo(expected.rocAuc, 12)
    expect(averagePrecisionScore(targets, p, 2, { of: 1 })).toBeCloseTo(expected.averagePrecision, 12)
    expect(brierScoreLoss(targets, p, 2)).toBeCloseTo(expected.brier, 12)
    expect(brierScoreLoss(targets, p, 2, { scaleByHalf: false })).toBeCloseTo(2 * expected.brier, 12)
  })
  test('precision, recall and F1 of class 1', () => {
    const found = [precisionScore, recallScore, f1Score].map((score) => score(targets, predicted, 2, { of: 1 }))
    near(found, [expected.precision, expected.recall, expected.f1])
  })
  test('kappa, MCC and normalised confusion', () => agrees(targets, predicted, 2, expected))
})

interface Agreement {
  readonly kappa: readonly number[]
  readonly mcc: number
  readonly true: readonly (readonly number[])[]
  readonly pred: readonly (readonly number[])[]
  readonly all: readonly (readonly number[])[]
}

function agrees(targets: Int32Array, predicted: Int32Array, classes: number, expected: Agreement) {
  const options = [{}, { weights: 'linear' }, { weights: 'quadratic' }] as const
  near(
    options.map((one) => cohenKappaScore(targets, predicted, classes, one)),
    expected.kappa,
  )
  expect(matthewsCorrcoef(targets, predicted, classes)).toBeCloseTo(expected.mcc, 12)
  for (const over of ['true', 'pred', 'all'] as const)
    near(normalizeConfusion(confusionMatrix(targets, predicted, classes), over).flat(), expected[over].flat())
}

test('explained variance and largest error agree with scikit-learn', () => {
  const [targets, outputs] = [
    Float32Array.from(golden.regression.targets),
    Float32Array.from(golden.regression.outputs),
  ]
  expect(explainedVarianceScore(targets, outputs)).toBeCloseTo(golden.regression.explainedVariance, 12)
  expect(maxErrorScore(targets, outputs)).toBe(golden.regression.maxError)
})

test('macro F1 agrees with scikit-learn in 500 random cases', () => {
  expect(macroF1.length).toBe(500)
  for (const [targets, predicted, expected] of macroF1) {
    const labels = (digits: string | number | undefined) => Int32Array.from(String(digits), Number)
    expect(f1Score(labels(targets), labels(predicted), 7)).toBeCloseTo(Number(expected), 12)
  }
})

/** Random targets, and probabilities that are rounded to eighths of a unit so that many tie. */
function drawn(seed: number, n: number, classes: number) {
  const targets = Int32Array.from(uniform(key(seed), n, { high: classes }), Math.floor)
  const scores = normal(key(seed), n * classes).map((value) => Math.round(value * 2))
  return { targets, scores, probabilities: softmax(scores, classes) }
}
const cases = [fc.nat(), fc.integer({ min: 2, max: 40 }), fc.integer({ min: 2, max: 5 })] as const

describe('areas', () => {
  test('are the Mann–Whitney statistic', () => {
    fc.assert(
      fc.property(...cases, (seed, n, classes) => {
        const { targets, probabilities } = drawn(seed, n, classes)
        const each = rocAucScore(targets, probabilities, classes, { average: 'none' })
        for (let c = classes === 2 ? 1 : 0; c < classes; c++) {
          let [wins, pairs] = [0, 0]
          const score = (i: number) => probabilities[i * classes + c] ?? 0
          for (const [i, a] of targets.entries())
            for (const [j, b] of targets.entries()) {
              if (a !== c || b === c) continue
              pairs++
              wins += score(i) > score(j) ? 1 : score(i) === score(j) ? 0.5 : 0
            }
          if (pairs === 0) expect(each[c]).toBeNaN()
          else expect(each[c]).toBeCloseTo(wins / pairs, 12)
        }
      }),
    )
  })

  test('are the areas under the curves, of means too', () => {
    fc.assert(
      fc.property(...cases, (seed, n, classes) => {
        const { targets, probabilities } = drawn(seed, n, classes)
        const averaged = classes === 2 ? ([1, 'micro'] as const) : ([0, 1, 'micro', 'macro'] as const)
        for (const of of averaged) {
          const { points, auc } = rocCurve(targets, probabilities, classes, of)
          const area = points.slice(1).reduce((sum, to, k) => {
            const from = points[k] ?? to
            return (
              sum +
              ((to.falsePositiveRate - from.falsePositiveRate) * (to.truePositiveRate + from.truePositiveRate)) / 2
            )
          }, 0)
          if (Number.isNaN(auc)) expect(points.length === 0 || Number.isNaN(area)).toBe(true)
          else expect(area, String(of)).toBeCloseTo(auc, 10)
        }
      }),
    )
  })

  test('of constant scores are 1/2, and average precision is the share of the class', () => {
    const [targets, p] = [Int32Array.of(0, 1, 2, 2), new Float32Array(12).fill(1 / 3)]
    for (const average of averages) expect(rocAucScore(targets, p, 3, { average })).toBe(0.5)
    expect(rocAucScore(targets, p, 3, { multiClass: 'ovo' })).toBe(0.5)
    expect(averagePrecisionScore(targets, p, 3, { average: 'none' })).toEqual([0.25, 0.25, 0.5])
    expect(precisionRecallCurve(targets, p, 3, 2).chance).toBe(0.5)
    expect(rocCurve(targets, p, 3, 0).points.length).toBe(2)
  })

  test('leave out a class without examples', () => {
    const targets = Int32Array.of(0, 1, 0, 1)
    const p = Float32Array.of(0.6, 0.3, 0.1, 0.25, 0.5, 0.25, 0.3, 0.4, 0.3, 0.2, 0.2, 0.6)
    expect(rocAucScore(targets, p, 3, { average: 'none' })).toEqual([1, 0.5, Number.NaN])
    expect(rocAucScore(targets, p, 3)).toBe(0.75)
    expect(rocAucScore(targets, p, 3, { multiClass: 'ovo' })).toBe(0.75)
    expect(averagePrecisionScore(targets, p, 3, { average: 'none' })[2]).toBeNaN()
    expect(averagePrecisionScore(targets, p, 3)).toBeCloseTo((1 + (1 / 1 / 2 + 2 / 4 / 2)) / 2, 6)
    expect(rocCurve(targets, p, 3, 'macro').auc).toBe(0.75)
  })

  test('are undefined for one class only, and a metric says so as NaN', () => {
    const [targets, scores] = [Int32Array.of(1, 1), Float32Array.of(0, 1, 0, 2)]
    expect(rocAucScore(targets, softmax(scores, 2), 2)).toBeNaN()
    expect(rocAuc().compute({ task: 'classification', targets, scores, classes: 2 })).toBeNaN()
    expect(cohenKappaScore(targets, targets, 2)).toBeNaN()
    expect(matthewsCorrcoef(targets, targets, 2)).toBe(0)
  })

  test('take logits of any size, and infinite ones as divergence', () => {
    const [targets, scores] = [Int32Array.of(1, 0), Float32Array.of(-1e30, 1e30, 50, -50)]
    expect(rocAuc().compute({ task: 'classification', targets, scores, classes: 2 })).toBe(1)
    const infinite = {
      task: 'classification',
      targets,
      classes: 2,
      scores: Float32Array.of(Infinity, 0, 0, 0),
    } as const
    for (const metric of [rocAuc(), brier(), ece()]) expect(metric.compute(infinite)).toBeNaN()
  })
})

test('60,000 predictions of 10 classes have the area that pairs drawn at random have', () => {
  const [n, classes] = [60_000, 10]
  const targets = Int32Array.from(uniform(key(3), n, { high: classes }), Math.floor)
  const scores = normal(key(4), n * classes)
  for (const [i, target] of targets.entries()) scores[i * classes + target] = (scores[i * classes + target] ?? 0) + 1
  const predictions = { task: 'classification', targets, scores, classes } as const
  const shares = softmax(scores, classes)
  const order = permutation(key(5), n)
  let [wins, pairs] = [0, 0]
  for (let i = 0; i + 1 < n; i += 2) {
    const [a = 0, b = 0] = [order[i], order[i + 1]]
    if ((targets[a] === 0) === (targets[b] === 0)) continue
    const [hit, miss] = targets[a] === 0 ? [a, b] : [b, a]
    pairs++
    wins += Number((shares[hit * classes] ?? 0) > (shares[miss * classes] ?? 0))
  }
  expect(Math.abs(rocAuc({ of: 0 }).compute(predictions) - wins / pairs)).toBeLessThan(4 * Math.sqrt(0.25 / pairs))
})

test('names tell choices apart', () => {
  const listed = [
    rocAuc(),
    rocAuc({ average: 'micro' }),
    rocAuc({ of: 2 }),
    rocAuc({ multiClass: 'ovo' }),
    f1({ of: 0 }),
  ]
  expect(listed.map(({ name }) => name)).toEqual([
    'rocAucMacro',
    'rocAucMicro',
    'rocAucClass2',
    'rocAucOvo',
    'f1Class0',
  ])
  expect(listed.map(({ config }) => config)).toEqual([
    { average: 'macro' },
    { average: 'micro' },
    { of: 2 },
    { multiClass: 'ovo' },
    { of: 0 },
  ])
})

const [two, half] = [Int32Array.of(0, 1), Float32Array.of(0.5, 0.5, 0.5, 0.5)]
const broken = Float32Array.of(0.5, 0.5, Number.NaN, 0.5)
test.each([
  ['logits', () => rocAucScore(two, Float32Array.of(2, 1, 0, 1), 2), 'row 0 of the probabilities sums to 3'],
  ['negative', () => brierScoreLoss(two, Float32Array.of(0.5, 0.5, -1, 2), 2), 'holds -1'],
  ['NaN in areas', () => rocAucScore(two, broken, 2), 'the score of class 0 in row 1 is NaN'],
  ['NaN in curves', () => rocCurve(two, broken, 2, 'micro'), 'the score of class 0 in row 1 is NaN'],
  ['NaN in precision', () => averagePrecisionScore(two, broken, 2), 'the score of class 0 in row 1 is NaN'],
  ['NaN in calibration', () => reliabilityBins(two, broken, 2), 'the score of class 0 in row 1 is NaN'],
  ['NaN in log loss', () => logLossScore(two, broken, 2), 'the score of class 0 in row 1 is NaN'],
  ['empty', () => rocAucScore(new Int32Array(), new Float32Array(), 2), 'no example'],
  ['class of an area', () => rocAucScore(two, half, 2, { of: 2 }), 'of is 2 and there are 2 classes'],
  ['class of F1', () => f1Score(two, two, 2, { of: -1 }), 'of is -1'],
  ['class of a curve', () => precisionRecallCurve(two, half, 2, 0.5), 'of is 0.5'],
  ['bins', () => expectedCalibrationError(two, half, 2, { bins: 0 }), 'bins is 0'],
])('refuses wrong use: %s', (_, use, message) => {
  expect(use).toThrow(UsageError)
  expect(use).toThrow(message)
})
