import * as z from 'zod'
import * as ops from '../../tensor/index.ts'
import { constant, formatShape, matmul, type Pair, ShapeError } from '../../tensor/index.ts'
import { pairOf, parseConfig } from '../config.ts'
import { type Layer, layer } from '../layer.ts'
import { both } from './convolutionOptions.ts'

const schema = z.strictObject({ size: pairOf(1) })

/**
 * Means over windows such that maps of any size become `size`, PyTorch's `nn.AdaptiveAvgPool2d`: so a linear layer after it
 * takes images of any size. Windows overlap where sizes do not divide, and repeat where a map is smaller than `size`.
 *
 * @param size height and width that come out
 * @example
 * sequential(features, adaptiveAvgPool2d(7), flatten(), linear(4096)) // as in VGG and AlexNet
 */
export function adaptiveAvgPool2d(size: Pair): Layer {
  const config = parseConfig('adaptiveAvgPool2d', schema, { size })
  const [toHeight, toWidth] = both(config.size)
  return layer('AdaptiveAvgPool2d', {
    config,
    apply: (_, x) => {
      const [, , height, width] = x.shape
      if (height === undefined || width === undefined || x.shape.length !== 4)
        throw new ShapeError(
          `adaptiveAvgPool2d needs [batch, channels, height, width] and ${formatShape(x.shape)} came in`,
        )
      if (height === toHeight && width === toWidth) return x
      if (height % toHeight === 0 && width % toWidth === 0)
        return ops.avgPool2d(x, [height / toHeight, width / toWidth])
      const rows = constant(means(height, toHeight), [toHeight, height], 'float32')
      const columns = constant(means(width, toWidth), [toWidth, width], 'float32')
      return matmul(rows, matmul(x, ops.transpose(columns)))
    },
    with: (changes) => adaptiveAvgPool2d(parseConfig('adaptiveAvgPool2d', schema, { ...config, ...changes }).size),
  })
}

/** `[to, from]`: place i of what comes out is the mean from floor(i·from/to) up to ceil((i+1)·from/to), as in PyTorch. */
function means(from: number, to: number): Float32Array {
  const matrix = new Float32Array(to * from)
  for (let i = 0; i < to; i++) {
    const [start, end] = [Math.floor((i * from) / to), Math.ceil(((i + 1) * from) / to)]
    matrix.fill(1 / (end - start), i * from + start, i * from + end)
  }
  return matrix
}
