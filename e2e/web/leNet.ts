import { arrays, standardize } from 'assay/data'
import { accuracy } from 'assay/metrics'
import { conv2d, crossEntropy, flatten, linear, maxPool2d, relu, sequential } from 'assay/nn'
import { adam } from 'assay/optim'
import { experiment } from 'assay/train'

/** Images that the page trains on: the first of MNIST's training split. */
export const IMAGES = 2000

const CLASSES = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

/**
 * LeNet-5 on handwritten digits, for the page and for Node: the same value, so the same training.
 *
 * Source: LeCun, Bottou, Bengio, Haffner, "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998),
 * with ReLU and max pooling as usual today.
 *
 * @param images uint8 [n, 28, 28]
 * @param labels digits, uint8 [n]
 */
export const leNet = (images: Uint8Array, labels: Uint8Array) =>
  experiment({
    name: 'lenet-in-a-page',
    data: arrays({
      name: `mnist's first ${IMAGES}`,
      inputs: { data: images, shape: [1, 28, 28] },
      targets: { task: 'classification', labels: Int32Array.from(labels), classes: CLASSES },
    }),
    prepare: [standardize()],
    model: sequential(
      ...[conv2d(6, 5, { padding: 2 }), relu(), maxPool2d(2)],
      ...[conv2d(16, 5), relu(), maxPool2d(2)],
      ...[flatten(), linear(120), relu(), linear(84), relu(), linear(10)],
    ),
    loss: crossEntropy(),
    optimizer: adam({ lr: 1e-3 }),
    batchSize: 64,
    epochs: 4,
    metrics: [accuracy()],
  })
