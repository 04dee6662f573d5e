import { listRuns, type Run, readSummary } from '../../runs/index.ts'
import { type FoldScore, type RefitRecord, refitOf } from '../../search/index.ts'
import { configHash, type Experiment } from '../../train/index.ts'
import { note, print } from '../output.ts'
import type { Setting } from '../training/protocol.ts'
import { runTask } from '../training/task.ts'

/** Where the run on all data goes, and what makes its experiment. */
interface Where {
  readonly file: string
  /** Folder that holds the runs. */
  readonly root: string
  /** Settings that the cross-validated experiment was given. */
  readonly settings: readonly Setting[]
  /** Of the training data. */
  readonly fingerprint: string
  readonly json: boolean
  readonly threads?: number | undefined
}

/**
 * Trains on all data as `assay run` does, unless such a run is there already, and goes on with one that was interrupted.
 *
 * @returns undefined where it did not come to its end; the exit code says why
 */
export async function refitted(
  experiment: Experiment,
  { results }: { readonly results: readonly FoldScore[] },
  seed: number,
  { file, root, settings, fingerprint, json, threads }: Where,
): Promise<RefitRecord | undefined> {
  const refit = refitOf(experiment, results, seed)
  const hash = configHash(refit.experiment, seed)
  const finished = async (): Promise<Run | undefined> =>
    (await listRuns(root)).runs.find(
      ({ manifest: { configHash: own, status, data } }) =>
        own === hash && status === 'finished' && data.fingerprint.train === fingerprint,
    )
  const before = await finished()
  if (before === undefined) {
    note(`training ${refit.how}, for one look at the test split`)
    await runTask(
      { file, root, settings: [...settings, ...refit.settings], repeats: false },
      { json, prints: !json, threads },
    )
  } else if (!json) print(`Trained ${refit.how} before: ${before.folder}`)
  const run = before ?? (await finished())
  if (run === undefined) {
    process.exitCode ||= 1
    return undefined
  }
  const { test = {} } = (await readSummary(run)) ?? {}
  const scores = Object.entries(test).map(([name, { last }]) => [name, last] as const)
  return { run: run.id, how: refit.how, test: Object.fromEntries(scores) }
}
