import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../errors.ts'
import { key, normal, permutation, uniform } from '../../random/index.ts'
import golden from '../fixtures/uncertainty.json' with { type: 'json' }
import { accuracy, f1, mae, maxError, mse, rocAuc, rocAucScore, type SplitPredictions, softmax } from '../index.ts'
import {
  bootstrapDifference,
  bootstrapInterval,
  delongInterval,
  delongTest,
  holm,
  mcnemarTest,
  meanOverSeeds,
  pairedPermutationTest,
  wilcoxonTest,
  wilsonInterval,
} from './index.ts'

const near = (found: readonly number[], expected: readonly number[], digits = 12) => {
  expect(found.length).toBe(expected.length)
  for (const [i, value] of expected.entries()) expect(found[i], `number ${i}`).toBeCloseTo(value, digits)
}

/** A classifier of k classes that finds the right one more often than not. */
function classifier(seed: number, n: number, classes: number) {
  const targets = Int32Array.from(uniform(key(seed), n, { high: classes }), Math.floor)
  const scores = normal(key(seed), n * classes)
  for (const [i, target] of targets.entries()) scores[i * classes + target] = (scores[i * classes + target] ?? 0) + 1
  return { task: 'classification', targets, scores, classes } as const
}

describe('agree with SciPy and statsmodels', () => {
  test.each(golden.seeds)('mean over $values.length seeds', ({ values, level, ...expected }) => {
    const { mean, sd, low, high, n } = meanOverSeeds(values, { level })
    near([mean, sd, low, high], [expected.mean, expected.sd, expected.low, expected.high], 9)
    expect(n).toBe(values.length)
  })

  test.each(golden.mcnemar)('McNemar, $onlyA against $onlyB', ({ onlyA, onlyB, exact, corrected }) => {
    const length = onlyA + onlyB + 10
    const [targets, a, b] = [new Int32Array(length), new Int32Array(length), new Int32Array(length)]
    b.fill(1, 0, onlyA)
    a.fill(1, onlyA, onlyA + onlyB)
    const found = mcnemarTest(targets, a, b)
    expect(found).toMatchObject({ onlyA, onlyB, n: onlyA + onlyB, method: 'exact', statistic: Math.min(onlyA, onlyB) })
    expect(found.pValue / exact).toBeCloseTo(1, 10)
    const { statistic, pValue } = mcnemarTest(targets, a, b, { method: 'corrected' })
    // statsmodels lets |0| − 1 be squared; no difference is no evidence.
    if (onlyA === onlyB) expect([statistic, pValue]).toEqual([0, 1])
    else near([statistic, pValue], corrected)
  })

  test.each(golden.permutation)('permutations of $a.length pairs', ({ a, b, pValue, statistic }) => {
    const found = pairedPermutationTest(a, b)
    near([found.pValue, found.statistic], [pValue, statistic])
    expect(found).toMatchObject({ method: 'exact', n: a.length })
  })

  test.each([...golden.wilcoxonExact, ...golden.wilcoxonTies])(
    'Wilcoxon, $a.length pairs',
    ({ a, b, pValue, statistic }) => {
      const found = wilcoxonTest(a, b)
      near([found.pValue, found.statistic], [pValue, statistic])
      expect(found.method).toBe('exact')
    },
  )
  test('Wilcoxon, 60 pairs', () => {
    const { a, b, pValue, statistic } = golden.wilcoxonNormal
    const found = wilcoxonTest(a, b)
    near([found.pValue, found.statistic], [pValue, statistic])
    expect(found).toMatchObject({ method: 'normal', n: 60 })
  })

  test.each([...golden.wilcoxonExact, golden.wilcoxonNormal])(
    'Wilcoxon, one-sided, $a.length pairs',
    ({ a, b, less, greater }) => {
      near(
        (['less', 'greater'] as const).map((alternative) => wilcoxonTest(a, b, { alternative }).pValue),
        [less, greater],
      )
    },
  )

  test('Holm', () => near(holm(golden.holm.raw), golden.holm.corrected))

  test('DeLong', () => {
    const { standardError, low, high, z, pValue, aucA, aucB, ...data } = golden.delong
    const targets = Int32Array.from(data.targets)
    const shares = (values: readonly number[]) => Float32Array.from(values.flatMap((v) => [1 - v / 64, v / 64]))
    const [a, b] = [shares(data.a), shares(data.b)]
    const found = delongInterval(targets, a, 2, { level: 0.9 })
    near([found.auc, found.standardError, found.low, found.high], [aucA, standardError, low, high])
    const compared = delongTest(targets, a, b, 2)
    near([compared.statistic, compared.pValue, compared.aucA, compared.aucB], [z, pValue, aucA, aucB])
    expect(compared.aucA).toBeCloseTo(rocAucScore(targets, a, 2), 12)
    expect(delongTest(targets, a, a, 2)).toMatchObject({ pValue: 1, statistic: 0 })
  })

  test.each(['percentile', 'bca'] as const)('bootstrap, %s', (method) => {
    const errors = Float32Array.from(golden.bootstrap.errors)
    const predictions = { task: 'regression', outputs: errors, targets: new Float32Array(errors.length) } as const
    const found = bootstrapInterval(mae(), predictions, { method, resamples: 50_000, key: key(1) })
    // Both have the chance of their draws: a hundredth of the interval's width.
    const expected = golden.bootstrap[method]
    const width = (expected[1] ?? 0) - (expected[0] ?? 0)
    for (const [i, value] of [found.low, found.high, found.standardError].entries())
      expect(Math.abs(value - (expected[i] ?? 0)) / width, `number ${i}`).toBeLessThan(0.015)
  })
})

