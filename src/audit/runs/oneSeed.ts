import type { RunCheck } from '../check.ts'
import { finishedRuns } from '../facts/facts.ts'

/** Comparisons of groups that were trained with one seed each. */
export const oneSeed: RunCheck = {
  id: 'one-seed',
  looksFor: 'results of one training, with nothing known of what another seed gives',
  find: ({ groups }) => {
    const single = groups.filter((group) => finishedRuns(group).length === 1)
    if (single.length === 0) return []
    const shown = single.slice(0, 3).map(({ label }) => label)
    const [first] = single
    const whose =
      groups.length === 1
        ? `${first?.label} was`
        : `${single.length} of ${groups.length} groups (${shown.join('; ')}${single.length > 3 ? '; …' : ''}) were`
    return [
      {
        severity: 'warning',
        ...(first?.runs[0] !== undefined && { where: first.runs[0].id }),
        saw: `${whose} trained with one seed.`,
        why: 'How much a result changes from seed to seed is not known; intervals over test samples hold nothing of that.',
        mend: 'Train at least three seeds (seeds: [0, 1, 2]), or say that each number is of one training.',
      },
    ]
  },
}
