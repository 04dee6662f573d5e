import type { ReportDocument } from './document.ts'
import { type PaperOptions, writeFormats } from './formats/index.ts'

/** In which formats a report is written beside HTML, and how. */
export interface ReportFormats {
  readonly pdf?: PaperOptions
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
  const formats = pdf === undefined ? (['html'] as const) : (['html', 'pdf'] as const)
  const [page, ...others] = await writeFormats(folder, document, { formats, name: 'report', date, ...(pdf && { pdf }) })
  for (const outcome of [page, ...others]) if (outcome !== undefined && 'error' in outcome) throw outcome.error
  if (page?.path === undefined) throw new Error('a page that did not fail has a path')
  return page.path
}
