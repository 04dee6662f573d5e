import { dense } from './network.ts'
import type { Work } from './work.ts'

/** 571 parameters fit y = sin(x): so small that overhead is all there is to measure. */
export const sinMlp: Work = {
  name: 'sin-mlp',
  title: 'sin MLP 1-5-10-10-10-10-10-5-1',
  task: 'training',
  members: 1,
  sample: [1],
  target: { kind: 'numbers', count: 1 },
  network: dense(5, 10, 10, 10, 10, 10, 5, 1),
  optimizer: { kind: 'adam', lr: 1e-3 },
  batches: [128],
}
