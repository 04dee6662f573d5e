import { Option } from '@commander-js/extra-typings'
import { UsageError } from '../../errors.ts'
import type { SlurmOptions } from '../../search/executors/slurm/options.ts'
import { wholeNumber } from '../parse.ts'

/** What the command line says for `--on slurm`. */
export interface SlurmFlags {
  readonly partition?: string | undefined
  readonly account?: string | undefined
  readonly time?: string | undefined
  readonly throttle?: number | undefined
  readonly sbatchArg?: readonly string[] | undefined
  /** Whether to wait for workers that do not need this process. Default: on a terminal. */
  readonly wait?: boolean | undefined
}

export const slurmOptionsOf = ({ partition, account, time, throttle, sbatchArg }: SlurmFlags): SlurmOptions => ({
  ...{ partition, account, time, throttle },
  sbatchArgs: sbatchArg,
})

const FLAGS = ['partition', 'account', 'time', 'throttle', 'sbatchArg', 'wait'] as const

/** @throws UsageError where a flag is given that only Slurm understands */
export function requireNoFlags(flags: SlurmFlags): void {
  const given = FLAGS.find((flag) => flags[flag] !== undefined)
  if (given !== undefined)
    throw new UsageError(
      `${given === 'sbatchArg' ? '--sbatch-arg' : `--${given}`} is for workers on Slurm: add --on slurm, or leave it out`,
    )
}

export const partitionOption = () => new Option('--partition <name>', 'of Slurm')
export const accountOption = () => new Option('--account <name>', 'that Slurm charges')
export const timeOption = () =>
  new Option(
    '--time <limit>',
    'of a worker on Slurm, in minutes or as [days-]hours:minutes:seconds; it is queued again then',
  )
export const throttleOption = () =>
  new Option('--throttle <n>', 'workers at the same time on Slurm').argParser(wholeNumber('--throttle', 1))
export const sbatchArgOption = () =>
  new Option(
    '--sbatch-arg <argument>',
    'another argument of sbatch, as in --sbatch-arg=--constraint=avx512; may be given more than once',
  ).argParser((argument: string, before: readonly string[] | undefined): readonly string[] => [
    ...(before ?? []),
    argument,
  ])
export const waitOption = () =>
  new Option('--wait', 'on Slurm, show progress until the search has ended; so on a terminal')
export const noWaitOption = () => new Option('--no-wait', 'on Slurm, submit and end; so where there is no terminal')
