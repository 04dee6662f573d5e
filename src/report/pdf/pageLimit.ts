import { UsageError } from '../../errors.ts'
import type { Pdf, Place } from './toPdf.ts'

/** How much of what is too much is named. */
const MOST_NAMED = 8
/** How many figures and tables are proposed. */
const MOST_PROPOSED = 5

/**
 * Why a PDF is too long: what stands beyond the last page that may be, and what to cut. Pages of the appendix are not counted.
 *
 * @returns undefined where it is not
 */
export function beyondPages(
  pdf: Omit<Pdf, 'bytes' | 'warnings'>,
  most: number,
  columns: 1 | 2 = 1,
): UsageError | undefined {
  const { pages, countedPages, lastPage, places } = pdf
  if (countedPages <= most) return undefined
  const counted = places.filter(({ page }) => page <= countedPages)
  const beyond = counted.filter(({ page }) => page > most)
  const isHeading = ({ name }: Place) => name === ''
  // No heading beyond: what runs over is the end of the last section.
  const running = beyond.some(isHeading) ? undefined : counted.findLast(isHeading)
  const named = listed(
    [
      ...(running === undefined ? [] : [`the end of ${called(running)}`]),
      ...beyond.map((place) => `${called(place)} on page ${place.page}`),
    ],
    MOST_NAMED,
  )
  const over = countedPages - most - 1 + Math.max(lastPage, ...beyond.map(({ share }) => share))
  const largest = counted.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share)
  const cuts = largest
    .slice(0, MOST_PROPOSED)
    .map((place) => `${called(place)} takes ${place.share.toFixed(2)} of a page`)
  return new UsageError(
    [
      `the PDF has ${countedPages} pages${pages > countedPages ? ` before its appendix of ${pages - countedPages}` : ''} and may have ${most}`,
      `: beyond page ${most} is ${named === '' ? 'text' : named}`,
      `; about ${over.toFixed(1)} pages must go`,
      cuts.length === 0 ? '' : `: ${cuts.join('; ')}`,
      `. Cut, or move to the appendix, whose pages are not counted${columns === 1 ? '; or set it in two columns' : ''}`,
    ].join(''),
  )
}

const called = ({ name, title }: Place): string => (name === '' ? `"${title}"` : `${name} "${title.slice(0, 60)}"`)

const listed = (names: readonly string[], most: number): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')}, and ${names.length - most} more`
