/**
 * Item 6 of the homework: can a network learn labels that were drawn by chance? It can, by heart: with random labels the training loss falls as it does with true ones, and the test
 * loss rises far above that of guessing. 5,000 images of MNIST with true labels, with half of them random, and with all of them random:
 *
 *     assay inspect generalization examples/training-dynamics/random-labels.ts
 */
import { accuracy, adam, crossEntropy, experiment, grid, mlp, mnist, randomLabels, standardize } from 'assay'

const trueLabels = experiment({
  name: 'random-labels',
  data: mnist(),
  split: { validation: 55_000 },
  prepare: [standardize()],
  model: mlp({ hidden: [512], outputs: 10 }),
  loss: crossEntropy(),
  optimizer: adam({ lr: 1e-3 }),
  batchSize: 64,
  epochs: 40,
  evaluation: { everyEpochs: 40 },
  monitor: 'train.loss',
  metrics: [accuracy()],
})

export default grid(
  trueLabels,
  {
    labels: {
      true: {},
      'half random': { data: randomLabels(mnist(), { share: 0.5 }) },
      random: { data: randomLabels(mnist()) },
    },
  },
  { name: 'random-labels' },
)
