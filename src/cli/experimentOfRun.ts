import { resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { changedEntries, codeState, machineState, type Run, versionState } from '../runs/index.ts'
import {
  cellsOf,
  configHash,
  type Difference,
  describe,
  differences,
  type Experiment,
  type Json,
} from '../train/index.ts'
import { loadExperiments } from './loadExperiment.ts'

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
  const loaded = await loadExperiments(resolve(path)).catch((error: unknown) => {
    if (file !== undefined || !(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message}; or give the run’s experiment file with --file`, { cause: error })
  })
  const candidates = cellsOf(loaded).map(({ experiment }) =>
    overrides.reduce((current, [setting, value]) => current.set(setting, value), experiment),
  )
  const same = candidates.find((experiment) => configHash(experiment, seed) === manifest.configHash)
  if (same !== undefined) return same
  const commit = code.commit === undefined ? '' : `, as in commit ${code.commit.slice(0, 12)}`
  // Of a grid, the cell that is nearest.
  const [changed = []] = candidates
    .map((experiment) => differences(plainJson(manifest.experiment), describe(experiment)))
    .map((all) => all.filter(({ path: changedPath }) => !changedPath.startsWith('seeds')))
    .sort((one, other) => one.length - other.length)
  throw new UsageError(
    `${path} describes another experiment than the one that made run ${id} (${listed(changed)}): give the file as it was then${commit}, with --file`,
  )
}

/**
 * What has changed since a run was interrupted, beside what its experiment says of itself, that may change bits of the result: the file
 * (a layer of one's own is code, and code has no description), versions and machine.
 */
export async function changesSince({ manifest }: Run, file?: string): Promise<string[]> {
  const path = file ?? manifest.code.file
  const [{ fileHash }, versions, machine] = [
    path === undefined ? {} : await codeState(path),
    await versionState(),
    machineState(),
  ]
  const changed = [
    ...(manifest.code.fileHash === fileHash ? [] : ['another text of the experiment’s file']),
    ...changedEntries(manifest.versions, versions),
    ...changedEntries(
      { processor: manifest.machine.cpu, cores: manifest.machine.cores },
      { processor: machine.cpu, cores: machine.cores },
    ),
  ]
  return changed.length === 0
    ? []
    : [`the run was begun with ${changed.join(', ')}: the result may differ in its last bits`]
}

/** Differences that are told; a file may have become another one altogether. */
const MOST = 8

function listed(changed: readonly Difference[]): string {
  const show = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value))
  const told = changed.slice(0, MOST).map(({ path, before, after }) => `${path}: ${show(before)} is now ${show(after)}`)
  return [...told, ...(changed.length > MOST ? [`and ${changed.length - MOST} more`] : [])].join('; ')
}

const plainJson = (value: unknown): Json => JSON.parse(JSON.stringify(value))