describe('bootstrap', () => {
  const predictions = classifier(0, 300, 3)

  test('gives the same interval for the same key, another for another, and says what it is made of', () => {
    const found = bootstrapInterval(f1(), predictions, { resamples: 200 })
    expect(found).toEqual(bootstrapInterval(f1(), predictions, { resamples: 200, key: key(0) }))
    expect(found).not.toEqual(bootstrapInterval(f1(), predictions, { resamples: 200, key: key(1) }))
    expect(found).toMatchObject({ resampled: 'examples', n: 300, resamples: 200, undefined: 0, method: 'bca' })
    expect(found.estimate).toBe(f1().compute(predictions))
    expect(found.low < found.estimate && found.estimate < found.high).toBe(true)
  })

  test('is nearly Wilson for accuracy', () => {
    const { estimate, low, high } = bootstrapInterval(accuracy(), predictions, { resamples: 20_000 })
    const wilson = wilsonInterval(Math.round(estimate * 300), 300)
    near([low, high], [wilson.low, wilson.high], 2)
  })

  test('is nearly DeLong for areas, and stratified ones keep every class', () => {
    const two = classifier(1, 400, 2)
    const delong = delongInterval(two.targets, softmax(two.scores, 2), 2)
    const found = bootstrapInterval(rocAuc(), two, { stratified: true })
    expect(found.resampled).toBe('examples within classes')
    near([found.low, found.high, found.standardError], [delong.low, delong.high, delong.standardError], 2)
  })

  test('hardly changes with fewer parts in the jackknife, and refuses one', () => {
    const two = classifier(1, 1000, 2)
    const [all, few] = [2000, 200].map((jackknifeParts) => bootstrapInterval(rocAuc(), two, { jackknifeParts }))
    if (all === undefined || few === undefined) throw new Error('two intervals were asked for')
    near([few.low, few.high], [all.low, all.high], 3)
    expect(() => bootstrapInterval(rocAuc(), two, { jackknifeParts: 1 })).toThrow('jackknifeParts is 1')
  })

  test('leaves out resamples without the class, but not where it draws within classes', () => {
    const rare = { ...classifier(2, 30, 2), targets: Int32Array.from({ length: 30 }, (_, i) => Number(i === 4)) }
    const found = bootstrapInterval(rocAuc(), rare, { resamples: 1000 })
    expect(found.resamples + found.undefined).toBe(1000)
    // A row is not drawn 30 times in a row with probability (29 / 30)^30 = 0.36.
    expect(Math.abs(found.undefined - 362)).toBeLessThan(4 * Math.sqrt(1000 * 0.36 * 0.64))
    expect(bootstrapInterval(rocAuc(), rare, { resamples: 1000, stratified: true }).undefined).toBe(0)
  })

  test('has no width where all is right, and NaN where the metric is undefined', () => {
    const right = {
      task: 'classification',
      classes: 2,
      targets: Int32Array.of(0, 1),
      scores: Float32Array.of(1, 0, 0, 1),
    } as const
    expect(bootstrapInterval(accuracy(), right)).toMatchObject({ estimate: 1, low: 1, high: 1 })
    const one = { ...right, targets: Int32Array.of(0, 0) }
    expect(bootstrapInterval(rocAuc(), one, { resamples: 50 })).toMatchObject({ low: Number.NaN, undefined: 50 })
  })

  test('resamples examples, not their numbers', () => {
    const [n, width] = [50, 20]
    // All numbers of an example are off alike: only 50 of 1,000 are independent.
    const outputs = Float32Array.from({ length: n * width }, (_, i) => normal(key(3), n)[Math.floor(i / width)] ?? 0)
    const predictions: SplitPredictions = { task: 'regression', outputs, targets: new Float32Array(n * width), width }
    const found = bootstrapInterval(mse(), predictions)
    expect(found.n).toBe(n)
    const alone = bootstrapInterval(mse(), { task: 'regression', outputs, targets: new Float32Array(n * width) })
    expect(found.standardError / alone.standardError).toBeCloseTo(Math.sqrt(width), 0)
  })

  test('of a difference takes the same draws for both', () => {
    const noise = normal(key(9), predictions.scores.length, { std: 0.05 })
    const other = { ...predictions, scores: predictions.scores.map((score, i) => score + (noise[i] ?? 0)) }
    const paired = bootstrapDifference(f1(), predictions, other)
    const single = bootstrapInterval(f1(), predictions)
    expect(paired.standardError).toBeLessThan(single.standardError / 2)
    expect(paired.low <= paired.estimate && paired.estimate <= paired.high).toBe(true)
    expect(bootstrapDifference(f1(), predictions, predictions)).toMatchObject({ estimate: 0, low: 0, high: 0 })
    const shuffled = { ...predictions, targets: predictions.targets.map((_, i) => predictions.targets[299 - i] ?? 0) }
    expect(() => bootstrapDifference(f1(), predictions, shuffled)).toThrow('the two models have other targets')
  })

  test('of many examples leaves out blocks, which makes no difference', () => {
    const many = classifier(5, 6000, 2)
    const options = { resamples: 2000 }
    const [bca, percentile] = (['bca', 'percentile'] as const).map((method) =>
      bootstrapInterval(f1(), many, { ...options, method }),
    )
    near([bca?.low ?? 0, bca?.high ?? 0], [percentile?.low ?? 1, percentile?.high ?? 1], 2)
  })
})

