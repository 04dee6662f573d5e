import { readFile, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { decodeStateDict, encodeStateDict } from '../nn/index.ts'
import { prepareRun, type Run, weightsOnly } from '../runs/index.ts'
import { trainStepOnnx } from '../train/index.ts'
import { experimentOfRun } from './experimentOfRun.ts'

/** Files that are made of one run's network, and how. */
export interface NetworkFiles {
  readonly model?: string | undefined
  readonly weights?: string | undefined
  readonly trainStep?: string | undefined
  readonly step: { readonly update: boolean; readonly batch?: number }
  /** Experiment file of the run, where it is no longer in its place. */
  readonly file?: string | undefined
}

/**
 * Makes what is asked for, and then writes it.
 *
 * @throws UsageError where a file cannot stand where it should, or the run has not come far enough
 */
export async function exportNetwork(
  run: Run,
  { model, weights, trainStep, step, file }: NetworkFiles,
): Promise<{ readonly path: string; readonly bytes: number }[]> {
  const wanted: readonly (readonly [string | undefined, () => Promise<Uint8Array>])[] = [
    [model, () => modelOf(run)],
    [weights, () => weightsOf(run)],
    [trainStep, () => stepOf(run, step, file)],
  ]
  const targets = wanted.flatMap(([path, make]) => (path === undefined ? [] : [{ path: resolve(path), make }]))
  await checkTargets(targets.map(({ path }) => path))
  const files: { readonly path: string; readonly bytes: Uint8Array }[] = []
  for (const { path, make } of targets) files.push({ path, bytes: await make() })
  for (const { path, bytes } of files) await writeFileAtomic(path, Buffer.from(bytes))
  return files.map(({ path, bytes }) => ({ path, bytes: bytes.length }))
}

/** @throws UsageError where two files have one path, or one cannot stand where it should */
async function checkTargets(paths: readonly string[]): Promise<void> {
  for (const [i, path] of paths.entries()) {
    if (paths.indexOf(path) < i) throw new UsageError(`export: ${path} is to be two files: give each its own`)
    const folder = await stat(dirname(path)).catch(() => undefined)
    if (folder === undefined || !folder.isDirectory())
      throw new UsageError(`export: there is no folder ${dirname(path)}: make it first`)
    if ((await stat(path).catch(() => undefined))?.isDirectory())
      throw new UsageError(`export: ${path} is a folder: give a file in it`)
  }
}

/** A file of the run, if there is one. */
async function fileOf({ folder }: Run, name: string): Promise<Uint8Array | undefined> {
  return readFile(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}

async function modelOf(run: Run): Promise<Uint8Array> {
  const bytes = await fileOf(run, 'model.onnx')
  if (bytes !== undefined) return bytes
  throw new UsageError(
    `run ${run.id} (${run.manifest.status}) has no model.onnx, which is written when a run finishes: export its --weights`,
  )
}

async function weightsOf(run: Run): Promise<Uint8Array> {
  const bytes =
    (await fileOf(run, 'checkpoints/final.safetensors')) ?? (await fileOf(run, 'checkpoints/last.safetensors'))
  if (bytes === undefined)
    throw new UsageError(`run ${run.id} (${run.manifest.status}) has no checkpoint yet: let it finish an epoch`)
  return encodeStateDict(weightsOnly(decodeStateDict(bytes)), { run: run.id, config: run.manifest.configHash })
}

async function stepOf(
  run: Run,
  options: { readonly update: boolean; readonly batch?: number },
  file: string | undefined,
): Promise<Uint8Array> {
  const experiment = await experimentOfRun(run, file)
  const metadata = { run: run.id, config: run.manifest.configHash }
  return trainStepOnnx(experiment, await prepareRun(experiment, run), { ...options, metadata })
}
