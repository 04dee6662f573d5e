import { flatten, linear, sequential } from 'assay'
import { base } from './base.ts'

function brokenHook(): void {
  throw new TypeError('the hook is broken')
}

export default base.with({
  name: 'throws',
  model: sequential(flatten(), linear(3)),
  callbacks: [{ onEpoch: brokenHook }],
})
