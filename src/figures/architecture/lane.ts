import type { Block } from './blocks.ts'
import { at, FONT, GAP, type Point, text, widthOf } from './pen.ts'
import { type Solid, solidOf } from './shapes.ts'

/** A small solid for a layer on a shortcut, with its name above it. */
export interface SidePart {
  readonly solid: Solid
  readonly label: string
  readonly width: number
}

export function sidePart(block: Block, largest: number): SidePart {
  const solid = shrunk(solidOf(block.shape, block.color, largest))
  const label = [block.name, ...block.notes].join(' · ')
  return { solid, label, width: Math.max(solid.width, widthOf(label, FONT.small)) + GAP }
}

const shrunk = (solid: Solid, by = 0.45): Solid => ({
  width: solid.width * by,
  height: solid.height * by,
  draw: (x, y) => `<g transform="translate(${at(x)} ${at(y)}) scale(${by})">${solid.draw(0, 0)}</g>`,
})

/** Solids along a shortcut, and where each begins and ends. */
export function onLane(side: readonly SidePart[], left: number, y: number): { drawn: string; edges: number[] } {
  let place = left
  const edges: number[] = []
  const drawn = side.map(({ solid, label, width }) => {
    const [begin, middle] = [place + (width - solid.width) / 2, place + width / 2]
    place += width
    edges.push(begin, begin + solid.width)
    return solid.draw(begin, y) + text(middle, y - solid.height / 2 - 5, label, 'text', FONT.small)
  })
  return { drawn: drawn.join(''), edges }
}

/** Each two points one after another; the last may be alone. */
export const pairs = (points: readonly Point[]): Point[][] =>
  Array.from({ length: Math.ceil(points.length / 2) }, (_, i) => points.slice(2 * i, 2 * i + 2))
