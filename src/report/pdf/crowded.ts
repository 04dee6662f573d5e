import { type Geometry, roomOf } from './geometry.ts'
import type { Place } from './toPdf.ts'

/** In points: heights are measured to about this. */
const TOLERANCE = 12

/** The first that stands in a column and runs out of the page, or into what goes over all columns. */
export function crowded(places: readonly Place[], geometry: Geometry): Place | undefined {
  const bottom = geometry.margin.y + roomOf(geometry).height
  return places.find(
    (place) =>
      !place.wide &&
      place.height > 0 &&
      (endOf(place) > bottom + TOLERANCE ||
        places.some((other) => other.wide && other.height > 0 && other.page === place.page && overlap(place, other))),
  )
}

const endOf = ({ top, height }: Place): number => top + height

const overlap = (a: Place, b: Place): boolean => a.top < endOf(b) - TOLERANCE && b.top < endOf(a) - TOLERANCE
