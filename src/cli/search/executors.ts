import { fileURLToPath } from 'node:url'
import { UsageError } from '../../errors.ts'
import type { Crew, Executor, WorkerCommand } from '../../search/executors/executor.ts'
import { local } from '../../search/executors/local.ts'
import type { SlurmOptions } from '../../search/executors/slurm/options.ts'
import { slurm } from '../../search/executors/slurm/slurm.ts'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** The same command line for all executors. */
const command: WorkerCommand = ({ folder, workers, threads, memory }) => [
  process.execPath,
  MAIN,
  ...['search', 'worker', folder],
  ...['--workers', String(workers), '--threads', String(threads), '--memory', String(memory)],
]

export type ExecutorName = 'local' | 'slurm'

/** @param options of Slurm, where that is it */
export const executorOf = (name: ExecutorName, options: SlurmOptions = {}): Executor =>
  name === 'local' ? local(command) : slurm(command, options)

/**
 * The workers that are on a study, wherever they are.
 *
 * @param onTrouble gets what a place says that cannot be asked; without, it is thrown
 */
export async function crewsOf(
  folder: string,
  onTrouble?: (message: string) => void,
): Promise<readonly { readonly kind: ExecutorName; readonly crew: Crew }[]> {
  const found = await Promise.all(
    (['local', 'slurm'] as const).map(async (kind) => {
      try {
        return { kind, crew: await executorOf(kind).find(folder) }
      } catch (error) {
        if (onTrouble === undefined || !(error instanceof UsageError)) throw error
        onTrouble(error.message)
        return { kind, crew: undefined }
      }
    }),
  )
  return found.flatMap(({ kind, crew }) => (crew === undefined ? [] : [{ kind, crew }]))
}
