import { availableParallelism, totalmem } from 'node:os'

/** How trainings are spread over the machine. */
export interface Workforce {
  /** Trainings at a time. */
  readonly jobs: number
  /** Threads inside one op; undefined: ONNX Runtime's choice, one a physical core. */
  readonly threads?: number
}

/** Memory that a training is allowed to take, in bytes, before others are started beside it. */
const MEMORY = 2 * 2 ** 30

/**
 * One training alone has all cores. Of several, as many run at a time as there are cores, or 2 GB of memory, and share the cores: two
 * trainings on a core each are done sooner than one after the other on two.
 *
 * @param turns trainings
 * @param asked what the command line says
 */
export function workforce(
  turns: number,
  { jobs: asked, threads }: { readonly jobs?: number | undefined; readonly threads?: number | undefined } = {},
  machine = { cores: availableParallelism(), memory: totalmem() },
): Workforce {
  const { cores, memory } = machine
  const fitting = Math.max(1, Math.min(cores, Math.floor(memory / MEMORY)))
  const jobs = Math.max(1, Math.min(turns, asked ?? fitting))
  const shared = jobs === 1 ? undefined : Math.max(1, Math.floor(cores / jobs))
  const own = threads ?? shared
  return { jobs, ...(own !== undefined && { threads: own }) }
}
