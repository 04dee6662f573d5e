import {
  adam,
  batchNorm2d,
  conv2d,
  flatten,
  globalAvgPool2d,
  type Layer,
  linear,
  maxPool2d,
  type Optimizer,
  relu,
  residual,
  sequential,
  sgd,
} from '../../../src/index.ts'
import type { Part } from '../../work/network.ts'
import type { Work } from '../../work/work.ts'

export const modelOf = (parts: readonly Part[]): Layer => sequential(...parts.map(layerOf))

function layerOf(part: Part): Layer {
  switch (part.kind) {
    case 'linear':
      return linear(part.outputs)
    case 'conv': {
      const { channels, kernel, stride, padding, bias } = part
      return conv2d(channels, kernel, { stride, padding, bias })
    }
    case 'batchNorm':
      return batchNorm2d()
    case 'relu':
      return relu()
    case 'maxPool':
      return maxPool2d(part.size)
    case 'globalAveragePool':
      return sequential(globalAvgPool2d(), flatten())
    case 'flatten':
      return flatten()
    case 'residual':
      return residual(modelOf(part.body), part.shortcut.length === 0 ? {} : { shortcut: modelOf(part.shortcut) })
  }
}

export const optimizerOf = ({ optimizer }: Work): Optimizer =>
  optimizer.kind === 'adam' ? adam({ lr: optimizer.lr }) : sgd({ lr: optimizer.lr, momentum: optimizer.momentum })
