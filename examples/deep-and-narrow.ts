/** Twelve layers of ten neurons: deep and narrow, made with a loop, trained like anything else. */
import { accuracy, adam, crossEntropy, experiment, flatten, linear, mnist, sequential, standardize, tanh } from 'assay'

const hidden = Array.from({ length: 11 }, () => [linear(10), tanh()]).flat()

export default experiment({
  name: 'deep-and-narrow',
  data: mnist(),
  split: { validation: 10_000 },
  prepare: [standardize()],
  model: sequential(flatten(), ...hidden, linear(10)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 3e-3 }),
  epochs: 2,
  metrics: [accuracy()],
})
