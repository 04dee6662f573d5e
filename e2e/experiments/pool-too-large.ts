import { conv2d, flatten, linear, maxPool2d, relu, sequential } from 'assay'
import { base } from './base.ts'

export default base.with({
  model: sequential(
    conv2d(4, 3, { padding: 'same' }),
    relu(),
    maxPool2d(2),
    maxPool2d(2),
    maxPool2d(3),
    flatten(),
    linear(3),
  ),
})
