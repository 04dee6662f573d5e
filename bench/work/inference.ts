import type { Work } from './work.ts'

/** A network's forward pass as in use: the latency of one sample and the throughput of many. */
export const inference = (work: Work): Work => ({
  ...work,
  name: `${work.name}-inference`,
  title: `${work.title}, inference`,
  task: 'inference',
  batches: [1, 256],
})
