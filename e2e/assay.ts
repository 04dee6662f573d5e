import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const MAIN = resolve(import.meta.dirname, '../dist/cli/main.js')

/** The temporary folder that commands see, inside the test's own. */
export const TEMPORARY = 'temporary'

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly ended: Promise<Ended>
  kill(signal: NodeJS.Signals): void
  /** Resolves when standard error has shown the text; rejects when the command ends without. */
  said(text: string): Promise<void>
}

/** Starts the built command line, as a user's shell would. */
export function start(folder: string, ...args: readonly string[]): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: '1', TMPDIR: join(folder, TEMPORARY) },
  })
  let [stdout, stderr] = ['', '']
  const waiting = new Set<() => void>()
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    for (const check of waiting) check()
  })
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => done({ code, stdout, stderr }))
  })
  return {
    ended,
    kill: (signal) => child.kill(signal),
    said: (text) =>
      new Promise((done, refuse) => {
        const check = (): void => {
          if (!stderr.includes(text)) return
          waiting.delete(check)
          done()
        }
        waiting.add(check)
        check()
        void ended.then(() => refuse(new Error(`it ended and never said "${text}", but: ${stderr}`)))
      }),
  }
}

/** Runs the command line to its end. */
export const assay = (folder: string, ...args: readonly string[]): Promise<Ended> => start(folder, ...args).ended

/** An empty folder for one test, and its removal. */
export async function scratch(): Promise<{ folder: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-'))
  await mkdir(join(folder, TEMPORARY))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** What stands in `runs/`, hidden leftovers included. */
export const runFolders = (folder: string): Promise<string[]> => readdir(join(folder, 'runs')).catch(() => [])

export const example = (name: string): string => resolve(import.meta.dirname, '../examples', name)
export const fixture = (name: string): string => resolve(import.meta.dirname, 'experiments', name)
