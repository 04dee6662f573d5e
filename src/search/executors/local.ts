import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import { isAlive, processSchema, thisProcess } from '../../runs/lock.ts'
import { type Crew, type Executor, type Job, WORKER_EXIT, type WorkerCommand } from './executor.ts'

const schema = z.strictObject({ process: processSchema, workers: z.int() })

/** Which process has workers on a study. */
const fileIn = (folder: string): string => join(folder, 'local.json')

/**
 * Deaths in a row, for each worker, before no more are started: something is wrong with the machine, or with the code. A trial that kills its
 * worker is begun three times, and is no reason to give up the others.
 */
const DEATHS = 5
/** Of what a worker says, the end is kept. */
const KEPT = 4000
const POLL_INTERVAL = 100

/**
 * Worker processes on this machine. They end when the process that has started them does, however it ends.
 *
 * @param command of one worker
 */
export const local = (command: WorkerCommand): Executor => ({
  kind: 'local',
  outlives: false,
  submit: async (job) => {
    const before = await read(job.folder)
    if (before !== undefined)
      throw new UsageError(
        `process ${before.process.pid} on ${before.process.host} is at work on ${job.folder}: assay search status shows how far it is, assay search cancel ends it`,
      )
    await writeFileAtomic(fileIn(job.folder), `${JSON.stringify({ process: thisProcess(), workers: job.workers })}\n`)
    return startCrew(job, command)
  },
  find: async (folder) => {
    const found = await read(folder)
    return found && othersCrew(folder, found)
  },
})

/** The process whose workers are on a study; undefined where it is gone. */
async function read(folder: string): Promise<z.infer<typeof schema> | undefined> {
  const text = await readFile(fileIn(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  const { data } = schema.safeParse(JSON.parse(text))
  // A process on another machine cannot be asked.
  return data === undefined || (data.process.host === hostname() && !isAlive(data.process)) ? undefined : data
}

/** The workers of another process: all goes through it. */
function othersCrew(folder: string, { process: owner, workers }: z.infer<typeof schema>): Crew {
  return {
    status: async () => ({ running: (await read(folder)) === undefined ? 0 : workers, waiting: 0, failures: [] }),
    cancel: async () => {
      if (owner.host !== hostname())
        throw new UsageError(`process ${owner.pid} is on ${owner.host}, and this is ${hostname()}: cancel it there`)
      process.kill(owner.pid, 'SIGTERM')
      while ((await read(folder)) !== undefined) await setTimeout(POLL_INTERVAL)
    },
  }
}

function startCrew(job: Job, command: WorkerCommand): Crew {
  const alive = new Set<ChildProcess>()
  const failures: string[] = []
  let inRow = 0
  let isCancelled = false
  const start = (): void => {
    const [program, ...args] = command(job)
    // The channel tells a worker that this process is gone: it is closed then, whatever the reason.
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
    alive.add(child)
    // A worker sends something whenever a trial has ended.
    child.on('message', () => {
      inRow = 0
    })
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-KEPT)
    })
    const ended = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (!alive.delete(child) || isCancelled) return
      if (code === WORKER_EXIT.full) start()
      if (code === WORKER_EXIT.done || code === WORKER_EXIT.full || code === WORKER_EXIT.stopped) return
      failures.push(said.trim() || `a worker ended with ${signal ?? `code ${code}`}`)
      inRow += 1
      if (code !== WORKER_EXIT.usage && inRow < DEATHS * job.workers) start()
    }
    child.on('close', ended)
    child.on('error', (error) => {
      said += error.message
      if (child.pid === undefined) ended(WORKER_EXIT.usage, null)
    })
  }
  for (let i = 0; i < job.workers; i++) start()
  return {
    status: async () => ({ running: alive.size, waiting: 0, failures: [...failures] }),
    cancel: async () => {
      isCancelled = true
      for (const child of alive) child.kill('SIGTERM')
      while (alive.size > 0) await setTimeout(POLL_INTERVAL)
      await rm(fileIn(job.folder), { force: true })
    },
  }
}
