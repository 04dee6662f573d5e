import * as z from 'zod'
import { UsageError } from '../../errors.ts'
import type { ReportDocument } from '../document.ts'
import { compileTypst } from './compile.ts'
import { TEMPLATE } from './template.ts'
import { type PageOptions, typesetDocument } from './typeset.ts'

/** A document on paper. */
export interface Pdf {
  readonly bytes: Uint8Array
  readonly pages: number
  /** Headings, tables and figures, in order, and the pages on which they are, counted from 1. */
  readonly places: readonly Place[]
}

/** Where a heading, a table or a figure is. */
export interface Place {
  readonly title: string
  readonly page: number
}

export interface PdfOptions extends PageOptions {
  /** What the file says of its making; default: now. Equal documents of one date have equal bytes. */
  readonly date?: Date
}

/**
 * A document as PDF, set by Typst: fonts inside, tagged for readers that speak (PDF/UA-1).
 *
 * @example
 * const { bytes, pages } = await toPdf(runReport(content), { columns: 2 })
 */
export async function toPdf(document: ReportDocument, { date = new Date(), ...page }: PdfOptions = {}): Promise<Pdf> {
  const { json, files } = typesetDocument(document, date, page)
  const made = await compileTypst({
    template: TEMPLATE,
    files: new Map<string, string | Uint8Array>([['document.json', json], ...files]),
    date,
    title: document.title,
  })
  return { bytes: made.bytes, pages: made.pages, places: places.parse(made.query('place')) }
}

const places = z.array(z.object({ title: z.string(), page: z.number().int() }))

/** How much of what is too much is named. */
const MOST_NAMED = 8

/** What stands beyond the last page that may be; undefined where nothing does. */
export function beyondPages({ pages, places }: Omit<Pdf, 'bytes'>, most: number): UsageError | undefined {
  if (pages <= most) return undefined
  const beyond = places.filter(({ page }) => page > most).map(({ title, page }) => `"${title}" (page ${page})`)
  const named = beyond.slice(0, MOST_NAMED).join(', ')
  const more = beyond.length > MOST_NAMED ? `, and ${beyond.length - MOST_NAMED} more` : ''
  return new UsageError(
    `the PDF has ${pages} pages and may have ${most}: ${beyond.length === 0 ? 'text runs over' : `beyond page ${most} are ${named}${more}`}; leave something out, or set it in two columns`,
  )
}
