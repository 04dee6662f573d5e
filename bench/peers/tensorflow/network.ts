import * as tf from '@tensorflow/tfjs-layers'
import type { Part } from '../../work/network.ts'

/** A model of tfjs-layers. Images are NHWC, because its CPU kernels know no other layout. */
export function modelOf(parts: readonly Part[], sample: readonly number[]): tf.LayersModel {
  const [channels = 1, ...size] = sample
  const input = tf.input({ shape: size.length === 0 ? [channels] : [...size, channels] })
  return tf.model({ inputs: input, outputs: applied(parts, input) })
}

const applied = (parts: readonly Part[], x: tf.SymbolicTensor): tf.SymbolicTensor =>
  parts.reduce((h, part) => {
    if (part.kind === 'residual')
      return single(tf.layers.add().apply([applied(part.body, h), applied(part.shortcut, h)]))
    return single(layerOf(part).apply(h))
  }, x)

function layerOf(part: Exclude<Part, { kind: 'residual' }>) {
  switch (part.kind) {
    case 'linear':
      return tf.layers.dense({ units: part.outputs })
    case 'conv': {
      const { kernel, stride, padding, bias } = part
      if (padding !== 0 && padding !== (kernel - 1) / 2) throw new Error(`tfjs-layers has no padding of ${padding}`)
      return tf.layers.conv2d({
        filters: part.channels,
        kernelSize: kernel,
        strides: stride,
        padding: padding === 0 ? 'valid' : 'same',
        useBias: bias,
      })
    }
    case 'batchNorm':
      return tf.layers.batchNormalization({ epsilon: 1e-5, momentum: 0.9 })
    case 'relu':
      return tf.layers.reLU()
    case 'maxPool':
      return tf.layers.maxPooling2d({ poolSize: part.size })
    case 'globalAveragePool':
      return tf.layers.globalAveragePooling2d({})
    case 'flatten':
      return tf.layers.flatten()
  }
}

function single<T>(value: T | T[]): tf.SymbolicTensor {
  if (value instanceof tf.SymbolicTensor) return value
  throw new Error('a layer applied to one symbolic tensor gives one')
}
