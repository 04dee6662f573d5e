import { describe, expect, it } from 'vitest'
import { inMemory } from '../data/index.ts'
import '../index.ts'
import { accuracyScore, argmax, f1Score } from '../metrics/index.ts'
import { crossEntropyOf, linear, sequential, stateDict } from '../nn/index.ts'
import { adam } from '../optim/index.ts'
import { evaluate as computed, real, whole } from '../testing/check.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { clouds } from '../testing/made.ts'
import { type EpochReport, prepare, fit as train } from './index.ts'

describe('evaluation covers the whole split', () => {
  // More samples than one call takes, and a rest.
  const of = classify.with({ data: clouds({ samples: 90, test: 1130 }) })

  it('metrics and loss are those of all predictions together', async () => {
    const { evaluate, prepared } = await trained(of, 0)
    const { loss, predictions } = await evaluate(prepared.test)
    if (predictions.task !== 'classification') throw new Error('not classes')
    const { scores, targets, classes } = predictions
    const { targets: stored } = prepared.test.dataset
    if (stored.task !== 'classification') throw new Error('not classes')
    expect(targets).toEqual(stored.labels)
    expect(scores).toHaveLength(1130 * classes)
    const [direct] = computed((z, y) => crossEntropyOf(z, y), [real([1130, 3], scores), whole([1130], targets)])
    expect(loss).toBeCloseTo(direct?.data[0] ?? Number.NaN, 5)
    const predicted = argmax(scores, classes)
    const [accuracy, f1] = of.metrics.map((metric) => metric.compute(predictions))
    expect(accuracy).toBe(accuracyScore(targets, predicted))
    expect(f1).toBeCloseTo(f1Score(targets, predicted, classes, { average: 'macro' }), 12)
  })

  it('and scores are what the weights give by hand, dropout off', async () => {
    const linearly = of.with({ model: sequential(linear(3)) })
    const { evaluate, prepared, state } = await trained(linearly, 0)
    const { predictions } = await evaluate(prepared.test)
    if (predictions.task !== 'classification') throw new Error('not classes')
    const { '0.weight': weight, '0.bias': bias } = stateDict(state.variables)
    const [{ mean, std }] = prepared.transforms.map((fitted) => fitted.state) as [{ mean: number[]; std: number[] }]
    const { data } = inMemory(prepared.test.dataset).inputs
    for (const sample of [0, 499, 500, 1129])
      for (let c = 0; c < 3; c++) {
        const term = (axis: number) =>
          (weight?.data[2 * c + axis] ?? 0) * (((data[2 * sample + axis] ?? 0) - (mean[axis] ?? 0)) / (std[axis] ?? 1))
        const score = (bias?.data[c] ?? 0) + term(0) + term(1)
        expect(predictions.scores[3 * sample + c]).toBeCloseTo(score, 4)
      }
  })

  it('the training scores of an epoch count every sample once, the smaller last batch by its size', async () => {
    // With steps of almost nothing the weights stay, so the epoch's scores are those of the weights.
    const still = classify.with({
      model: sequential(linear(3)),
      optimizer: adam({ lr: 1e-30 }),
      epochs: 1,
      batchSize: 25,
    })
    const reports: EpochReport[] = []
    const { evaluate, prepared } = await trained(still, 0, { onEpoch: (report) => void reports.push(report) })
    const { loss, predictions } = await evaluate(prepared.train)
    expect(prepared.train.indices).toHaveLength(72)
    expect(reports).toHaveLength(1)
    expect(reports[0]?.train.loss).toBeCloseTo(loss, 6)
    expect(reports[0]?.train.accuracy).toBe(still.metrics[0]?.compute(predictions))
    const { loss: held } = await evaluate(prepared.validation)
    expect(reports[0]?.validation?.loss).toBeCloseTo(held, 6)
  })

  it('uses running statistics: the batch that a sample is in does not matter', async () => {
    const { evaluate, prepared } = await trained(convolve, 0)
    const scoresOf = async (indices: Uint32Array) => {
      const { predictions } = await evaluate({ dataset: prepared.train.dataset, indices })
      if (predictions.task !== 'classification') throw new Error('not classes')
      return predictions.scores
    }
    const together = await scoresOf(Uint32Array.of(0, 1, 2, 3, 4, 5))
    const alone = await scoresOf(Uint32Array.of(3))
    for (const c of [0, 1]) expect(alone[c]).toBeCloseTo(together[6 + c] ?? Number.NaN, 5)
  })

  it('refuses a split without samples', async () => {
    const without = classify.with({ data: clouds() })
    const prepared = await prepare(without)
    const { evaluate } = await train(without.with({ epochs: 1 }), prepared, 0)
    await expect(evaluate(prepared.test)).rejects.toThrow(
      'there is no sample of clouds to evaluate on: the split is empty',
    )
  })
})
