import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive, type Process, processSchema, thisProcess } from '../../../runs/lock.ts'
import { isMissing } from './files.ts'

/** Tells other workers that this one lives, and finds out about them. */
export interface Heartbeat {
  /** Renews this worker's file, unless that was done in the last quarter of the grace period. */
  beat(): void
  /** Beats by itself from now on, as often as it must; or no more. A process does not stay for it. */
  keep(going: boolean): void
  /** Whether a worker is gone: on this machine no process any more, or on another one silent for longer than the grace period. */
  isLost(worker: string): boolean
}

/**
 * A worker's file says which process it is, and is written again while it lives. Its age is the difference between its time of change and that of one's
 * own file, written just before: both are the file server's, so that the machines' clocks need not agree.
 *
 * @param folder - of the workers' files
 * @param grace - milliseconds
 */
export function heartbeat(folder: string, worker: string, grace: number): Heartbeat {
  const own = join(folder, worker)
  const me = JSON.stringify(thisProcess())
  const signs = new Map<string, Sign>()
  let last = { at: Number.NEGATIVE_INFINITY, changed: 0 }
  let timer: NodeJS.Timeout | undefined
  const beat = (): void => {
    const at = performance.now()
    if (at - last.at < grace / 4) return
    const file = openSync(own, 'w')
    try {
      writeSync(file, me)
      fsyncSync(file)
      last = { at, changed: fstatSync(file).mtimeMs }
    } finally {
      closeSync(file)
    }
  }
  /** What the file server's clock shows. */
  const now = (): number => {
    beat()
    return last.changed + performance.now() - last.at
  }
  return {
    beat,
    keep: (going) => {
      clearInterval(timer)
      timer = going ? setInterval(beat, grace / 4).unref() : undefined
    },
    isLost: (other) => {
      if (other === worker) return false
      const before = signs.get(other)
      if (before !== undefined && isHere(before)) return !isAlive(before.process)
      // Nobody elsewhere can be gone whose last sign is not old enough: its file is looked at once a grace period.
      if (before !== undefined && now() - before.changed <= grace) return false
      const sign = look(join(folder, other))
      // A worker writes its file before it takes a trial: one without a file was removed by hand.
      if (sign === undefined) return true
      signs.set(other, sign)
      return isHere(sign) ? !isAlive(sign.process) : now() - sign.changed > grace
    },
  }
}

const isHere = (sign: Sign): sign is Sign & { readonly process: Process } => sign.process?.host === hostname()

interface Sign {
  /** Milliseconds, by the file server's clock. */
  readonly changed: number
  /** Not there where the file is being written at this moment. */
  readonly process: Process | undefined
}

function look(path: string): Sign | undefined {
  try {
    // Opened first, because NFS asks the server anew then.
    const file = openSync(path, 'r')
    try {
      return { changed: fstatSync(file).mtimeMs, process: parse(readFileSync(file, 'utf8')) }
    } finally {
      closeSync(file)
    }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function parse(text: string): Process | undefined {
  try {
    return processSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
