import { conv, dense, flatten, maxPool, relu } from './network.ts'
import type { Work } from './work.ts'

/** LeNet-5 (LeCun et al., 1998) as it is taught today: with ReLU and max pooling. */
export const lenet5: Work = {
  name: 'lenet5',
  title: 'LeNet-5',
  task: 'training',
  members: 1,
  sample: [1, 28, 28],
  target: { kind: 'classes', count: 10 },
  network: [
    ...[conv(6, 5, { padding: 2 }), relu, maxPool(2)],
    ...[conv(16, 5), relu, maxPool(2)],
    ...[flatten, ...dense(120, 84, 10)],
  ],
  optimizer: { kind: 'adam', lr: 1e-3 },
  batches: [128],
}
