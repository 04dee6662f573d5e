import type { GridImage } from '../../figures/imageGrid.ts'
import type { Loss } from '../../nn/index.ts'
import type { Prepared } from '../../train/index.ts'

/** How the numbers that a network puts out, and those that it should, are images. */
export interface Canvas {
  /** `[channels, height, width]` */
  readonly shape: readonly [number, number, number]
  /** Image `i` of targets that lie one after another. */
  target(values: Float32Array, i: number): GridImage
  /** Image `i` of outputs that lie one after another; of logits where the loss is for logits. */
  output(values: Float32Array, i: number): GridImage
}

/** The canvas of an experiment whose targets are images of the inputs' shape; undefined where they are something else. */
export function canvasOf(
  { target, train }: Pick<Prepared, 'target' | 'train'>,
  loss: Pick<Loss, 'kind'>,
): Canvas | undefined {
  const sample = train.dataset.inputs.shape
  const [channels, height, width] = sample
  if (target.task !== 'regression' || target.shape.join() !== sample.join() || sample.length !== 3) return undefined
  if (height === undefined || width === undefined || (channels !== 1 && channels !== 3)) return undefined
  const shape = [channels, height, width] as const
  const size = channels * height * width
  const [low, high] = target.range ?? [0, 1]
  const sigmoid = (logit: number): number => 1 / (1 + Math.exp(-logit))
  // Bytes, so that one scale from the targets' lowest to their highest holds for all.
  const byte = (pixel: number): number => Math.min(255, Math.max(0, Math.round((255 * (pixel - low)) / (high - low))))
  const image = (values: Float32Array, i: number, pixelOf: (number: number) => number): GridImage => ({
    data: Uint8Array.from(values.subarray(i * size, (i + 1) * size), (number) => byte(pixelOf(number))),
    shape,
  })
  const itself = (number: number): number => number
  return {
    shape,
    target: (values, i) => image(values, i, itself),
    output: (values, i) => image(values, i, loss.kind === 'bce' ? sigmoid : itself),
  }
}
