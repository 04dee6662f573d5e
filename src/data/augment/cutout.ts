import type { Shape } from '../../tensor/index.ts'

/**
 * Covers a square of an image, `[channels, height, width]`, which may hang over its edge.
 *
 * Source: DeVries and Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", 2017.
 *
 * @param start where the image begins
 * @param at the square's middle, as shares of the image's width and height, from 0 to below 1
 */
export function cutout(
  data: Uint8Array | Float32Array,
  start: number,
  [channels = 1, height = 1, width = 1]: Shape,
  { side, x, y, fill }: { readonly side: number; readonly x: number; readonly y: number; readonly fill: number },
): void {
  const left = Math.floor(x * width) - Math.floor(side / 2)
  const top = Math.floor(y * height) - Math.floor(side / 2)
  const [from, to] = [Math.max(0, left), Math.min(width, left + side)]
  for (let c = 0; c < channels; c++)
    for (let row = Math.max(0, top); row < Math.min(height, top + side); row++) {
      const begin = start + (c * height + row) * width
      data.fill(fill, begin + from, begin + to)
    }
}
