import { batchNorm, conv, globalAveragePool, linear, type Part, relu } from './network.ts'
import type { Work } from './work.ts'

const conv3x3 = (channels: number, stride = 1): Part => conv(channels, 3, { stride, padding: 1, bias: false })

/** The basic block and the ReLU after it (He et al., 2016). */
const block = (channels: number, stride: number, isProjected: boolean): Part[] => [
  {
    kind: 'residual',
    body: [conv3x3(channels, stride), batchNorm, relu, conv3x3(channels), batchNorm],
    shortcut: isProjected ? [conv(channels, 1, { stride, bias: false }), batchNorm] : [],
  },
  relu,
]

/**
 * ResNet18 for small images: a 3×3 stem without pooling, four stages of two basic blocks, strides 1, 2, 2, 2.
 *
 * @param width channels of the first stage; each later stage has twice as many as the one before
 */
export const resnet18 = (width: number): Work => ({
  name: `resnet18-${width}`,
  title: `ResNet18, ${width} channels`,
  task: 'training',
  members: 1,
  sample: [1, 28, 28],
  target: { kind: 'classes', count: 10 },
  network: [
    ...[conv3x3(width), batchNorm, relu],
    ...[1, 2, 4, 8].flatMap((times, stage) => [
      ...block(width * times, stage === 0 ? 1 : 2, stage > 0),
      ...block(width * times, 1, false),
    ]),
    ...[globalAveragePool, linear(10)],
  ],
  optimizer: { kind: 'sgd', lr: 0.01, momentum: 0.9 },
  batches: [64],
})
