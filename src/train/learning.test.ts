import { describe, expect, it } from 'vitest'
import '../index.ts'
import { accuracy, mse as mseMetric } from '../metrics/index.ts'
import { bce, linear, mse, relu, sequential, tanh } from '../nn/index.ts'
import { adam } from '../optim/index.ts'
import { classify, convolve, trained } from '../testing/experiments.ts'
import { clouds, sine } from '../testing/made.ts'
import { type Experiment, experiment } from './index.ts'

describe('what is learnt', () => {
  const last = async (of: Experiment, seed = 0) => {
    const reports: Readonly<Record<string, number>>[] = []
    const result = await trained(of, seed, {
      onEpoch: ({ validation, train }) => void reports.push(validation ?? train),
    })
    return { ...result, report: reports.at(-1) ?? {}, reports }
  }

  it('three clouds', async () => {
    const { report, reports, evaluate, prepared } = await last(classify.with({ epochs: 15 }))
    expect(reports).toHaveLength(15)
    expect(report.accuracy).toBeGreaterThan(0.9)
    const { predictions } = await evaluate(prepared.test)
    expect(accuracy().compute(predictions)).toBeGreaterThan(0.9)
  })

  it('a sine, by regression', async () => {
    const regression = experiment({
      name: 'sine',
      data: sine(),
      model: sequential(linear(32), tanh(), linear(1)),
      loss: mse(),
      optimizer: adam({ lr: 0.02 }),
      batchSize: 25,
      epochs: 120,
      metrics: [mseMetric()],
    })
    const { report } = await last(regression)
    // The sine's own variance is about a half.
    expect(report.mse).toBeLessThan(0.01)
    expect(report.loss).toBeCloseTo(report.mse ?? Number.NaN, 5)
  })

  it('two clouds, by one logit', async () => {
    const data = clouds({ samples: 60, classes: 2 })
    const { report, evaluate, prepared } = await last(
      classify.with({ data, model: sequential(linear(8), relu(), linear(1)), loss: bce(), epochs: 15 }),
    )
    expect(report.accuracy).toBeGreaterThan(0.9)
    const { predictions } = await evaluate(prepared.train)
    if (predictions.task !== 'classification') throw new Error('not classes')
    expect(predictions.scores.filter((_, i) => i % 2 === 0)).toEqual(new Float32Array(predictions.targets.length))
  })

  it('stripes, with a last batch smaller than the others', async () => {
    const { report } = await last(convolve.with({ epochs: 8 }))
    expect(report.accuracy).toBeGreaterThan(0.9)
  })

  it('two clouds, by twelve layers of ten as by any others', async () => {
    // Two classes: with PyTorch's initial weights so deep a stack passes on one direction of its input, here and there.
    const deep = sequential(...Array.from({ length: 12 }, () => [linear(10), tanh()]).flat(), linear(2))
    const data = clouds({ samples: 120, classes: 2 })
    const { report, reports } = await last(classify.with({ data, model: deep, epochs: 15 }))
    expect(report.accuracy).toBeGreaterThan(0.9)
    expect(report.loss).toBeLessThan(0.5 * (reports[0]?.loss ?? 0))
  })
})
