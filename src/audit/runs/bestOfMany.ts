import type { RunCheck } from '../check.ts'
import { groupScores } from '../facts/facts.ts'
import { scoreText, spaced } from '../facts/writing.ts'

/** So many tested cells that the best of them is lucky. */
const MANY = 4

/** Many cells that were all tested: the best of them by the test split is not an estimate of what it does on new data. */
export const bestOfMany: RunCheck = {
  id: 'best-of-many',
  looksFor: 'many cells that were all tested, of which the best would be chosen by the test split',
  find: ({ groups }) => {
    const tested = groups.flatMap((group) => {
      const [score] = groupScores(group).filter(({ split }) => split === 'test')
      return score === undefined ? [] : [{ group, score }]
    })
    const [first] = tested
    if (first === undefined || tested.length < MANY) return []
    const { metric, goal } = first.score
    const ranked = tested
      .filter(({ score }) => score.metric === metric)
      .sort((a, b) => (goal === 'min' ? 1 : -1) * (a.score.mean - b.score.mean))
    const [best] = ranked
    if (best === undefined || ranked.length < MANY) return []
    return [
      {
        severity: 'note',
        ...(best.group.runs[0] !== undefined && { where: best.group.runs[0].id }),
        saw: `${ranked.length} groups were tested; the best by the test ${spaced(metric)} is ${best.group.label} (${scoreText(metric, best.score.mean)}).`,
        why: `The best of ${ranked.length} on the test split has been lucky there, and would do a little worse on other data.`,
        mend: 'Choose by the validation split, and report the test score of what was chosen; or say that it is the best of so many.',
      },
    ]
  },
}
