import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/** Where the parts of a study lie in its folder. */
export interface Places {
  /** What the study is. */
  readonly header: string
  /** One file a worker: all events of it. */
  readonly journal: string
  /** One file an attempt at a trial, `<trial>-<attempt>`: the event that it was asked for. */
  readonly claims: string
  /** One file a trial, `<trial>`: the event that it ended. */
  readonly results: string
  /** One file a worker: which process it is; changed while it lives. */
  readonly workers: string
  /** Files before they have a name. */
  readonly scratch: string
}

export const placesIn = (folder: string): Places => ({
  header: join(folder, 'study.json'),
  journal: join(folder, 'journal'),
  claims: join(folder, 'claims'),
  results: join(folder, 'results'),
  workers: join(folder, 'workers'),
  scratch: join(folder, 'scratch'),
})

export function makePlaces({ header: _, ...folders }: Places): void {
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true })
}

/** Names in a folder; none where it is not there. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT'

/**
 * Adds whole lines at the end, all of them or nothing. A server has them when this returns (NFS sends a file on when it is closed).
 *
 * @param sync - whether the disk must have them, too, so that they outlive the machine and not only the process
 */
export function append(path: string, lines: string, sync: boolean): void {
  const file = openSync(path, 'a')
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.from(lines)
    try {
      if (writeSync(file, bytes) < bytes.length) throw new Error(`the disk took only a part of ${path}`)
      if (sync) fsyncSync(file)
    } catch (error) {
      // Half a line must not stand before what is written later.
      ftruncateSync(file, size)
      throw error
    }
  } finally {
    closeSync(file)
  }
}

/** The bytes of a file from a place on, its last whole line included; a line without an end is left for later, or torn. */
export function wholeLines(path: string, from: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const length = Math.max(0, fstatSync(file).size - from)
    const bytes = Buffer.alloc(length)
    const got = length === 0 ? 0 : readSync(file, bytes, 0, length, from)
    return bytes.subarray(0, bytes.subarray(0, got).lastIndexOf('\n') + 1)
  } finally {
    closeSync(file)
  }
}
