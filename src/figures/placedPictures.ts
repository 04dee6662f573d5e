import type { ProjectedPoint } from './projection.ts'

/** Sides of a small picture and of its frame, size of the letters of a class's name, and the width of one in parts of it, in pixels of the figure. */
export const [THUMBNAIL, FRAME, LETTERS, LETTER] = [24, 3, 15, 0.62] as const

export interface Axis {
  readonly domain: readonly [number, number]
  /** Of one pixel. */
  readonly step: number
}

export interface Plane {
  readonly x: Axis
  readonly y: Axis
}

/** A class's name, and where it stands. */
export interface Label {
  readonly class: string
  readonly x: number
  readonly y: number
}

/** A picture, the point that it is of, and where it stands. */
export interface PlacedPicture {
  readonly point: ProjectedPoint
  readonly at: Place
}

type Place = Pick<ProjectedPoint, 'x' | 'y'>

/** Pixels from a point to a picture that stands beside it, and how many points it may cover there. */
const [ASIDE, COVERED] = [[36, 56, 80], 2] as const
const DIRECTIONS = Array.from(
  { length: 8 },
  (_, i) => [Math.cos((i * Math.PI) / 4), Math.sin((i * Math.PI) / 4)] as const,
)

/**
 * Where pictures stand: none under a class's name or over another, which would make both illegible. Marked points come first, and then those of each
 * class in turn; where there is no room at the point itself, marked ones and the first of each class stand beside it.
 */
export function placedPictures(
  points: readonly ProjectedPoint[],
  named: readonly Label[],
  plane: Plane,
): PlacedPicture[] {
  const placed: PlacedPicture[] = []
  const side = THUMBNAIL + 2 * FRAME
  const near = (a: Place, b: Place, within: number): boolean =>
    Math.abs(a.x - b.x) / plane.x.step < within && Math.abs(a.y - b.y) / plane.y.step < within
  const isFree = (at: Place): boolean =>
    !named.some((label) => covers(label, at, plane)) && !placed.some((other) => near(other.at, at, side))
  const isInside = ({ x, y }: Place): boolean => isWithin(x, plane.x) && isWithin(y, plane.y)
  const pictured = points.filter(({ thumbnail }) => thumbnail !== undefined)
  const firsts = pictured.filter((point) => pictured.find((other) => other.class === point.class) === point)
  const beside = ({ x, y }: ProjectedPoint): Place | undefined =>
    ASIDE.flatMap((distance) =>
      DIRECTIONS.map(([right, up]) => ({
        x: x + right * distance * plane.x.step,
        y: y + up * distance * plane.y.step,
      })),
    ).find((at) => isInside(at) && isFree(at) && points.filter((point) => near(point, at, side / 2)).length <= COVERED)
  const marked = pictured.filter(({ isMarked }) => isMarked === true)
  for (const point of new Set([...marked, ...firsts, ...pictured])) {
    const mayStandAside = named.length > 0 && (marked.includes(point) || firsts.includes(point))
    const at = isFree(point) ? point : mayStandAside ? beside(point) : undefined
    if (at !== undefined) placed.push({ point, at: { x: at.x, y: at.y } })
  }
  return placed
}

/** Whether a picture in the middle of a place would be inside the axes. */
function isWithin(value: number, { domain: [low, high], step }: Axis): boolean {
  const half = (THUMBNAIL / 2 + 2 * FRAME) * step
  return value > low + half && value < high - half
}

/** What the layers of pictures need. */
export const valuesOf = (pictures: readonly PlacedPicture[]) =>
  pictures.map(({ point: { x, y, thumbnail = '', class: name }, at }) => ({
    ...at,
    ...{ fromX: x, fromY: y, thumbnail },
    ...(name !== undefined && { class: name }),
  }))

/** Whether a picture at a point would lie under a name. */
const covers = (label: Label, { x, y }: ProjectedPoint, plane: Plane): boolean =>
  Math.abs(label.x - x) / plane.x.step < (label.class.length * LETTERS * LETTER + THUMBNAIL + 2 * FRAME) / 2 &&
  Math.abs(label.y - y) / plane.y.step < (LETTERS + THUMBNAIL + 2 * FRAME) / 2
