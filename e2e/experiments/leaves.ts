import { flatten, linear, sequential } from 'assay'
import { base } from './base.ts'

/** Code of a user's that ends its thread in mid-training. */
export default base.with({
  name: 'leaves',
  model: sequential(flatten(), linear(3)),
  callbacks: [{ onEpoch: () => process.exit(3) }],
})
