import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../../../errors.ts'
import type { Crew, CrewStatus, Executor, Job, WorkerCommand } from '../executor.ts'
import { call } from './commands.ts'
import { failureOf } from './logs.ts'
import { type SlurmOptions, sbatchArguments } from './options.ts'
import { scriptText } from './script.ts'
import { noteSubmission, type Submission, submissionsIn } from './submissions.ts'
import { type Task, tasksOf } from './tasks.ts'

/** Milliseconds for which Slurm's answer counts: its controller serves a whole cluster. */
const ANSWER_AGE = 10_000
const CANCEL_INTERVAL = 1000
/** Milliseconds that tasks have to end in; a node that does not answer keeps its own for longer. */
const CANCEL_PATIENCE = 180_000

/**
 * Workers as the tasks of a Slurm job array. All there is to know is in the study's folder, so that any machine of the cluster can ask; workers do not need
 * the process that has submitted them.
 *
 * Submitting brings the workers of a study to a number: as many tasks are submitted as are missing.
 *
 * @param command of one worker
 */
export const slurm = (command: WorkerCommand, options: SlurmOptions = {}): Executor => ({
  kind: 'slurm',
  outlives: true,
  submit: async (job) => {
    requirePlainFolder(job.folder)
    const { live, submissions } = await lookAt(job.folder)
    const settings = { ...submissions.at(-1)?.options, ...given(options) }
    const missing = job.workers - live.length
    const summary =
      missing > 0 ? await submitArray(job, missing, command, settings) : `${live.length} workers are submitted already`
    return crewOf(job.folder, summary)
  },
  find: async (folder) => {
    const { live, failures } = await lookAt(folder)
    return live.length + failures.length === 0 ? undefined : crewOf(folder)
  },
})

/** Options without those that are undefined, which would hide earlier ones. */
const given = (options: SlurmOptions): SlurmOptions =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** How many workers a study had on Slurm the last time; undefined where it never had. */
export const workersBefore = async (folder: string): Promise<number | undefined> =>
  (await submissionsIn(folder)).at(-1)?.wanted

/** Slurm reads `%` and `\` in the folder of a log as its own. */
function requirePlainFolder(folder: string): void {
  if (/[%\\\r\n]/.test(folder))
    throw new UsageError(
      `${folder} has a %, a \\ or more than one line, and Slurm writes no logs there: take another --studies`,
    )
}

async function submitArray(job: Job, workers: number, command: WorkerCommand, options: SlurmOptions): Promise<string> {
  const { folder } = job
  const name = `assay-${basename(folder).replaceAll(/[^\w.-]/g, '_')}-${randomBytes(4).toString('hex')}`
  const args = sbatchArguments(job, workers, name, options)
  const file = `slurm/${name}.sh`
  const text = scriptText({ folder, file, sbatchArguments: args, workingFolder: process.cwd(), command: command(job) })
  await writing(folder, async () => {
    await mkdir(join(folder, 'slurm'), { recursive: true })
    await writeFileAtomic(join(folder, file), text, { mode: 0o755 })
    // Before Slurm is called: whatever happens to this process, the array is found again by its name.
    await noteSubmission(folder, { event: 'submitting', name, workers, wanted: job.workers, options, time: Date.now() })
  })
  // Variables like SBATCH_PARTITION prevail over a script's lines, and arguments over both.
  const said = await call('sbatch', ['--parsable', ...args, file], folder).catch(async (error: unknown) => {
    await noteRefusal(folder, name)
    throw error
  })
  const id = Number(/^(\d+)(?:;.*)?$/.exec(said.trim())?.[1])
  if (!Number.isSafeInteger(id)) throw new UsageError(`sbatch said "${said.trim()}", where a job's number was expected`)
  await writing(folder, () => noteSubmission(folder, { event: 'submitted', name, job: id }))
  const most = options.throttle === undefined ? '' : `, at most ${options.throttle} at a time`
  return `submitted job ${id}: ${workers} worker${workers === 1 ? '' : 's'}${most}; logs in ${join(folder, 'slurm')}`
}

