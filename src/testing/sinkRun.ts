import type { SinkRun } from '../runs/sinks/sink.ts'
import { manifestOf } from './manifest.ts'

/** A run of 100 steps for tests of what follows runs. */
export const sinkRunOf = (folder: string, changes: Partial<Pick<SinkRun, 'steps' | 'records'>> = {}): SinkRun => ({
  folder,
  steps: 100,
  records: [],
  manifest: {
    ...manifestOf(),
    version: 1,
    id: 'digits-s7-20261121-101502-ab12',
    status: 'running',
    experiment: {
      optimizer: { kind: 'adam', lr: 0.001, betas: [0.9, 0.999] },
      model: { kind: 'sequential', children: [{ kind: 'linear', features: 10 }] },
      note: 'x'.repeat(600),
    },
    pid: 1,
    createdAt: '2026-11-21T10:15:02.000Z',
  },
  ...changes,
})
