import { conv, dense, flatten, maxPool, relu } from './network.ts'
import type { Work } from './work.ts'

/** The ConvNet that Assay's design measures by: 16 and 32 channels, 128 hidden. */
export const convnet: Work = {
  name: 'convnet',
  title: 'ConvNet 16-32-128-10',
  task: 'training',
  members: 1,
  sample: [1, 28, 28],
  target: { kind: 'classes', count: 10 },
  network: [
    ...[conv(16, 3, { padding: 1 }), relu, maxPool(2)],
    ...[conv(32, 3, { padding: 1 }), relu, maxPool(2)],
    ...[flatten, ...dense(128, 10)],
  ],
  optimizer: { kind: 'adam', lr: 1e-3 },
  batches: [64, 128],
}
