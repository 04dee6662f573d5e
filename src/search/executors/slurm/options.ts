import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import type { Job } from '../executor.ts'

export const optionsSchema = z.strictObject({
  partition: z.string().optional(),
  account: z.string().optional(),
  /** Time limit as Slurm writes it: minutes, or `[days-]hours:minutes:seconds`. A worker that reaches it is queued again. */
  time: z.string().optional(),
  /** Workers that run at the same time. Default: all. */
  throttle: z.int().positive().optional(),
  /** Further arguments of `sbatch`, each `--name` or `--name=value`; they come last, and so prevail. */
  sbatchArgs: z.array(z.string()).readonly().optional(),
})
/** What is asked of Slurm for each worker. What is not given is as it was the last time, and at first the cluster's to choose. */
export type SlurmOptions = Readonly<z.infer<typeof optionsSchema>>

/** Seconds before the time limit at which a worker is told: time for the step under way, and for giving its trials back. */
const WARNING = 120
/** What Slurm grants above the memory at which a worker ends by itself, which it looks at between trials alone. */
const MEMORY_MARGIN = 1.25

/** Arguments whose meaning the executor needs to know. */
const OWN = ['array', 'a', 'job-name', 'J', 'output', 'o', 'error', 'e', 'chdir', 'D', 'wrap', 'wait', 'W', 'test-only']

/**
 * The arguments of `sbatch` for the workers of a job.
 *
 * @param name of the array
 * @param workers tasks that are to be submitted
 * @throws UsageError for an argument that is none, or that only the executor may give
 */
export function sbatchArguments(job: Job, workers: number, name: string, options: SlurmOptions): readonly string[] {
  const { partition, account, time, throttle, sbatchArgs = [] } = options
  for (const argument of sbatchArgs) requireArgument(argument)
  const given = (option: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`--${option}=${value}`]
  const all = [
    `--job-name=${name}`,
    `--array=0-${workers - 1}${throttle === undefined ? '' : `%${throttle}`}`,
    // Seen from the study's folder: an absolute path may hold characters that mean something to Slurm.
    '--output=slurm/%A_%a.log',
    '--open-mode=append',
    '--ntasks=1',
    `--cpus-per-task=${job.threads}`,
    `--mem=${Math.ceil(job.memory * MEMORY_MARGIN)}M`,
    '--requeue',
    `--signal=B:USR1@${WARNING}`,
    ...given('time', time),
    ...given('partition', partition),
    ...given('account', account),
    ...sbatchArgs,
  ]
  const broken = all.find((argument) => /[\r\n\0]/.test(argument))
  if (broken !== undefined)
    throw new UsageError(`${JSON.stringify(broken)} has more than one line: arguments of sbatch have one`)
  return all
}

function requireArgument(argument: string): void {
  const [, name] = /^--?([A-Za-z][\w-]*)(?:=|$)/.exec(argument) ?? []
  if (name === undefined)
    throw new UsageError(
      `"${argument}" is no argument of sbatch: give it as --name=value, for instance --sbatch-arg=--constraint=avx512`,
    )
  if (OWN.includes(name)) throw new UsageError(`--sbatch-arg ${argument}: assay gives this one itself; leave it out`)
}
