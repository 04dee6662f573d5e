import type { Shape } from '../../tensor/index.ts'

type Numbers = Uint8Array | Float32Array

/** How one image is moved. Each part is done after the one before it. */
export interface Movement {
  /** Left becomes right. */
  readonly mirrored: boolean
  /** Top becomes bottom. */
  readonly upsideDown: boolean
  /** The share of each side that is enlarged to the whole; 1 is all of it. */
  readonly part: number
  /** Where that part is: −1 at the left or upper edge, 1 at the right or lower one. */
  readonly partX: number
  readonly partY: number
  /** Degrees, clockwise as pictures are seen. */
  readonly angle: number
  /** Whole pixels to the right and down. */
  readonly shiftX: number
  readonly shiftY: number
}

/** The place in the source of the pixel (x, y) of the result: (x0 + xx·x + xy·y, y0 + yx·x + yy·y). */
interface Place {
  readonly x0: number
  readonly xx: number
  readonly xy: number
  readonly y0: number
  readonly yx: number
  readonly yy: number
}

/**
 * Moves images, `[channels, height, width]`. What comes from outside the image is `fill`. Turned and enlarged images take
 * values between pixels, linear in both directions; bytes are rounded. Others are copied pixel by pixel.
 *
 * @returns changes the image that begins at `start`, in place
 */
export function warper(shape: Shape, fill: number): (data: Numbers, start: number, movement: Movement) => void {
  const size = shape.reduce((product, length) => product * length, 1)
  const [bytes, floats] = [new Uint8Array(size), new Float32Array(size)]
  return (data, start, movement) => {
    const source = data instanceof Uint8Array ? bytes : floats
    source.set(data.subarray(start, start + size))
    const target = data.subarray(start, start + size)
    const place = placeOf(shape, movement)
    if (movement.angle === 0 && movement.part === 1) copy(source, target, shape, place, fill)
    else interpolate(source, target, shape, place, fill)
  }
}

function placeOf([, height = 1, width = 1]: Shape, movement: Movement): Place {
  const { mirrored, upsideDown, part, partX, partY, angle, shiftX, shiftY } = movement
  const radians = (angle * Math.PI) / 180
  const [cos, sin] = [Math.cos(radians) * part, Math.sin(radians) * part]
  const [flipX, flipY] = [mirrored ? -1 : 1, upsideDown ? -1 : 1]
  // Measured from the middle of the image, around which it turns.
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2]
  const [fromX, fromY] = [-middleX - shiftX, -middleY - shiftY]
  const left = ((1 - part) / 2) * width * partX
  const top = ((1 - part) / 2) * height * partY
  return {
    x0: flipX * (cos * fromX + sin * fromY + left) + middleX,
    xx: flipX * cos,
    xy: flipX * sin,
    y0: flipY * (cos * fromY - sin * fromX + top) + middleY,
    yx: -flipY * sin,
    yy: flipY * cos,
  }
}

function copy(source: Numbers, target: Numbers, shape: Shape, { x0, xx, y0, yy }: Place, fill: number): void {
  const [channels = 1, height = 1, width = 1] = shape
  // Whole numbers but for rounding.
  const startX = Math.round(x0)
  const startY = Math.round(y0)
  // Columns of the result, from `begin` and before `end`, whose places lie inside.
  const begin = Math.max(0, xx > 0 ? -startX : startX - width + 1)
  const end = Math.min(width, xx > 0 ? width - startX : startX + 1)
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) {
      const sy = startY + yy * y
      const to = (c * height + y) * width
      const from = (c * height + sy) * width + startX
      if (sy < 0 || sy >= height || begin >= end) target.fill(fill, to, to + width)
      else {
        for (let x = 0; x < begin; x++) target[to + x] = fill
        for (let x = begin; x < end; x++) target[to + x] = source[from + xx * x] ?? 0
        for (let x = end; x < width; x++) target[to + x] = fill
      }
    }
}

function interpolate(source: Numbers, target: Numbers, shape: Shape, place: Place, fill: number): void {
  const [channels = 1, height = 1, width = 1] = shape
  const { x0, xx, xy, y0, yx, yy } = place
  const plane = height * width
  const size = channels * plane
  // Bytes are cut off where they are written.
  const rounding = target instanceof Uint8Array ? 0.5 : 0
  let to = 0
  for (let y = 0; y < height; y++) {
    let sx = x0 + xy * y
    let sy = y0 + yy * y
    for (let x = 0; x < width; x++, to++, sx += xx, sy += yx) {
      const left = Math.floor(sx)
      const top = Math.floor(sy)
      const right = sx - left
      const down = sy - top
      const from = top * width + left
      if (left >= 0 && top >= 0 && left < width - 1 && top < height - 1) {
        for (let c = 0; c < size; c += plane) {
          const at = from + c
          const a = source[at] ?? 0
          const b = source[at + width] ?? 0
          const upper = a + ((source[at + 1] ?? 0) - a) * right
          const lower = b + ((source[at + width + 1] ?? 0) - b) * right
          target[to + c] = upper + (lower - upper) * down + rounding
        }
      } else {
        const isLeft = left >= 0 && left < width
        const isRight = left >= -1 && left < width - 1
        const isTop = top >= 0 && top < height
        const isDown = top >= -1 && top < height - 1
        for (let c = 0; c < size; c += plane) {
          const at = from + c
          const a = isTop && isLeft ? (source[at] ?? 0) : fill
          const b = isDown && isLeft ? (source[at + width] ?? 0) : fill
          const upper = a + ((isTop && isRight ? (source[at + 1] ?? 0) : fill) - a) * right
          const lower = b + ((isDown && isRight ? (source[at + width + 1] ?? 0) : fill) - b) * right
          target[to + c] = upper + (lower - upper) * down + rounding
        }
      }
    }
  }
}
