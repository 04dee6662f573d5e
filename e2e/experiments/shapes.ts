import {
  accuracy,
  adam,
  conv2d,
  crossEntropy,
  experiment,
  flatten,
  imageFolder,
  linear,
  relu,
  sequential,
  standardize,
} from 'assay'

/** Images read batch by batch from a folder that the test has made. */
export default experiment({
  name: 'shapes',
  data: imageFolder('shapes', { size: 12, channels: 'grey', keep: 'disk' }),
  split: { validation: 0.2 },
  prepare: [standardize()],
  model: sequential(conv2d(4, 3), relu(), flatten(), linear(2)),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-2 }),
  batchSize: 16,
  epochs: 5,
  metrics: [accuracy()],
})
