import { execFile } from 'node:child_process'
import { UsageError } from '../../../errors.ts'

/** Milliseconds after which Slurm's controller counts as not there; its own commands give up after less. */
const TIMEOUT = 120_000
/** A line of `squeue` has about 60 bytes. */
const MOST_OUTPUT = 64 * 2 ** 20

type Program = 'sbatch' | 'squeue' | 'scancel'

/**
 * What one of Slurm's commands prints.
 *
 * @throws UsageError where it is not installed, or refuses: with what it says
 */
export function call(program: Program, args: readonly string[], folder: string): Promise<string> {
  // A user's SQUEUE_USERS or SQUEUE_PARTITION would hide tasks.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(SQUEUE|SCANCEL)_/.test(name)))
  const options = { cwd: folder, env, timeout: TIMEOUT, maxBuffer: MOST_OUTPUT }
  return new Promise((done, refuse) => {
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) done(stdout)
      else if (error.code === 'ENOENT') refuse(new UsageError(missing(program)))
      else
        refuse(
          new UsageError(
            `${program} ${error.killed ? 'gives no answer' : 'refuses'}: ${inOneLine(stderr) || error.message}`,
          ),
        )
    })
  })
}

const missing = (program: Program): string =>
  `${program} is not on this machine: call it where Slurm's commands are (a cluster's login node; perhaps after "module load slurm"), or take --on local`

/** `sbatch: error: …` on several lines, as one. */
const inOneLine = (said: string): string =>
  said
    .split('\n')
    .map((line) => line.replace(/^\w+: (?:(?:error|fatal): )?/, '').trim())
    .filter((line) => line !== '')
    .join('; ')
