import type { StateDict } from '../nn/index.ts'
import type { Position, Report } from './position.ts'

/**
 * Everything that a training carries from step to step: one that goes on from it ends where the unbroken one ends, bit for bit.
 * Chance is no part of it, as it follows from seed and position.
 */
export interface Snapshot {
  readonly position: Position
  /** Weights and running statistics, by PyTorch's names. */
  readonly weights: StateDict
  /** The optimiser's state (`exp_avg.0.weight`), averaged weights (`average`), the gradient before (`previousGradient`), by name. */
  readonly vectors: ReadonlyMap<string, Float32Array>
  /** Of the epoch under way. */
  readonly seen: Seen
  /** How often the averaged weights have been updated. */
  readonly averaged: number
  /** All reports so far, oldest first. */
  readonly history: readonly Report[]
  /** The best weights so far; absent before the first report. */
  readonly best?: Best
}

/** What the statistics of an epoch are computed from. */
export interface Seen {
  readonly samples: number
  readonly lossSum: number
  /** What the network put out, `[samples, …]`; empty where no metric asks for it. */
  readonly outputs: Float32Array
}

/** Weights with the best value of what is monitored, and after which step they had it. */
export interface Best extends Position {
  readonly value: number
  readonly weights: StateDict
}
