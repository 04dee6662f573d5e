/**
 * MNIST by a convolutional network with dropout and by a dense one: 98.9 % and 97.6 % of the test split and more. The page has the losses and
 * the accuracies of both as charts. A command that was broken off goes on where it was:
 *
 *     assay run examples/training-dynamics/mnist.ts
 */
import {
  accuracy,
  adam,
  conv2d,
  cosine,
  crossEntropy,
  dropout,
  experiment,
  flatten,
  grid,
  linear,
  maxPool2d,
  mlp,
  mnist,
  relu,
  sequential,
  standardize,
} from 'assay'

const convNet = experiment({
  name: 'conv-net',
  data: mnist(),
  split: { validation: 5_000, stratify: true },
  prepare: [standardize()],
  model: sequential(
    ...[conv2d(16, 3, { padding: 'same' }), relu(), maxPool2d(2)],
    ...[conv2d(32, 3, { padding: 'same' }), relu(), maxPool2d(2)],
    ...[flatten(), linear(128), relu(), dropout(0.5), linear(10)],
  ),
  loss: crossEntropy(),
  optimizer: adam({ lr: 2e-3, weightDecay: 1e-5 }),
  schedule: cosine(),
  batchSize: 128,
  epochs: 6,
  metrics: [accuracy()],
  asserts: { accuracy: { atLeast: 0.989 } },
})

export default grid(
  {
    convNet,
    dense: convNet.with({
      name: 'dense',
      model: mlp({ hidden: [256, 128], outputs: 10, dropout: 0.2 }),
      asserts: { accuracy: { atLeast: 0.976 } },
    }),
  },
  {},
  { name: 'mnist-conv-and-dense' },
)