const values = fc.array(
  fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
  {
    minLength: 1,
    maxLength: 12,
  },
)
test.each([
  ['permutation', pairedPermutationTest],
  ['Wilcoxon', wilcoxonTest],
] as const)('%s tests do not depend on the order of pairs, nor on which model comes first', (_, paired) => {
  fc.assert(
    fc.property(values, fc.nat(), (pairs, seed) => {
      const shuffled = Array.from(permutation(key(seed), pairs.length), (i) => pairs[i] ?? [0, 0])
      const [a, b] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
      const { pValue } = paired(a, b)
      expect(pValue > 0 && pValue <= 1).toBe(true)
      expect(paired(b, a).pValue).toBeCloseTo(pValue, 10)
      const again = paired(
        shuffled.map(([x]) => x ?? 0),
        shuffled.map(([, y]) => y ?? 0),
      )
      expect(again.pValue).toBeCloseTo(pValue, 10)
    }),
  )
})

describe('edges', () => {
  test('models that are alike differ with probability 1', () => {
    const same = [0.9, 0.8, 0.7]
    expect(wilcoxonTest(same, same)).toMatchObject({ pValue: 1, n: 0 })
    expect(pairedPermutationTest(same, same).pValue).toBe(1)
    const labels = Int32Array.of(0, 1)
    for (const method of ['exact', 'corrected'] as const)
      expect(mcnemarTest(labels, labels, labels, { method })).toMatchObject({ pValue: 1, n: 0 })
  })

  test('five seeds cannot reach 0.05 and six can', () => {
    const better = [0.91, 0.93, 0.95, 0.92, 0.94, 0.96]
    const worse = better.map((value, i) => value - 0.01 * (i + 1))
    expect(pairedPermutationTest(better.slice(1), worse.slice(1)).pValue).toBe(2 / 32)
    expect(pairedPermutationTest(better, worse).pValue).toBe(2 / 64)
    expect(wilcoxonTest(better, worse).pValue).toBe(2 / 64)
  })

  test('drawn assignments agree with all of them', () => {
    const a = Array.from(normal(key(0), 24, { mean: 0.1, std: 0.2 }))
    const drawn = pairedPermutationTest(
      a,
      a.map(() => 0),
      { key: key(1) },
    )
    expect(drawn.method).toBe('drawn')
    // All signs of 24 numbers, as sums of all of the first and all of the last twelve.
    const sums = (half: readonly number[]) => half.reduce((all, d) => all.flatMap((sum) => [sum + d, sum - d]), [0])
    const [first, last] = [sums(a.slice(0, 12)), Float64Array.from(sums(a.slice(12))).sort()]
    const bound = Math.abs(a.reduce((sum, d) => sum + d, 0)) - 1e-12
    const countBelow = (limit: number) => {
      let [low, high] = [0, last.length]
      while (low < high) {
        const middle = (low + high) >>> 1
        if ((last[middle] ?? 0) <= limit) low = middle + 1
        else high = middle
      }
      return low
    }
    const asFar = first.reduce((sum, x) => sum + countBelow(-bound - x) + last.length - countBelow(bound - x), 0)
    const exact = asFar / (first.length * last.length)
    expect(Math.abs(drawn.pValue - exact)).toBeLessThan(4 * Math.sqrt((exact * (1 - exact)) / 100_000) + 1e-5)
  })

  test('one seed has no spread', () => {
    expect(meanOverSeeds([0.9])).toMatchObject({ n: 1, mean: 0.9, sd: Number.NaN, low: Number.NaN, high: Number.NaN })
  })

  test('Holm keeps order, adds nothing to one, and is no larger than Bonferroni', () => {
    expect(holm([])).toEqual([])
    expect(holm([0.2])).toEqual([0.2])
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (raw) => {
        for (const [i, p] of holm(raw).entries()) {
          expect(p).toBeGreaterThanOrEqual(raw[i] ?? 0)
          expect(p).toBeLessThanOrEqual(Math.min(1, raw.length * (raw[i] ?? 0)))
        }
      }),
    )
  })
})

