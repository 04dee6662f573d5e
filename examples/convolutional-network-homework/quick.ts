/** The same networks on 300 images for one epoch: numbers that say nothing, to see in a minute that all else works. */
import { mnist, subset } from 'assay'
import comparison from './experiment.ts'

export default comparison.with({
  data: subset(mnist(), { train: 400, test: 200 }),
  split: { validation: 100, stratify: true },
  epochs: 1,
  asserts: {},
})