/** A refusal by a controller that did not answer in time may have been none. */
async function noteRefusal(folder: string, name: string): Promise<void> {
  const tasks = await tasksOf([name], folder).catch(() => undefined)
  if (tasks?.length === 0) await noteSubmission(folder, { event: 'refused', name })
}

const FOLDER_TROUBLE: Readonly<Record<string, string>> = {
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'its file system can only be read',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota is used up',
}

async function writing(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const trouble = error instanceof Error && 'code' in error ? FOLDER_TROUBLE[String(error.code)] : undefined
    if (trouble === undefined) throw error
    throw new UsageError(`nothing can be written to ${folder}: ${trouble}; make room, or take another --studies`, {
      cause: error,
    })
  }
}

interface Look {
  readonly submissions: readonly Submission[]
  /** Tasks that have not ended. */
  readonly live: readonly Task[]
  /** Of the tasks of the newest array, and of those with live tasks. */
  readonly failures: readonly string[]
}

async function lookAt(folder: string): Promise<Look> {
  const submissions = await submissionsIn(folder)
  const tasks = await tasksOf(
    submissions.map(({ name }) => name),
    folder,
  )
  const live = tasks.filter(({ stage }) => stage !== 'ended')
  const told = submissions.filter(
    ({ job }, i) => job !== undefined && (i === submissions.length - 1 || live.some((task) => task.job === job)),
  )
  const failures = await Promise.all(told.map((submission) => failuresOf(folder, submission, tasks)))
  return { submissions, live, failures: failures.flat() }
}

async function failuresOf(folder: string, { job, workers }: Submission, tasks: readonly Task[]): Promise<string[]> {
  if (job === undefined) return []
  const failures: string[] = []
  for (let index = 0; index < workers; index++) {
    const task = tasks.find((one) => one.job === job && one.index === index)
    if (task !== undefined && task.stage !== 'ended') continue
    if (task?.state === 'CANCELLED') continue
    const failure = await failureOf(folder, job, index)
    const slurmSays = task === undefined || task.state === 'COMPLETED' ? undefined : `${task.state} ${task.reason}`
    if (failure !== undefined) failures.push(slurmSays === undefined ? failure : `${failure} (Slurm: ${slurmSays})`)
    else if (task?.state === 'FAILED') failures.push(`task ${job}_${index} did not begin (Slurm: ${slurmSays})`)
  }
  return failures
}

function crewOf(folder: string, summary?: string): Crew {
  let last: { readonly at: number; readonly status: CrewStatus } | undefined
  const ask = async (): Promise<CrewStatus> => {
    const { live, failures } = await lookAt(folder)
    const waiting = live.filter(({ stage }) => stage === 'waiting')
    return {
      running: live.length - waiting.length,
      waiting: waiting.length,
      waitingFor: [...new Set(waiting.map(({ reason }) => reason).filter((reason) => reason !== 'None'))],
      failures,
    }
  }
  return {
    ...(summary !== undefined && { summary }),
    status: async () => {
      if (last === undefined || performance.now() - last.at > ANSWER_AGE)
        last = { status: await ask(), at: performance.now() }
      return last.status
    },
    cancel: async () => {
      last = undefined
      const began = performance.now()
      for (;;) {
        const { live } = await lookAt(folder)
        if (live.length === 0) return
        if (performance.now() - began > CANCEL_PATIENCE)
          throw new UsageError(
            `${live.length} tasks have not ended in ${CANCEL_PATIENCE / 1000} s, the first is ${live[0]?.job}_${live[0]?.index} (${live[0]?.state}): is its node there? sinfo tells`,
          )
        // Again each time: a task may have been queued again at this moment. The numbers of tasks that are ending are no mistake.
        const ending = live.filter(({ state }) => state !== 'COMPLETING')
        if (ending.length > 0) await call('scancel', [...new Set(ending.map(({ job }) => String(job)))], folder)
        await setTimeout(CANCEL_INTERVAL)
      }
    },
  }
}
