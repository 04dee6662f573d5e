/**
 * Four networks on MNIST, each with five learning rates and with a schedule: accuracy and F1 of every cell as one table. All have three
 * epochs, which favours what learns fast. A command that was broken off goes on where it was:
 *
 *     assay run experiment.ts
 *     assay compare cnn-comparison
 */
import {
  accuracy,
  adam,
  batchNorm2d,
  conv2d,
  crossEntropy,
  dropout,
  experiment,
  f1,
  flatten,
  grid,
  leNet5,
  linear,
  maxPool2d,
  mlp,
  mnist,
  oneCycle,
  relu,
  resNet18,
  sequential,
  standardize,
} from 'assay'

const dense = experiment({
  name: 'dense',
  data: mnist(),
  split: { validation: 5_000, stratify: true },
  prepare: [standardize()],
  model: mlp({ hidden: [512, 256], outputs: 10, dropout: 0.3 }),
  loss: crossEntropy(),
  optimizer: adam(),
  batchSize: 128,
  epochs: 3,
  metrics: [accuracy(), f1({ average: 'macro' })],
})

const convNet = sequential(
  ...[conv2d(16, 3, { padding: 'same' }), batchNorm2d(), relu(), maxPool2d(2)],
  ...[conv2d(32, 3, { padding: 'same' }), batchNorm2d(), relu(), maxPool2d(2)],
  ...[flatten(), linear(128), relu(), dropout(0.5), linear(10)],
)

export default grid(
  {
    dense,
    leNet5: dense.with({ name: 'leNet5', model: leNet5({ activation: relu, pool: maxPool2d }) }),
    convNet: dense.with({ name: 'convNet', model: convNet }),
    resNet18: dense.with({ name: 'resNet18', model: resNet18({ stem: 'cifar', width: 8 }) }),
  },
  {
    'learning rate': {
      '0.1': { optimizer: adam({ lr: 0.1 }) },
      '0.03': { optimizer: adam({ lr: 0.03 }) },
      '0.01': { optimizer: adam({ lr: 0.01 }) },
      '0.001': { optimizer: adam({ lr: 0.001 }) },
      '0.0001': { optimizer: adam({ lr: 0.0001 }) },
      '0.01, one cycle': {
        optimizer: adam({ lr: 0.01 }),
        schedule: oneCycle(),
        asserts: { accuracy: { atLeast: 0.96 } },
      },
    },
  },
  { name: 'cnn-comparison' },
)
