import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { holdOut } from '../../data/index.ts'
import { type FoldResult, type Folds, summarizeFolds } from '../../search/index.ts'
import { classify } from '../../testing/experiments.ts'
import { foldProgress } from './progress.ts'
import { planText, scoresText } from './text.ts'

const division: Folds = {
  ...{ fingerprint: '', samples: 6, strategy: { kind: 'kFold', config: {} }, inner: holdOut({ validation: 0.2 }) },
  folds: [0, 1].map((fold) => ({
    ...{ fold, repeat: 0 },
    train: Uint32Array.of(0, 1, 2),
    score: Uint32Array.of(3, 4, 5),
  })),
}
const result = (fold: number, more: Partial<FoldResult> = {}): FoldResult => ({
  ...{ repeat: 0, fold, seed: 0, status: 'finished', epochs: 4 },
  scores: { loss: 0.5 + fold, accuracy: 0.75, f1Macro: 0.5 },
  ...more,
})
const lines = (results: readonly FoldResult[]) =>
  stripVTControlCharacters(scoresText('clouds', summarizeFolds(classify, division, results)))
    .split('\n')
    .map((line) => line.trim())

describe('what a cross-validation came to', () => {
  it('is a row for each fold, and their mean with its interval', () => {
    const text = lines([result(0), result(1, { bestEpoch: 2.5 })])
    expect(text.slice(1, 5)).toEqual([
      'clouds: scores on folds that were neither trained on nor watched',
      'fold  samples  loss  accuracy  f1Macro       epochs',
      '1        3   0.5   75.00 %  50.00 %            4',
      '2        3   1.5   75.00 %  50.00 %  4, best 2.5',
    ])
    // t(0.975, 1) = 12.706, standard deviation 0.7071, √(1/2 + 1)
    expect(text[7]).toMatch(/^loss +1 +0\.7071 +-10 to 12 +–$/)
  })

  it('has no mean where one diverged', () => {
    const text = lines([result(0, { seed: 3 }), result(1, { seed: 4, status: 'diverged', scores: {} })])
    expect(text[2]).toMatch(/^fold {2}seed {2}samples/)
    expect(text[4]).toMatch(/^2 +4 +3 +diverged +– +– +4$/)
    expect(text[7]).toMatch(/^loss( +–){4}$/)
  })
})

describe('the plan', () => {
  it.each([
    [{ fits: 0, packs: [], programs: 0, alone: {} }, 4, '4 trainings are there already; none is left'],
    [
      {
        fits: 5,
        packs: [
          { fits: [0, 1, 2], program: 0 },
          { fits: [3, 4], program: 1 },
        ],
        programs: 2,
        alone: {},
      },
      0,
      '5 to train with 2 programs: 5 packed, up to 3 at a time',
    ],
    [
      { fits: 1, packs: [{ fits: [7], program: 0, alone: 'it is large' }], programs: 1, alone: { 'it is large': 1 } },
      1,
      '1 training is there already; 1 to train with 1 program: 1 alone, as it is large',
    ],
  ])('in words: %j', (plan, before, text) => {
    expect(planText(plan, before)).toBe(text)
  })
})

describe('the progress', () => {
  it('counts samples of what is planned, and ends where training ends early', () => {
    const shown: (readonly [number, string | undefined])[] = []
    const bar = { at: (_: string, share: number, detail?: string) => void shown.push([share, detail]), stop: () => {} }
    const fit = (fold: number) => ({
      ...{ experiment: classify.with({ epochs: 2 }), seed: 0, place: { repeat: 0, fold, seed: 0 } },
      prepared: { train: { indices: new Uint32Array(10) } },
    })
    const plan = { fits: 2, packs: [1, 2].map((i) => ({ fits: [i], program: 0 })), programs: 1, alone: {} }
    const progress = foldProgress(plan, [0, 1, 2].map(fit), bar)
    progress.start([1])
    progress.step(1, 5)
    progress.show()
    progress.done(1)
    progress.start([2])
    progress.show()
    expect(shown.map(([share]) => share)).toEqual([0.125, 0.5])
    expect(shown[0]?.[1]).toMatch(/^, training 1 of 2 \(fold 2, seed 0\), [\d,]+ samples a second$/)
    expect(shown[1]?.[1]).toMatch(/^, training 2 of 2 \(fold 3, seed 0\)/)
  })
})
