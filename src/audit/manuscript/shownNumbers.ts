import type { NumberFact } from '../facts/numberFact.ts'
import { literalsOf } from './literals.ts'
import type { Manuscript } from './manuscript.ts'

/** Numbers that tables and values of references show: what prose repeats of them is theirs. */
export function shownNumbers({ shown }: Manuscript): NumberFact[] {
  const texts = new Set(shown)
  return [...texts].flatMap((text) =>
    literalsOf({ text, spans: [] }).map(({ value, unit, text: own }) => ({
      quantity: 'shown',
      what: `${own}, shown by a reference`,
      value: unit === 'percent' || unit === 'points' ? value / 100 : value,
      text: own,
    })),
  )
}
