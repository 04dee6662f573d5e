import { constant, matmul, mul, reshape, type Shape, sizeOf, type Tensor } from '../../tensor/index.ts'
import { planeOf } from '../saliency/index.ts'

/** How an input is written down while it is optimised. */
export const PARAMETRIZATIONS = ['fourier', 'pixels'] as const
export type Parametrization = (typeof PARAMETRIZATIONS)[number]

/**
 * From parameters to an input before it is brought into its range, both `[batch, …sample]`. `pixels` are the numbers themselves. `fourier` are
 * amplitudes of waves, divided by their frequency as natural images are, so that each step moves coarse and fine structure alike: without it gradients make
 * patterns of single pixels. The waves are the real ones of Hartley's transform, orthonormal, one axis after the other. Vectors have no
 * frequencies and are always themselves.
 *
 * Source: Olah, Mordvintsev and Schubert, "Feature visualization", Distill (2017), https://distill.pub/2017/feature-visualization.
 */
export function parametrized(kind: Parametrization, sample: Shape): (parameters: Tensor) => Tensor {
  if (kind === 'pixels' || sample.length === 1) return (parameters) => parameters
  const { channels, height, width } = planeOf(sample)
  const scale = constant(spectralScale(height, width), [1, height, width], 'float32')
  const [rows, columns] = [
    constant(hartley(height), [height, height], 'float32'),
    constant(hartley(width), [width, width], 'float32'),
  ]
  return (parameters) => {
    const [batch = 1] = parameters.shape
    const waves = mul(reshape(parameters, [batch * channels, height, width]), scale)
    return reshape(matmul(matmul(rows, waves), columns), [batch, ...sample])
  }
}

/** The matrix of Hartley's transform, symmetric and its own inverse: cas(2πkx / n) / √n, cas being cos + sin. */
export function hartley(n: number): Float32Array {
  return Float32Array.from({ length: n * n }, (_, i) => {
    // The angle is that of (k x) mod n, which stays exact.
    const angle = (2 * Math.PI * ((Math.floor(i / n) * (i % n)) % n)) / n
    return (Math.cos(angle) + Math.sin(angle)) / Math.sqrt(n)
  })
}

/** 1 / frequency of each wave, in cycles a pixel; of the constant one, that of the longest that fits. */
function spectralScale(height: number, width: number): Float32Array {
  const frequency = (k: number, n: number): number => Math.min(k, n - k) / n
  const least = 1 / Math.max(height, width)
  return Float32Array.from({ length: sizeOf([height, width]) }, (_, i) => {
    const f = Math.hypot(frequency(Math.floor(i / width), height), frequency(i % width, width))
    return 1 / Math.max(f, least)
  })
}
