import type { NewManifest } from '../runs/manifest.ts'
import type { MetricRecord } from '../runs/records.ts'

/** A manifest for tests. */
export const manifestOf = (name = 'MNIST ConvNet', seed = 7): NewManifest => ({
  name,
  experiment: { batchSize: 64 },
  configHash: 'c0ffee00',
  seed,
  code: { commit: '0123456789abcdef', file: 'examples/mnist-convnet.ts' },
  data: {
    name: 'mnist',
    fingerprint: { train: 'a1', test: 'b2' },
    splits: { train: 50_000, validation: 10_000, test: 10_000 },
    inputShape: [1, 28, 28],
    inputDtype: 'uint8',
  },
  model: { name: 'convNet', parameters: 84_097, layers: [{ name: 'conv', shape: [16, 28, 28], parameters: 160 }] },
  machine: { platform: 'linux', arch: 'x64', cpu: 'test', cores: 2, memoryGB: 8 },
  versions: { assay: '0.1.0', node: '20.19.0', onnxruntime: '1.30.0' },
})

/** One record for tests. */
export const recordOf = (epoch: number, split: string, name: string, value: number): MetricRecord => ({
  step: epoch * 100,
  epoch,
  split,
  name,
  value,
  time: epoch * 2.5,
})
