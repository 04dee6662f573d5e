import { readSummary } from '../../runs/index.ts'
import type { Scores } from '../../train/index.ts'
import type { Result } from './protocol.ts'

/** Scores on the test split of each finished run, in order. */
export async function scoresOf(results: readonly Result[]): Promise<Scores[]> {
  const finished = results.flatMap(({ run, status }) => (run === undefined || status !== 'finished' ? [] : [run]))
  const scores: Scores[] = []
  for (const run of finished) {
    const test = (await readSummary(run))?.test
    if (test !== undefined)
      scores.push(Object.fromEntries(Object.entries(test).map(([name, { last }]) => [name, last])))
  }
  return scores
}
