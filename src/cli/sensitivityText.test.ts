import { describe, expect, it } from 'vitest'
import type { MeasuredRun } from '../figures/index.ts'
import { balanceText, measuresTable, sharpnessSentence } from './sensitivityText.ts'

const sharp = (percent: number, isResolved: boolean) => ({
  ...{ loss: 1, maximum: 1, percent, resolution: 2e-5, isResolved, evaluations: 2 },
})

const run = (batchSize: number, percent: number, isResolved = true): MeasuredRun => ({
  ...{ batchSize, seed: 0 },
  scores: { train: { loss: 0.1, samples: 3 }, test: { loss: 0.2, samples: 3 } },
  measures: {
    ...{ lossGradient: 0.5, jacobian: 3 },
    epsilonSharpness: sharp(percent, isResolved),
    adaptiveSharpness: sharp(1.5, true),
    topEigenvalue: { value: 4, residual: 0.1 },
    trace: { trace: 20, standardError: 2, probes: 5 },
    samples: { train: 3, test: 3 },
  },
})

describe('what is told of batch sizes', () => {
  it('never calls a sharpness 0 that float32 cannot tell', () => {
    const runs = [run(16, 0, false), run(64, 7)]
    const sentence = sharpnessSentence(runs)
    expect(sentence).toContain('16: below what float32 can tell and 1.5 %; 64: 7 % and 1.5 %')
    expect(sentence).toContain('In 1 of 2 runs the ε-sharpness is below what float32 can tell, < 2.0e-5 %')
    expect(measuresTable(runs)).toContain('< 2.0e-5 %')
  })

  it('says of how many runs a mean sharpness is, and the coarsest resolution of the others', () => {
    const coarse = run(16, 0, false)
    const { measures } = coarse
    const coarser = { ...coarse, measures: { ...measures, epsilonSharpness: { ...sharp(0, false), resolution: 3e-4 } } }
    const sentence = sharpnessSentence([coarse, coarser, run(16, 5)])
    expect(sentence).toContain('16: 5 % (the mean of 1 of 3 runs) and 1.5 %.')
    expect(sentence).toContain('In 2 of 3 runs the ε-sharpness is below what float32 can tell, < 3.0e-4 %')
  })

  it('says how sure the choice is, and that one seed cannot tell', () => {
    const ranks = [{ choice: 16, byCriterion: { 'test loss': 1, 'Jacobian norm': 2 }, mean: 1.5 }]
    expect(balanceText({ choice: 16, ranks, resamples: 0 })).toContain('one seed cannot tell')
    const confidence = [
      { choice: 16, share: 0.25 },
      { choice: 64, share: 0.75 },
      { choice: 256, share: 0.0001 },
    ]
    expect(balanceText({ choice: 64, ranks, resamples: 2000, confidence })).toBe(
      'By the mean rank in test loss, Jacobian norm, each over the seeds, batch size 64 balances them best. Drawing the seeds anew, it is 64 in 75 %, 16 in 25 % of the draws. The samples that all were judged on took part in this choice: on new ones the chosen size may do worse than on them.',
    )
  })
})
