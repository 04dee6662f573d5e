import type { Shape } from '../../tensor/index.ts'
import { INK } from '../figure.ts'
import { at } from './pen.ts'

/** A picture of what comes out of a layer, without its place. */
export interface Solid {
  readonly width: number
  readonly height: number
  /** SVG with the left edge at `x` and the middle at `y`. */
  draw(x: number, y: number): string
}

/** Height of the largest map's front. */
const FRONT = 84
/** How far a solid goes back, in parts of its front. */
const DEPTH = 0.24

/** Pixels for a number of channels or features: each doubling adds as much, so that 1 and 512 fit into one drawing. */
const byDoubling = (count: number, first: number, each: number): number => first + each * Math.log2(count)

/** Areas would tell maps of 1 × 1 and 224 × 224 apart too much: sides are drawn by their square roots. */
const bySide = (side: number, largest: number): number => 10 + (FRONT - 10) * Math.sqrt(side / largest)

/**
 * A solid for a sample's shape: maps are as high as they are, go as far back as they are wide, and are as thick as they have
 * channels; features are bars, by their number.
 *
 * @param largest side of the largest map of the model
 */
export function solidOf(shape: Shape, color: string, largest: number): Solid {
  const [channels = 1, height = 1, width] = shape
  if (shape.length < 2) return bar(Math.min(FRONT, byDoubling(channels, 12, 6)), color)
  const front = bySide(height, largest)
  const back = width === undefined ? 0 : bySide(width, largest) * DEPTH
  return cuboid(byDoubling(channels, 4, 4), front, back, color)
}

function bar(height: number, color: string): Solid {
  const width = 9
  return {
    width,
    height,
    draw: (x, y) =>
      `<rect x="${at(x)}" y="${at(y - height / 2)}" width="${width}" height="${at(height)}" rx="2" fill="${color}" fill-opacity="0.9"/>`,
  }
}

function cuboid(thick: number, front: number, back: number, color: string): Solid {
  const face = (points: readonly (readonly [number, number])[], opacity: number): string =>
    `<polygon points="${points.map(([px, py]) => `${at(px)},${at(py)}`).join(' ')}" fill="${color}" fill-opacity="${opacity}" stroke="${INK.paper}" stroke-width="0.75" stroke-linejoin="round"/>`
  return {
    width: thick + back,
    height: front + back,
    draw: (x, y) => {
      const [top, bottom] = [y - (front - back) / 2, y + (front + back) / 2]
      const [right, far] = [x + thick, x + thick + back]
      return [
        face(
          [
            [x, top],
            [right, top],
            [right, bottom],
            [x, bottom],
          ],
          0.95,
        ),
        back > 0
          ? face(
              [
                [x, top],
                [x + back, top - back],
                [far, top - back],
                [right, top],
              ],
              0.5,
            ) +
            face(
              [
                [right, top],
                [far, top - back],
                [far, bottom - back],
                [right, bottom],
              ],
              0.7,
            )
          : '',
      ].join('')
    },
  }
}