const numbers = { task: 'regression', outputs: Float32Array.of(1), targets: Float32Array.of(1) } as const
const [two, half] = [Int32Array.of(0, 1), new Float32Array(4).fill(0.5)]
test.each([
  ['resamples', () => bootstrapInterval(mae(), numbers, { resamples: 1 }), 'resamples is 1'],
  ['level', () => bootstrapInterval(mae(), numbers, { level: 95 }), 'level is 95'],
  ['strata of numbers', () => bootstrapInterval(maxError(), numbers, { stratified: true }), 'stratified is true'],
  ['another task', () => bootstrapInterval(accuracy(), numbers), 'accuracy needs targets'],
  ['no seed', () => meanOverSeeds([]), 'there is no value'],
  ['a seed that diverged', () => meanOverSeeds([1, Number.NaN]), 'value 1 is NaN'],
  ['pairs', () => wilcoxonTest([1], [1, 2]), '1 values of one model and 2 of the other'],
  ['no pair', () => pairedPermutationTest([], []), 'there is no pair'],
  ['a pair that diverged', () => wilcoxonTest([1, Number.NaN], [1, 2]), 'pair 1 is NaN and 2'],
  ['permutations', () => pairedPermutationTest([1], [2], { permutations: 0 }), 'permutations is 0'],
  ['p-values', () => holm([0.5, 1.5]), 'p-value 1 is 1.5'],
  ['few of a class', () => delongTest(two, half, half, 2), "DeLong's variance takes 2 of each"],
  ['few of a class for an interval', () => delongInterval(two, half, 2), 'takes 20 of each'],
  ['no such class', () => delongInterval(two, half, 2, { of: 2 }), 'of is 2'],
  ['lengths', () => mcnemarTest(two, two, Int32Array.of(1)), 'predicted has 1 values'],
])('refuses wrong use: %s', (_, use, message) => {
  expect(use).toThrow(UsageError)
  expect(use).toThrow(message)
})
