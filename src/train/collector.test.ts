import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accuracy, averagePrecision, brier, f1, logLoss, type Metric, mae, r2, rocAuc } from '../metrics/index.ts'
import type { TargetKind } from '../nn/index.ts'
import { key, normal } from '../random/index.ts'
import { collector } from './collector.ts'

/** Sizes of batches that add up to `n`, in any division. */
const divisions = fc
  .tuple(fc.nat(), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 12 }))
  .map(([seed, sizes]) => ({ seed, sizes, n: sizes.reduce((sum, size) => sum + size, 0) }))

/** What metrics give when `n` samples come in batches of these sizes, and in one. */
function gathered(
  target: TargetKind,
  width: number,
  seed: number,
  sizes: readonly number[],
  metrics: readonly Metric[],
) {
  const n = sizes.reduce((sum, size) => sum + size, 0)
  const outputs = normal(key(seed), n * width)
  const classes = target.task === 'classification' ? target.classes.length : 1
  const targets =
    target.task === 'classification'
      ? Int32Array.from({ length: n }, (_, i) => Math.abs(Math.round(17 * (outputs[i] ?? 0))) % classes)
      : normal(key(seed + 1), n * width)
  const each = target.task === 'classification' ? 1 : width
  const one = collector(target, n)
  let begin = 0
  for (const size of sizes) {
    const end = begin + size
    const losses = outputs.subarray(begin * width, end * width)
    one.add({
      loss: losses.reduce((sum, value) => sum + value, 0) / losses.length,
      output: outputs.slice(begin * width, end * width),
      targets: targets.slice(begin * each, end * each),
    })
    begin = end
  }
  const predictions = one.predictions()
  return { loss: one.loss, values: metrics.map((metric) => metric.compute(predictions)) }
}

describe('scores of a split', () => {
  it('of a classifier do not depend on how it is divided into batches', () => {
    const target: TargetKind = { task: 'classification', classes: ['a', 'b', 'c'] }
    const metrics = [accuracy(), f1(), rocAuc(), averagePrecision(), logLoss(), brier()]
    fc.assert(
      fc.property(divisions, ({ seed, sizes, n }) => {
        const [parts, whole] = [gathered(target, 3, seed, sizes, metrics), gathered(target, 3, seed, [n], metrics)]
        expect(parts.values).toEqual(whole.values)
        expect(parts.loss).toBeCloseTo(whole.loss, 5)
      }),
    )
  })

  it('of a regression with several numbers a sample neither', () => {
    const target: TargetKind = { task: 'regression', shape: [2], range: [-1, 1] }
    const metrics = [mae(), r2()]
    fc.assert(
      fc.property(divisions, ({ seed, sizes, n }) => {
        const [parts, whole] = [gathered(target, 2, seed, sizes, metrics), gathered(target, 2, seed, [n], metrics)]
        expect(parts.values).toEqual(whole.values)
        expect(parts.loss).toBeCloseTo(whole.loss, 5)
      }),
    )
  })
})
