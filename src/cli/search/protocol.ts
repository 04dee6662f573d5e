import type { WorkEnd } from '../../search/searching/work.ts'

/** What a worker's thread is to do. */
export interface ThreadJob {
  /** Of the study; absolute. */
  readonly folder: string
  /** Threads inside one op. */
  readonly threads: number
  /** Workers in all. */
  readonly workers: number
  /** Megabytes that the process may take. */
  readonly memory: number
  /** One int32: not 0 when the work is to stop after the step under way. */
  readonly stop: SharedArrayBuffer
}

/** What the thread says: that trials have ended, and at last what came of its work. */
export type Said = Ending | { readonly kind: 'trials' }

export type Ending =
  | { readonly kind: 'ended'; readonly end: WorkEnd }
  | { readonly kind: 'usage'; readonly message: string }
  | { readonly kind: 'failed'; readonly message: string }
