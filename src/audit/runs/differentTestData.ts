import type { RunCheck } from '../check.ts'

/** Groups that were tested on different samples of one data set: their scores are not comparable. */
export const differentTestData: RunCheck = {
  id: 'different-test-data',
  looksFor: 'groups that were tested on different samples of one data set',
  find: ({ groups }) => {
    const runs = groups.flatMap((group) => group.runs)
    return [...new Set(runs.map(({ manifest }) => manifest.data.name))].flatMap((name) => {
      const own = runs.filter(({ manifest }) => manifest.data.name === name)
      const tests = new Set(own.map(({ manifest }) => manifest.data.fingerprint.test))
      const [first] = own
      if (first === undefined || tests.size < 2) return []
      return [
        {
          severity: 'warning' as const,
          where: first.id,
          saw: `${own.length} runs on ${name} were tested on ${tests.size} different sets of samples (fingerprints ${[...tests].map((hash) => hash.slice(0, 8)).join(', ')}).`,
          why: 'Between different test samples a difference of scores may be a difference of samples.',
          mend: 'Give all the same split (the same data, counts and split seed), or compare only those that share it.',
        },
      ]
    })
  },
}
