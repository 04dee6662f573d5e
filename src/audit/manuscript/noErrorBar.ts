import type { Found, ManuscriptCheck } from '../check.ts'
import { finishedRuns } from '../facts/facts.ts'
import type { Passage } from './manuscript.ts'
import { isErrorBar, scoreReader } from './reported.ts'

/** Words with which a section says how sure its numbers are, or that they are of one run. */
const SAYS_HOW_SURE =
  /±|\binterval|\bconfidence\b|\berror bars?\b|\bstandard (?:deviations?|errors?)\b|\bseeds?\b|\b(?:single|one) (?:run|training)\b|\bp\s?[<=]\s?0?\.\d/i

/** Scores of one training with nothing said of how sure they are: another seed would have given another number. */
export const noErrorBar: ManuscriptCheck = {
  id: 'no-error-bar',
  looksFor: 'scores of one seed without an interval and without a word on it',
  find: ({ passages, facts }) => {
    const read = scoreReader(facts)
    return sectionsOf(passages).flatMap((section): Found[] => {
      if (section.some(({ sentences }) => sentences.some(({ text }) => SAYS_HOW_SURE.test(text)))) return []
      const reported = section
        .filter(({ isGenerated, role }) => !isGenerated && role === 'results')
        .flatMap(({ id, sentences }) => sentences.flatMap((sentence) => read(sentence).map((score) => ({ id, score }))))
      if (reported.some(({ score }) => isErrorBar(score))) return []
      const single = reported.filter(
        ({ score: { group, split } }) => split !== 'train' && finishedRuns(group).length === 1,
      )
      const [first] = single
      if (first === undefined) return []
      const labels = [...new Set(single.map(({ score: { group } }) => group.label))]
      const shown = labels.slice(0, 4).join(', ')
      return [
        {
          severity: 'warning',
          where: first.id,
          saw: `“${section[0]?.section}” reports ${first.score.text} of ${shown}${labels.length > 4 ? ` and ${labels.length - 4} more` : ''}, each trained with one seed, and says nothing of how sure that is.`,
          why: 'Another seed gives another number; without its spread a difference may be chance.',
          mend: 'Give the interval beside it ({{ ….test.accuracy.interval }}), train more seeds, or say that it is one run with one seed.',
        },
      ]
    })
  },
}

/** Passages by their section, in the order of the text. */
export function sectionsOf(passages: readonly Passage[]): readonly (readonly Passage[])[] {
  const sections: Passage[][] = []
  for (const passage of passages) {
    const last = sections.at(-1)
    if (last?.[0]?.section === passage.section) last.push(passage)
    else sections.push([passage])
  }
  return sections
}
