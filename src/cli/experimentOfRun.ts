import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import type { Run } from '../runs/index.ts'
import { configHash, type Experiment } from '../train/index.ts'
import { loadExperiment } from './loadExperiment.ts'

/**
 * The experiment that made a run, its settings included: from the file that the manifest names, or another place of it.
 *
 * @param file the experiment file; default: the manifest's, which is relative to the folder where the run was started
 * @throws UsageError where the file is not there, or describes another experiment by now
 */
export async function experimentOfRun({ id, manifest }: Run, file?: string): Promise<Experiment> {
  const { code, overrides = [], seed } = manifest
  const path = file ?? code.file
  if (path === undefined)
    throw new UsageError(`run ${id} was not made from a file: give the experiment’s file with --file`)
  const base = await loadExperiment(resolve(path)).catch((error: unknown) => {
    if (file !== undefined || !(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message}; or give the run’s experiment file with --file`, { cause: error })
  })
  const experiment = overrides.reduce((current, [setting, value]) => current.set(setting, value), base)
  if (configHash(experiment, seed) === manifest.configHash) return experiment
  const commit = code.commit === undefined ? '' : `, as in commit ${code.commit.slice(0, 12)}`
  throw new UsageError(
    `${path} describes another experiment than the one that made run ${id}: give the file as it was then${commit}, with --file`,
  )
}
