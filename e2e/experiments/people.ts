import { accuracy, adam, crossEntropy, csv, experiment, impute, linear, standardize } from 'assay'

/** A file that the test writes into the working folder. */
export default experiment({
  name: 'people',
  data: csv('people.csv', { target: 'ill', test: 0.2 }),
  split: { validation: 0.2 },
  prepare: [impute(), standardize()],
  model: linear(2),
  loss: crossEntropy(),
  optimizer: adam({ lr: 0.05 }),
  epochs: 5,
  metrics: [accuracy()],
})
