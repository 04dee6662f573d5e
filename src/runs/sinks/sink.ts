import type { Manifest } from '../manifest.ts'
import { BATCH_LOSS, type MetricRecord } from '../records.ts'

/** A run whose metrics are to go to another place beside its own log. */
export interface SinkRun {
  readonly folder: string
  readonly manifest: Manifest
  /** Optimiser steps of the whole training. */
  readonly steps: number
  /** What the log holds already, of a run that is resumed or over. */
  readonly records: readonly MetricRecord[]
}

/** Where the metrics of one run go. What goes wrong there is warned of and never ends a training. */
export interface Sink {
  /** Takes records in the order of the log, each once. */
  write(records: readonly MetricRecord[]): void
  /** Resolves when all has arrived, or has been given up. */
  end(status: 'finished' | 'interrupted' | 'failed'): Promise<void>
}

/** Begins to follow a run. */
export type OpenSink = (run: SinkRun, warn: (text: string) => void) => Sink

/** Metric names as other programs write them. */
export const sinkName = (name: string): string => (name === BATCH_LOSS ? 'batch_loss' : name)

/** Milliseconds since 1970 at which a record was made, interruptions of the run left out. It follows from the log alone. */
export const madeAt = ({ createdAt }: Manifest, { time }: MetricRecord): number =>
  Math.round(Date.parse(createdAt) + 1000 * time)
