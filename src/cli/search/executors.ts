import { fileURLToPath } from 'node:url'
import type { Crew, Executor, WorkerCommand } from '../../search/executors/executor.ts'
import { local } from '../../search/executors/local.ts'

const MAIN = fileURLToPath(new URL('../main.js', import.meta.url))

/** The same command line for all executors. */
const command: WorkerCommand = ({ folder, workers, threads, memory }) => [
  process.execPath,
  MAIN,
  ...['search', 'worker', folder],
  ...['--workers', String(workers), '--threads', String(threads), '--memory', String(memory)],
]

export const executorNames = ['local'] as const
export type ExecutorName = (typeof executorNames)[number]

export const executors: Readonly<Record<ExecutorName, Executor>> = { local: local(command) }

/** The workers that are on a study, wherever they are. */
export async function crewsOf(folder: string): Promise<readonly { readonly kind: string; readonly crew: Crew }[]> {
  const found = await Promise.all(
    Object.values(executors).map(async (executor) => ({ kind: executor.kind, crew: await executor.find(folder) })),
  )
  return found.flatMap(({ kind, crew }) => (crew === undefined ? [] : [{ kind, crew }]))
}
