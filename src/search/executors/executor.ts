/** Workers that are to be started on a study. */
export interface Job {
  /** Of the study; absolute. All that workers need to know is in it. */
  readonly folder: string
  readonly workers: number
  /** Threads inside one op, of each worker. */
  readonly threads: number
  /** Megabytes that a worker may take: one that takes more ends after its trial, and another begins. */
  readonly memory: number
}

/** A place where workers run. */
export interface Executor {
  readonly kind: string
  /** Whether workers go on when the process that has submitted them ends. */
  readonly outlives: boolean
  /**
   * Starts workers.
   *
   * @throws UsageError where they cannot be, or others are at work on the study already (where workers outlive their submitter: only as many are
   * started as are missing)
   */
  submit(job: Job): Promise<Crew>
  /** Workers that an earlier call has started, perhaps of another process; undefined where none are left, and none of the last ones failed. */
  find(folder: string): Promise<Crew | undefined>
}

/** Workers on one study. */
export interface Crew {
  /** What was submitted, in a line; undefined where that goes without saying. */
  readonly summary?: string
  status(): Promise<CrewStatus>
  /** Asks all to stop: they give back what they have not finished. Resolves when none is left. */
  cancel(): Promise<void>
}

export interface CrewStatus {
  readonly running: number
  /** Submitted, and not begun yet. */
  readonly waiting: number
  /** What those wait for, in the scheduler's words. */
  readonly waitingFor?: readonly string[]
  /** What those said that failed. */
  readonly failures: readonly string[]
}

/** How one worker is started: the same program and arguments for each worker of a job, wherever it runs. */
export type WorkerCommand = (job: Job) => readonly [program: string, ...args: string[]]

/** With which codes workers end. */
export const WORKER_EXIT = {
  /** All trials of the study have ended. */
  done: 0,
  /** It has taken too much memory: another one is to be started. */
  full: 75,
  /** It was told to stop. */
  stopped: 130,
  /** The study cannot be worked on: another one would fail, too. */
  usage: 2,
} as const
