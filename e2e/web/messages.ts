import type { EpochReport } from 'assay/train'

/** What the page asks of its worker. */
export interface Order {
  readonly wasmPaths: string
  readonly executionProviders: readonly ('webgpu' | 'wasm')[]
  readonly threads?: number
}

/** What the worker tells the page. */
export type News =
  | { readonly type: 'start'; readonly steps: number; readonly epochs: number }
  | { readonly type: 'step'; readonly step: number; readonly loss: number }
  | { readonly type: 'epoch'; readonly report: EpochReport }
  | { readonly type: 'end'; readonly loss: number; readonly msPerStep: number }
  | { readonly type: 'error'; readonly message: string }
