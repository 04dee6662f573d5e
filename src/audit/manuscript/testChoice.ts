import type { Found, ManuscriptCheck } from '../check.ts'
import { groupScore } from '../facts/facts.ts'
import { scoreText } from '../facts/writing.ts'
import { isCited, isExpectation } from './manuscript.ts'
import { sectionsOf } from './noErrorBar.ts'
import { scoreReader } from './reported.ts'

const SUPERLATIVE = /\b(?:best|highest|lowest|winner|winning|top|optimal|strongest)\b/i
/** The best *epoch* is another thing. */
const NOT_OF_CELLS = /\bbest[ -]epoch/i
const SAYS_SO =
  /\b(?:chosen|selected|picked|ranked|choose|select(?:ion)?|choice|tuned)\b[^.]{0,60}\bvalidation\b|\bvalidation\b[^.]{0,60}\b(?:chosen|selected|picked|choice|chose|tuned|selection)\b|\bbest of \d+|\b(?:optimistic|too good|lucky|luck|biased|a little less)\b/i

/** Of fewer groups the best is hardly lucky. */
const MANY = 3

/**
 * The best of many cells by the test split, reported as what it would score: the best there has been lucky there, too. Chosen on the
 * validation split, or said to be the best of so many, it is fine.
 */
export const testChoice: ManuscriptCheck = {
  id: 'test-choice',
  looksFor: 'the best of many by the test split, reported as an estimate',
  find: ({ passages, facts }) => {
    const { groups } = facts
    if (groups.length < MANY) return []
    const read = scoreReader(facts)
    return sectionsOf(passages).flatMap((section) => {
      if (section.some(({ sentences }) => sentences.some(({ text }) => SAYS_SO.test(text)))) return []
      return section
        .filter(({ isGenerated, role }) => !isGenerated && role === 'results')
        .flatMap(({ id, sentences }) =>
          sentences.flatMap((sentence): Found[] => {
            if (!SUPERLATIVE.test(sentence.text) || NOT_OF_CELLS.test(sentence.text)) return []
            if (isCited(sentence) || isExpectation(sentence)) return []
            const score = read(sentence).find(({ split, member }) => split === 'test' && member === 'last')
            if (score === undefined) return []
            const metric =
              Object.keys(score.group.runs[0]?.summary.test ?? {}).find((name) => name !== 'loss') ?? 'loss'
            const all = groups.flatMap((group) => groupScore(group, 'test', metric) ?? [])
            const own = groupScore(score.group, 'test', metric)
            if (own === undefined || all.length < MANY) return []
            if (all.some(({ mean }) => (own.goal === 'min' ? mean < own.mean : mean > own.mean))) return []
            return [
              {
                severity: 'warning',
                where: id,
                saw: `“${sentence.text.trim()}” reports ${score.group.label}, the best of ${all.length} by the test ${metric} (${scoreText(metric, own.mean)}), and does not say how it was chosen.`,
                why: 'The best of many on the test split has been lucky there: its score is too good an estimate of what new data would give.',
                mend: 'Choose on the validation split and report the test score of that one, or say “the best of N on the test split”.',
              },
            ]
          }),
        )
    })
  },
}
