import fc from 'fast-check'
import { expect, test } from 'vitest'
import { descend, ranking, tallying } from './ranking.ts'

/** Few different scores, so that many are equal. */
const cases = fc
  .array(fc.record({ target: fc.integer({ min: 0, max: 2 }), score: fc.integer({ min: 0, max: 6 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .chain((examples) =>
    fc.record({
      targets: fc.constant(Int32Array.from(examples, ({ target }) => target)),
      scores: fc.constant(Float32Array.from(examples.flatMap(({ score }) => [score / 8, score / 16, 0.25]))),
      counts: fc
        .array(fc.integer({ min: 0, max: 3 }), { minLength: examples.length, maxLength: examples.length })
        .map((counts) => Uint32Array.from(counts)),
    }),
  )

test.each([0, 1, 'micro'] as const)(
  'a tally of %s stands at every score that has hits, and at the end, as going down the ranking does',
  (of) => {
    fc.assert(
      fc.property(cases, fc.boolean(), ({ targets, scores, counts }, isResampled) => {
        const place = ranking(targets, scores, 3, of)
        const tally = tallying(place)
        // Of other counts before: nothing of them stays.
        tally(Uint32Array.from(counts, (count) => count + 1))
        const { hits, misses } = tally(isResampled ? counts : undefined)
        const found = Array.from(hits, (value, step) => `${value} ${misses[step]}`)
        const expected: string[] = []
        let last = ''
        descend(place, isResampled ? counts : undefined, (here, missed, before) => {
          last = `${here} ${missed}`
          if (here > before) expected.push(last)
        })
        expect(found).toEqual(expect.arrayContaining(expected))
        expect(found.at(-1)).toBe(last)
      }),
    )
  },
)
