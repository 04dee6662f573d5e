import { ShapeError } from '../shape.ts'

/** One number for both axes, or `[height, width]`. */
export type Pair = number | readonly [number, number]

/** Zeros around an image: one number, `[height, width]` on both sides, or `[top, left, bottom, right]` (ONNX's order). */
export type Padding = Pair | readonly [number, number, number, number]

/** How a window slides over an image: the geometry that convolutions and pools share. */
export interface Window {
  readonly kernel: readonly [number, number]
  readonly strides: readonly [number, number]
  /** `[top, left, bottom, right]` */
  readonly pads: readonly [number, number, number, number]
  readonly dilations: readonly [number, number]
}

export const pair = (value: Pair): readonly [number, number] => (typeof value === 'number' ? [value, value] : value)

export function padding(value: Padding): readonly [number, number, number, number] {
  if (typeof value === 'number') return [value, value, value, value]
  return value.length === 2 ? [value[0], value[1], value[0], value[1]] : value
}

/** Height and width that a window leaves of an image: floor((size + pads - dilation·(kernel - 1) - 1) / stride) + 1. */
export function slide(op: string, [height, width]: readonly [number, number], window: Window): [number, number] {
  const { kernel, strides, pads, dilations } = window
  for (const [name, values, least] of [
    ['kernel', kernel, 1],
    ['stride', strides, 1],
    ['dilation', dilations, 1],
    ['padding', pads, 0],
  ] as const)
    if (values.some((value) => !Number.isInteger(value) || value < least))
      throw new ShapeError(`${op}: ${name} is [${values.join(', ')}]; give whole numbers of at least ${least}`)
  const along = (axis: 0 | 1, size: number): number => {
    const reach = dilations[axis] * (kernel[axis] - 1) + 1
    const padded = size + pads[axis] + pads[axis === 0 ? 2 : 3]
    if (reach > padded)
      throw new ShapeError(
        `${op}: a window of ${kernel.join('×')}${dilations[axis] > 1 ? ` with dilation ${dilations[axis]}` : ''} does not ` +
          `fit on a ${height}×${width} map padded to ${padded} along ${axis === 0 ? 'height' : 'width'}; it needs at ` +
          `least ${reach}: use a smaller window, more padding, or fewer pools before it`,
      )
    return Math.floor((padded - reach) / strides[axis]) + 1
  }
  return [along(0, height), along(1, width)]
}

/** Every pair (output position, input position inside the image) of a window, with its place in the kernel. */
export function forEachTap(
  { kernel, strides, pads, dilations }: Window,
  [inHeight, inWidth]: readonly [number, number],
  [outHeight, outWidth]: readonly [number, number],
  visit: (output: number, input: number, tap: number) => void,
): void {
  for (let oy = 0; oy < outHeight; oy++)
    for (let ox = 0; ox < outWidth; ox++)
      for (let ky = 0; ky < kernel[0]; ky++)
        for (let kx = 0; kx < kernel[1]; kx++) {
          const y = oy * strides[0] - pads[0] + ky * dilations[0]
          const x = ox * strides[1] - pads[1] + kx * dilations[1]
          if (y >= 0 && y < inHeight && x >= 0 && x < inWidth)
            visit(oy * outWidth + ox, y * inWidth + x, ky * kernel[1] + kx)
        }
}
