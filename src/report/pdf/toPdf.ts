import * as z from 'zod'
import type { ReportDocument } from '../document.ts'
import { compileTypst } from './compile.ts'
import type { PageOptions } from './geometry.ts'
import { TEMPLATE } from './template/index.ts'
import { typesetDocument } from './typeset.ts'

/** A document on paper. */
export interface Pdf {
  readonly bytes: Uint8Array
  readonly pages: number
  /** Those before the appendix. */
  readonly countedPages: number
  /** How much of the last counted page is full, as far as it is known: from 0 to 1, of its last column. */
  readonly lastPage: number
  /** Headings, tables and figures, in order, and the pages on which they are, counted from 1. */
  readonly places: readonly Place[]
  /** Figures whose words are too small. */
  readonly warnings: readonly string[]
}

/** Where a heading, a table or a figure is. */
export interface Place {
  readonly title: string
  /** `Figure 2`; empty for a heading. */
  readonly name: string
  readonly page: number
  /** What it takes of a page, 0 to 1; 0 for a heading. */
  readonly share: number
}

export interface PdfOptions extends PageOptions {
  /** What the file says of its making; default: now. Equal documents of one date have equal bytes. */
  readonly date?: Date
}

/**
 * A document as PDF, set by Typst: fonts inside, tagged for readers that speak (PDF/UA-1). A draft has a wider page, with findings in
 * its margin; its lines break as they will without them.
 *
 * @throws UsageError for a formula that cannot be set, and for a citation or a cross-reference of what is not there
 *
 * @example
 * const { bytes, pages } = await toPdf(runReport(content), { columns: 2 })
 */
export async function toPdf(document: ReportDocument, { date = new Date(), ...page }: PdfOptions = {}): Promise<Pdf> {
  const { json, files, warnings } = typesetDocument(document, date, page)
  const made = await compileTypst({
    template: TEMPLATE,
    files: new Map<string, string | Uint8Array>([['document.json', json], ...files]),
    date,
    title: document.title,
  })
  const [end] = ends.parse(made.query('end'))
  return {
    bytes: made.bytes,
    pages: made.pages,
    countedPages: document.appendix?.length ? end.page : made.pages,
    lastPage: end.down,
    places: places.parse(made.query('place')),
    warnings,
  }
}

const places = z.array(z.object({ title: z.string(), name: z.string(), page: z.number().int(), share: z.number() }))
const ends = z.tuple([z.object({ page: z.number().int(), down: z.number() })])
