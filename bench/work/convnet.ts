import {
  adam,
  arrays,
  conv2d,
  crossEntropy,
  experiment,
  flatten,
  key,
  linear,
  maxPool2d,
  relu,
  sequential,
  uniform,
} from 'assay'

/** The ConvNet that the design measures by: 16 and 32 channels, 128 hidden, Adam. */
export const convnet = (batch: number) =>
  experiment({
    name: 'bench-convnet',
    data: arrays({
      name: 'noise',
      inputs: { data: uniform(key(0), batch * 784), shape: [1, 28, 28] },
      targets: {
        task: 'classification',
        labels: Int32Array.from({ length: batch }, (_, i) => i % 10),
        classes: [...'0123456789'],
      },
    }),
    model: sequential(
      conv2d(16, 3, { padding: 'same' }),
      relu(),
      maxPool2d(2),
      conv2d(32, 3, { padding: 'same' }),
      relu(),
      maxPool2d(2),
      flatten(),
      linear(128),
      relu(),
      linear(10),
    ),
    loss: crossEntropy(),
    optimizer: adam({ lr: 1e-3 }),
    batchSize: batch,
    epochs: 1,
  })
