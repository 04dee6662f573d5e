import { dense, flatten } from './network.ts'
import type { Work } from './work.ts'

/** The dense network of many a first lesson on MNIST. */
export const mlp: Work = {
  name: 'mlp',
  title: 'MLP 784-256-128-10',
  task: 'training',
  members: 1,
  sample: [1, 28, 28],
  target: { kind: 'classes', count: 10 },
  network: [flatten, ...dense(256, 128, 10)],
  optimizer: { kind: 'adam', lr: 1e-3 },
  batches: [64],
}
