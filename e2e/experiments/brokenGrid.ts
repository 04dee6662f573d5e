import { flatten, grid, linear, sequential } from 'assay'
import { base } from './base.ts'

/** One cell throws in mid-training, and two are the same. */
const brokenHook = (): void => {
  throw new Error('the hook is broken')
}

export default grid(
  base.with({ model: sequential(flatten(), linear(3)) }),
  {
    kind: {
      plain: {},
      broken: { batchSize: 20, callbacks: [{ onEpoch: brokenHook }] },
      other: { batchSize: 30 },
      again: {},
    },
  },
  { name: 'half-broken' },
)
