import { appendFileSync, closeSync, fsyncSync, openSync, statSync, truncateSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, isAbsolute, join, normalize } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import { releaseLock } from './lock.ts'
import { type Manifest, manifestSchema } from './manifest.ts'
import { encodeRecords, type MetricRecord } from './records.ts'

/**
 * The one writer of a run's folder. Made by `createRun` and `reopenRun`, which hold the folder's lock for it; `finish` gives it back.
 * Every file appears whole or not at all; only the metric log grows in place.
 */
export class RunWriter {
  /** The run's folder, as an absolute path. */
  readonly folder: string
  #manifest: Manifest
  #open = true

  constructor(folder: string, manifest: Manifest) {
    this.folder = folder
    this.#manifest = manifest
  }

  get id(): string {
    return this.#manifest.id
  }

  /** The manifest as last written. */
  get manifest(): Manifest {
    return this.#manifest
  }

  /**
   * Appends records to the metric log, in one write, all of them or none. Synchronous, so that the log's order is the order of the calls.
   *
   * @example
   * run.log([{ step: 938, epoch: 1, split: 'validation', name: 'accuracy', value: 0.98, time: 21.4 }])
   */
  log(records: readonly MetricRecord[]): void {
    this.#mustBeOpen()
    if (records.length === 0) return
    const path = join(this.folder, 'metrics.jsonl')
    const { size } = statSync(path)
    try {
      appendFileSync(path, encodeRecords(records))
    } catch (error) {
      // A full disk takes part of it: half a line must not stand before what is logged later.
      truncateSync(path, size)
      throw error
    }
  }

  /** Waits until the metric log is on the disk, and not only on its way there: no checkpoint may outlive what belongs to its step. */
  syncLog(): void {
    const log = openSync(join(this.folder, 'metrics.jsonl'), 'r+')
    try {
      fsyncSync(log)
    } finally {
      closeSync(log)
    }
  }

  /**
   * Writes a file of the run: to a temporary name, synced to disk, then renamed.
   *
   * @param name - path inside the run's folder, with slashes
   * @returns the path written
   * @throws UsageError when the name leads out of the folder
   *
   * @example
   * await run.writeBytes('figures/curves.svg', svg)
   */
  async writeBytes(name: string, data: Uint8Array | string): Promise<string> {
    this.#mustBeOpen()
    const inside = normalize(name)
    if (isAbsolute(inside) || inside.startsWith('..') || inside === '.') {
      throw new UsageError(
        `"${name}" is not a file inside the run's folder: give a relative path such as figures/curves.svg`,
      )
    }
    const path = join(this.folder, inside)
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomic(
      path,
      typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    )
    return path
  }

  /** Writes a value as indented JSON; otherwise as {@link RunWriter.writeBytes}. */
  writeJson(name: string, value: unknown): Promise<string> {
    return this.writeBytes(name, `${JSON.stringify(value, null, 2)}\n`)
  }

  /**
   * Writes `checkpoints/<name>.safetensors`.
   *
   * @example
   * await run.checkpoint('last', encodeSafetensors(tensors, { run: run.id, config: run.manifest.configHash }))
   */
  checkpoint(name: string, bytes: Uint8Array): Promise<string> {
    return this.writeBytes(`checkpoints/${name}.safetensors`, bytes)
  }

  /**
   * Changes the manifest. The id, the version and the process are the store's.
   *
   * @throws UsageError when the result is not a valid manifest; the file is then as it was
   */
  async update(changes: Partial<Omit<Manifest, 'id' | 'version' | 'pid'>>): Promise<void> {
    const parsed = manifestSchema.safeParse({ ...this.#manifest, ...changes })
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new UsageError(`run ${this.id} cannot take this manifest: ${issue?.path.join('.')}: ${issue?.message}`)
    }
    this.#manifest = parsed.data
    await this.writeJson('manifest.json', parsed.data)
  }

  /**
   * Ends the run: syncs the log, writes the status and the time, and gives the lock back. Nothing can be written afterwards.
   *
   * @param error - what went wrong, for `failed`
   * @param diverged - whether it was that numbers stopped being finite
   */
  async finish(status: 'finished' | 'interrupted' | 'failed', error?: string, diverged = false): Promise<void> {
    try {
      this.syncLog()
      await this.update({
        ...{ status, finishedAt: new Date().toISOString() },
        ...(error !== undefined && { error }),
        ...(diverged && { diverged }),
      })
    } finally {
      this.#open = false
      releaseLock(this.folder)
    }
  }

  #mustBeOpen(): void {
    if (!this.#open) throw new UsageError(`run ${this.id} has ended: reopen it with reopenRun to write more`)
  }
}
