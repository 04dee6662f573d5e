import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { lockState, releaseLock, takeLock } from './lock.ts'
import { type Manifest, manifestSchema, type NewManifest } from './manifest.ts'
import { readManifest } from './read.ts'
import { encodeRecords, parseRecords } from './records.ts'
import { RunWriter } from './writer.ts'

/** A name as a folder of any file system takes it: lower-case letters, digits and single hyphens, at most 60 of them. */
export function slug(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = plain
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-+|-+$/g, '')
  return words === '' ? 'run' : words
}

/** `mnist-convnet-s7-20261121-101502-ab12`: name, seed, UTC time, and four random digits for runs begun in the same second. */
function newId(name: string, seed: number, now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).replace(/[-:]/g, '').split('T')
  return `${slug(name)}-s${seed}-${date}-${time}-${randomBytes(2).toString('hex')}`
}

/**
 * Makes a run's folder under `root`, holding its manifest, an empty metric log and this process's lock.
 * The folder is made under a hidden name and renamed into place: a half-made run never shows.
 *
 * @param root - folder of runs, made if it is not there
 * @param manifest - what is known at the start; id, status, process and time are added here
 * @param fill - writes what else a run is never without
 * @throws UsageError when the manifest is not valid
 *
 * @example
 * const run = await createRun('runs', manifest)
 * run.log([{ step: 1, epoch: 1, split: 'train', name: 'loss', value: 0.3, time: 1.2 }])
 * await run.finish('finished')
 */
export async function createRun(
  root: string,
  manifest: NewManifest,
  fill?: (files: Pick<RunWriter, 'writeJson'>) => Promise<void>,
): Promise<RunWriter> {
  const now = new Date()
  const id = newId(manifest.name, manifest.seed, now)
  const started: Manifest = {
    ...manifest,
    version: 1,
    id,
    status: 'running',
    pid: process.pid,
    createdAt: now.toISOString(),
  }
  const valid = manifestSchema.safeParse(started)
  if (!valid.success) {
    const [issue] = valid.error.issues
    throw new UsageError(
      `the manifest of run "${manifest.name}" is not valid at ${issue?.path.join('.')}: ${issue?.message}; give what the Manifest type asks for`,
    )
  }
  const hidden = join(root, `.new-${id}`)
  const folder = resolve(root, id)
  await makeFolder(root, join(hidden, 'checkpoints'))
  try {
    await mkdir(join(hidden, 'figures'))
    await writeFileAtomic(join(hidden, 'manifest.json'), `${JSON.stringify(started, null, 2)}\n`)
    await writeFileAtomic(join(hidden, 'metrics.jsonl'), '')
    await fill?.(new RunWriter(hidden, started))
    takeLock(hidden)
    await rename(hidden, folder)
  } catch (error) {
    await rm(hidden, { recursive: true, force: true })
    throw error
  }
  return new RunWriter(folder, started)
}

/**
 * Opens a run to be continued: takes its lock (that of a process which died is taken over), sets its status to `running`,
 * and drops a torn last line of its log and the records after the checkpoint that training continues from, those of the test split
 * among them, so that nothing is in the log twice.
 *
 * @param folder - the run's folder
 * @param options.afterStep - step of that checkpoint, or what finds it out once the lock is held; without it the whole log stays
 * @throws UsageError when another process is writing the run, or it is damaged
 *
 * @example
 * const run = await reopenRun('runs/mnist-convnet-s7-20261121-101502-ab12', { afterStep: 938 })
 */
export async function reopenRun(
  folder: string,
  { afterStep: given }: { readonly afterStep?: number | (() => Promise<number>) } = {},
): Promise<RunWriter> {
  await readManifest(folder)
  takeLock(folder)
  try {
    const manifest = await readManifest(folder)
    const afterStep = typeof given === 'function' ? await given() : given
    const log = join(folder, 'metrics.jsonl')
    const records = parseRecords(await readFile(log, 'utf8'), log)
    const kept = records.filter((r) => afterStep === undefined || (r.step <= afterStep && r.split !== 'test'))
    await writeFileAtomic(log, encodeRecords(kept))
    const { finishedAt: _, error: __, diverged: ___, ...rest } = manifest
    const run = new RunWriter(resolve(folder), { ...rest, pid: process.pid })
    await run.update({ status: 'running' })
    return run
  } catch (error) {
    releaseLock(folder)
    throw error
  }
}

/**
 * Deletes a run's folder, unless a process is writing it.
 *
 * @throws UsageError when the run is being written
 *
 * @example
 * await removeRun((await openRun('runs', 'latest')).folder)
 */
export async function removeRun(folder: string): Promise<void> {
  await readManifest(folder) // a folder that is no run must not be deleted by a slip of the hand
  if (lockState(folder) === 'held') throw new UsageError(`run ${folder} is being written: stop it first`)
  await rm(folder, { recursive: true })
}

/** A runs folder that cannot be written is the user's to mend. */
async function makeFolder(root: string, path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new UsageError(
      `the folder for runs, ${root}, cannot be written (${code}): make it writable or give another`,
      {
        cause: error,
      },
    )
  }
}
