import { randomBytes } from 'node:crypto'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { UsageError } from '../errors.ts'

const LOCK = 'lock'
/** Which process on which machine. */
export const processSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  /** When the process started, as its system counts it: tells a process from a later one with the same number. */
  start: z.string().optional(),
})
export type Process = z.infer<typeof processSchema>

/** Who holds a run folder: nobody, a process that lives (or may live, on another machine), or one that died. */
export type LockState = 'free' | 'held' | 'stale'

/** Start time of a process in clock ticks since boot; undefined where the system has no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command name, in parentheses, may hold spaces: fields are counted from its end. Start time is field 22.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

export function thisProcess(): Process {
  const start = startOf(process.pid)
  return { pid: process.pid, host: hostname(), ...(start !== undefined && { start }) }
}

/** Whether a process of this machine is there still. */
export function isAlive({ pid, start }: Process): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: the process is there and is somebody else's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const now = startOf(pid)
  return start === undefined || now === undefined || start === now
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function parse(text: string): Process | undefined {
  try {
    return processSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

function stateOf(text: string | undefined): LockState {
  if (text === undefined) return 'free'
  const lock = parse(text)
  // An unreadable lock is being written at this moment; a process elsewhere cannot be asked.
  return lock === undefined || lock.host !== hostname() || isAlive(lock) ? 'held' : 'stale'
}

/** The state of a run folder's lock, without changing it. */
export const lockState = (folder: string): LockState => stateOf(readText(join(folder, LOCK)))

const holds = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST'

/**
 * Takes a run folder for this process by creating its `lock` file (which must not exist), or taking over that of a process that died.
 * Taking a lock twice in one process fails too.
 *
 * @throws UsageError when another process holds it
 */
export function takeLock(folder: string): void {
  const path = join(folder, LOCK)
  const mine = thisProcess()
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(mine), { flag: 'wx' })
      return
    } catch (error) {
      if (!holds(error)) throw error
    }
    const text = readText(path)
    if (stateOf(text) === 'held') throw new UsageError(heldMessage(folder, text))
    if (text !== undefined) removeStale(path, text)
  }
}

/** Gives the folder back; it may have been renamed since the lock was taken. */
export const releaseLock = (folder: string): void => rmSync(join(folder, LOCK), { force: true })

/** Two processes may find the same stale lock: renaming lets one of them win, and the text shows whether it won the right file. */
function removeStale(path: string, text: string): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}`
  try {
    renameSync(path, aside)
  } catch {
    return
  }
  const moved = readText(aside)
  if (moved !== undefined && moved !== text) {
    renameSync(aside, path)
    throw new UsageError(heldMessage(path.slice(0, -LOCK.length - 1), moved))
  }
  rmSync(aside, { force: true })
}

function heldMessage(folder: string, text: string | undefined): string {
  const lock = parse(text ?? '')
  const owner = lock ? `process ${lock.pid} on ${lock.host}` : 'another process'
  return `run ${folder} is being written by ${owner}: wait for it or stop it (if it is gone, delete ${join(folder, LOCK)})`
}
