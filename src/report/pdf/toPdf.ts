import * as z from 'zod'
import type { ReportDocument } from '../document.ts'
import { compileTypst } from './compile.ts'
import { crowded } from './crowded.ts'
import { geometryOf, type PageOptions } from './geometry.ts'
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
  /** Where it begins on its page, and how high it is, in points; a table that breaks has no height, nor has a heading. */
  readonly top: number
  readonly height: number
  /** Whether it goes over all columns. */
  readonly wide: boolean
  /** Where links to it lead; empty for a heading. */
  readonly anchor: string
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
  const made = await inRoom(document, date, page)
  const [end] = ends.parse(made.query('end'))
  return {
    bytes: made.bytes,
    pages: made.pages,
    countedPages: document.appendix?.length ? end.page : made.pages,
    lastPage: end.down,
    places: made.places,
    warnings: made.warnings,
  }
}

/** How often a document is set anew, until nothing covers anything. */
const MOST_ROUNDS = 12

/** Typst puts a figure into a column that figures over both have made too short for it; such go over both, too. */
async function inRoom(document: ReportDocument, date: Date, page: PageOptions) {
  const wide = new Set<string>()
  for (let round = 1; ; round++) {
    const { json, files, warnings } = typesetDocument(document, date, page, wide)
    const made = await compileTypst({
      template: TEMPLATE,
      files: new Map<string, string | Uint8Array>([['document.json', json], ...files]),
      date,
      title: document.title,
    })
    const found = places.parse(made.query('place'))
    const first = page.columns === 2 ? crowded(found, geometryOf(page, false)) : undefined
    if (first === undefined || round === MOST_ROUNDS) return { ...made, places: found, warnings }
    wide.add(first.anchor)
  }
}

const places = z.array(
  z.object({
    ...{ title: z.string(), name: z.string(), anchor: z.string(), page: z.number().int(), share: z.number() },
    ...{ top: z.number(), height: z.number(), wide: z.boolean() },
  }),
)
const ends = z.tuple([z.object({ page: z.number().int(), down: z.number() })])
