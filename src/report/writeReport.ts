import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { UsageError } from '../errors.ts'
import type { ReportDocument } from './document.ts'
import { renderHtml } from './html.ts'
import { type Pdf, type PdfOptions, toPdf } from './pdf/toPdf.ts'

/** In which formats a report is written beside HTML, and how. */
export interface ReportFormats {
  readonly pdf?: Omit<PdfOptions, 'date'> & {
    /** Pages that the PDF may have. */
    readonly mostPages?: number
  }
}

/**
 * Writes a document into a folder: `report.html`, and `report.pdf` where that is asked for. What fails in one format does not keep the
 * others from being written.
 *
 * @param date of what it reports on, which a PDF says of itself: a report that is written again has the same bytes
 * @returns the path of the page
 * @throws UsageError where the PDF has more pages than it may; it is written all the same
 *
 * @example
 * await writeReport('reports/rates', document, new Date(manifest.createdAt), { pdf: { columns: 2, mostPages: 6 } })
 */
export async function writeReport(
  folder: string,
  document: ReportDocument,
  date: Date,
  { pdf }: ReportFormats = {},
): Promise<string> {
  const page = join(folder, 'report.html')
  await writeFileAtomic(page, renderHtml(document))
  if (pdf !== undefined) {
    const { mostPages, ...options } = pdf
    const made = await toPdf(document, { ...options, date })
    await writeFileAtomic(join(folder, 'report.pdf'), Buffer.from(made.bytes))
    if (mostPages !== undefined) requirePages(made, mostPages)
  }
  return page
}

/** How much of what is too much is named. */
const MOST_NAMED = 8

/** @throws UsageError naming what stands beyond the last page that may be */
export function requirePages({ pages, places }: Omit<Pdf, 'bytes'>, most: number): void {
  if (pages <= most) return
  const beyond = places.filter(({ page }) => page > most).map(({ title, page }) => `"${title}" (page ${page})`)
  const named = beyond.slice(0, MOST_NAMED).join(', ')
  const more = beyond.length > MOST_NAMED ? `, and ${beyond.length - MOST_NAMED} more` : ''
  throw new UsageError(
    `the PDF has ${pages} pages and may have ${most}: ${beyond.length === 0 ? 'text runs over' : `beyond page ${most} are ${named}${more}`}; leave something out, or set it in two columns`,
  )
}
