import { flatten, linear, sequential } from 'assay'
import { base, dataOf, labels, noise } from './base.ts'

export default base.with({
  data: dataOf(
    noise,
    labels.map((label, i) => (i === 41 ? 7 : label)),
  ),
  model: sequential(flatten(), linear(3)),
})
