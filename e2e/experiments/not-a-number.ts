import { flatten, linear, sequential } from 'assay'
import { base, dataOf, noise } from './base.ts'

export default base.with({
  data: dataOf(noise.map((value, i) => (i === 17 * 64 + 5 ? Number.NaN : value))),
  model: sequential(flatten(), linear(3)),
})
