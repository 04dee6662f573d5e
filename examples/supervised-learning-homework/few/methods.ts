/** `fashion-methods.ts` on few images for one epoch, as `--quick` has it: numbers that say nothing. */
import { fashionMnist, subset } from 'assay'
import whole from '../fashion-methods.ts'

export default whole.with({
  data: subset(fashionMnist(), { train: 1_200, test: 300 }),
  split: { validation: 200 },
  epochs: 1,
  seeds: [0],
  asserts: {},
})
