/**
 * Parts of a drawing that know their size and draw themselves when they get a place.
 *
 * @module
 */
import type { Outline, OutlineBranch } from '../../nn/index.ts'
import { INK } from '../figure.ts'
import { type Block, blocksOf, flatBlocks } from './blocks.ts'
import { nameOf } from './labels.ts'
import { onLane, pairs, sidePart } from './lane.ts'
import { at, FONT, GAP, LINE, line, type Point, text, widthOf } from './pen.ts'
import { solidOf } from './shapes.ts'

/** Radius of the circle where two ways are added. */
const PLUS = 8

/** Something on the line along which samples go. */
export interface Part {
  readonly width: number
  /** Half of the tallest solid: labels of a row stand above and below the tallest of all. */
  readonly half: number
  /** Pixels above and below the row's tallest solid. */
  readonly above: number
  readonly below: number
  /**
   * SVG with the left edge at `x` and the line at `y`.
   *
   * @param half of the row
   */
  draw(x: number, y: number, half: number): string
}

/** Two notes a line, as they are short. */
function noteLines(notes: readonly string[]): string[] {
  const lines: string[] = []
  for (const note of notes) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + note.length < 16) lines[lines.length - 1] = `${last} · ${note}`
    else lines.push(note)
  }
  return lines
}

function blockPart({ path, name, color, notes, shape }: Block, largest: number): Part {
  const solid = solidOf(shape, color, largest)
  const small = [...noteLines(notes), shape.join('×')]
  const label = Math.max(widthOf(name, FONT.name), ...[...small, path].map((one) => widthOf(one, FONT.small)))
  const width = Math.max(solid.width, label) + GAP
  return {
    width,
    half: solid.height / 2,
    above: path === '' ? 0 : LINE + 2,
    below: 4 + LINE * (small.length + 1),
    draw: (x, y, half) => {
      const middle = x + width / 2
      const left = middle - solid.width / 2
      const lines = [...noteLines(notes).map((one) => ['text', one] as const), ['line', shape.join('×')] as const]
      return [
        line(
          [
            [x, y],
            [left - 1, y],
          ],
          true,
        ),
        line([
          [left + solid.width, y],
          [x + width, y],
        ]),
        solid.draw(left, y),
        path === '' ? '' : text(middle, y - half - 6, path, 'line', FONT.small),
        text(middle, y + half + LINE, name, 'strong', FONT.name),
        ...lines.map(([ink, one], i) => text(middle, y + half + LINE * (i + 2), one, ink, FONT.small)),
      ].join('')
    },
  }
}

/** Parts side by side. */
export function chain(parts: readonly Part[]): Part {
  return {
    width: parts.reduce((sum, { width }) => sum + width, 0),
    half: Math.max(0, ...parts.map(({ half }) => half)),
    above: Math.max(0, ...parts.map(({ above }) => above)),
    below: Math.max(0, ...parts.map(({ below }) => below)),
    draw: (x, y, half) => {
      let place = x
      return parts
        .map((part) => {
          const drawn = part.draw(place, y, half)
          place += part.width
          return drawn
        })
        .join('')
    },
  }
}

function branchPart({ path, body, shortcut, after }: OutlineBranch, largest: number): Part {
  const inner = chain(partsOf(body, largest, path === '' ? '' : `${path}.`))
  const side = flatBlocks(shortcut).map((one) => sidePart(one, largest))
  const sideWidth = side.reduce((sum, { width }) => sum + width, 0)
  const sideHalf = Math.max(0, ...side.map(({ solid }) => solid.height / 2))
  const notes = after.flatMap((one) => (one.type === 'layer' ? [nameOf(one.layer)] : []))
  const fork = 12
  const join = Math.max(2 * PLUS, ...notes.map((one) => widthOf(one, FONT.small))) + 12
  const innerWidth = Math.max(inner.width, sideWidth)
  const width = fork + innerWidth + join
  const lane = inner.above + 8 + sideHalf
  return {
    width,
    half: inner.half,
    above: lane + sideHalf + LINE + 4,
    below: inner.below,
    draw: (x, y, half) => {
      const [start, plus] = [x + fork / 2, x + fork + innerWidth + join / 2]
      const [first, last] = [x + fork + (innerWidth - inner.width) / 2, x + fork + (innerWidth + inner.width) / 2]
      const top = y - half - lane
      const { drawn, edges } = onLane(side, (start + plus - sideWidth) / 2, top)
      const down: Point[] = [
        [plus, top],
        [plus, y - PLUS - 1],
      ]
      // The line stops at the solids that stand on it, because one sees through them.
      const stops: Point[] = [[start, y], [start, top], ...edges.map((edge): Point => [edge, top])]
      const pieces = [stops.slice(0, 3), ...pairs(stops.slice(3))]
      return [
        line([
          [x, y],
          [first, y],
        ]),
        ...(side.length === 0
          ? [line([...stops, ...down], true)]
          : pieces.map((piece, i) => (i === pieces.length - 1 ? line([...piece, ...down], true) : line(piece)))),
        `<circle cx="${at(start)}" cy="${at(y)}" r="2.2" fill="${INK.line}"/>`,
        inner.draw(first, y, half),
        line(
          [
            [last, y],
            [plus - PLUS - 1, y],
          ],
          true,
        ),
        line([
          [plus + PLUS, y],
          [x + width, y],
        ]),
        plusSign(plus, y),
        // Below the line where the shortcut's own label is above it.
        text(start + 5, side.length === 0 ? top - 5 : top + 12, path, 'line', FONT.small, 'start'),
        ...notes.map((one, i) => text(plus, y + PLUS + LINE * (i + 1), one, 'text', FONT.small)),
        drawn,
      ].join('')
    },
  }
}

const plusSign = (x: number, y: number): string =>
  [
    `<circle cx="${at(x)}" cy="${at(y)}" r="${PLUS}" fill="none" stroke="${INK.text}" stroke-width="1.2"/>`,
    line([
      [x - 4, y],
      [x + 4, y],
    ]),
    line([
      [x, y - 4],
      [x, y + 4],
    ]),
  ].join('')

/** Parts of an outline; paths are told without the beginning that all share. */
export function partsOf(items: Outline, largest: number, inside = '', before?: Block): Part[] {
  return blocksOf(items, before).map((one) => {
    if ('type' in one) return branchPart(one, largest)
    const path = one.path.startsWith(inside) ? one.path.slice(inside.length) : one.path
    return blockPart({ ...one, path }, largest)
  })
}
