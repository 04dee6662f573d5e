import { flatten, linear, sequential } from 'assay'
import { base, dataOf, noise, samples } from './base.ts'

export default base.with({
  data: dataOf(
    noise,
    Int32Array.from({ length: samples }, (_, i) => i % 11),
    Array.from({ length: 11 }, (_, i) => `class ${i}`),
  ),
  model: sequential(flatten(), linear(10)),
})
