import type { Tensor, TypedArray } from '../tensor/index.ts'
import type { Graph } from './graph.ts'

/** A prepared graph. It knows nothing of names or nesting: arrays in, arrays out, in the graph's order. */
export interface Executable {
  /** @param outputs where results are written; new arrays when absent */
  run(
    inputs: readonly TypedArray[],
    hostValues: readonly TypedArray[],
    outputs?: readonly TypedArray[],
  ): Promise<readonly TypedArray[]>
  dispose(): Promise<void>
  /** What the runtime made of single tensors of the graph it prepared (kernels, layouts), for plans. */
  readonly formulations?: ReadonlyMap<Tensor, string>
}

export interface RuntimeOptions {
  /** Threads inside one op; default: one a physical core. */
  readonly threads?: number
  /**
   * Ways to compute ops that are not to be chosen by shape: by op of the table, the name of a formulation as
   * `program.describe()` shows it, or `plain`. Default none.
   */
  readonly pins?: Readonly<Record<string, string>>
}

/** Whatever can run a graph. */
export interface Runtime {
  readonly name: string
  prepare(graph: Graph, options: RuntimeOptions): Promise<Executable>
}

let current: Runtime | undefined

/** The runtime that `compile` uses unless told otherwise. Loading `assay` or `assay/runtime/node` sets it. */
export function setDefaultRuntime(runtime: Runtime): void {
  current = runtime
}

export function defaultRuntime(): Runtime {
  if (current === undefined)
    throw new Error(
      'no runtime is loaded: import "assay", or "assay/runtime/node", or pass { runtime: referenceRuntime }',
    )
  return current
}

let currentThreads: number | undefined

/** Threads inside one op where a program is compiled without saying how many; undefined: the runtime's own choice. */
export function setDefaultThreads(threads: number | undefined): void {
  currentThreads = threads
}

/** See {@link setDefaultThreads}. */
export const defaultThreads = (): number | undefined => currentThreads
