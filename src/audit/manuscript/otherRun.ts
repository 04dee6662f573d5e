import type { Found, ManuscriptCheck } from '../check.ts'
import { numbersOf } from '../facts/numbers.ts'
import { literalsOf } from './literals.ts'
import { isCited, isExpectation } from './manuscript.ts'
import { isRounded } from './matching.ts'
import { mentionsIn, subjectsOf } from './subjects.ts'

/** A score of one model in a sentence on another: what a variable that was not renewed, or a line copied from above, leaves behind. */
export const otherRun: ManuscriptCheck = {
  id: 'other-run',
  looksFor: 'scores that are of another run than the one that the sentence names',
  find: ({ passages, facts }) => {
    if (facts.groups.length < 2) return []
    const subjects = subjectsOf(facts)
    const scores = numbersOf(facts).filter(({ quantity, what }) => quantity === 'score' && !what.startsWith('1 −'))
    return passages
      .filter(({ isGenerated }) => !isGenerated)
      .flatMap(({ id, sentences }) =>
        sentences.flatMap((sentence): Found[] => {
          if (isCited(sentence) || isExpectation(sentence)) return []
          const named = mentionsIn(sentence.text, subjects)
          const own = new Set(named.flatMap(({ groups }) => groups.map((group) => group.id)))
          if (own.size === 0 || own.size === facts.groups.length) return []
          return literalsOf(sentence).flatMap((literal): Found[] => {
            // Whole numbers and few digits are of everything: a dropout of 0.5 is no accuracy.
            if (literal.half > (literal.unit === 'percent' ? 0.05 + 1e-9 : 0.0005 + 1e-9)) return []
            if (literal.quantity !== undefined || literal.unit === 'points') return []
            const fits = scores.filter((fact) => isRounded(literal, fact))
            const [first] = fits
            if (
              first === undefined ||
              fits.some(({ groups = [] }) => groups.length === 0 || groups.some((one) => own.has(one)))
            )
              return []
            return [
              {
                severity: 'warning',
                where: id,
                saw: `“${sentence.text.trim()}” is about ${[...new Set(named.map(({ name }) => name))].join(', ')}, and ${literal.text} is the ${first.what}.`,
                why: 'A number of one model under the name of another turns a result round.',
                mend: `Refer to the run that is meant: {{ ${first.expression} }} is that of ${first.what.replace(/^.* of /, '')}.`,
              },
            ]
          })
        }),
      )
  },
}
