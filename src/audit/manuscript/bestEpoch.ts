import type { Found, ManuscriptCheck } from '../check.ts'
import { scoreText } from '../facts/writing.ts'
import { scoreReader } from './reported.ts'

const SAYS_SO =
  /\bbest\b[^.]{0,20}\bepochs?\b|\bepochs?\b[^.]{0,40}\bbest\b|\b(?:at|in|after) epoch\b|\bpeak(?:s|ed)?\b|\bearly stopping\b/i

/** The best epoch's value told as the trained model's. */
export const bestEpoch: ManuscriptCheck = {
  id: 'best-epoch',
  looksFor: 'the value of the best epoch, told as that of the trained model',
  find: ({ passages, facts }) => {
    const read = scoreReader(facts)
    return passages
      .filter(({ isGenerated }) => !isGenerated)
      .flatMap(({ id, sentences }) =>
        sentences.flatMap((sentence): Found[] => {
          if (SAYS_SO.test(sentence.text)) return []
          return read(sentence).flatMap(({ group, member, split, text }): Found[] => {
            if (member !== 'best') return []
            const metrics = group.runs[0]?.summary[split] ?? {}
            const [metric, score] =
              Object.entries(metrics).find(([name, { best, last }]) => {
                return best !== last && name !== 'loss'
              }) ?? []
            if (metric === undefined || score === undefined || score.bestEpoch === score.lastEpoch) return []
            return [
              {
                severity: 'warning',
                where: id,
                saw: `“${sentence.text.trim()}” says ${text}, which is the best epoch’s; the ${split} ${metric} that training ended with is ${scoreText(metric, score.last)}.`,
                why: 'The best epoch was chosen by the very values that are reported: the model that was kept does not reach it.',
                mend: 'Report the last value, or say that it is the best epoch’s and of which epoch.',
              },
            ]
          })
        }),
      )
  },
}
