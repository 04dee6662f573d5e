import { dirname } from 'node:path'
import { openRun, prepareRun, requireResumable } from '../../runs/index.ts'
import { setDefaultThreads } from '../../runtime/index.ts'
import { changesSince, experimentOfRun } from '../experimentOfRun.ts'
import { placeOf } from './plan.ts'
import type { Job, ResumedRun } from './protocol.ts'
import { trainSeed } from './trainSeed.ts'
import { wishesOf } from './wishes.ts'
import { loadTeller, type Surroundings, unlessStopped, type Work } from './work.ts'

/** Goes on with a run of one seed. */
export async function resumedRun(job: Job & ResumedRun, around: Surroundings): Promise<Work> {
  const { resume: folder, file } = job
  const root = dirname(folder)
  const run = await openRun(root, folder)
  requireResumable(run)
  const experiment = await experimentOfRun(run, file)
  const { seed, machine } = run.manifest
  return {
    plan: async () => ({ turns: [{ index: 0, cell: 0, seed, resume: folder }], known: [] }),
    train: () =>
      unlessStopped(
        (async () => {
          for (const text of await changesSince(run, file)) around.post({ type: 'note', text })
          setDefaultThreads(machine.threads)
          const prepared = await prepareRun(experiment, run, { onProgress: loadTeller(around) })
          const execution = await trainSeed(experiment, prepared, { seed, turn: 1, turns: 1 }, around, {
            root,
            resume: run,
            ...wishesOf(job, around),
          })
          return { cell: 0, seed, status: execution.status, run: placeOf(execution) }
        })(),
      ),
    conclude: async (results) => [{ name: experiment.name, labels: {}, results }],
  }
}
