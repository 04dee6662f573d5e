import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import type { ReportDocument } from '../document.ts'
import type { SlideOptions } from '../slides/slidesOf.ts'
import type { Format, FormatContext, PaperOptions, Written } from './format.ts'

export type { Format, PaperOptions, Written } from './format.ts'

/** Every format, loaded when it is written: none needs the compiler or the highlighter of another. */
const FORMATS = {
  html: async () => (await import('./html.ts')).html,
  pdf: async () => (await import('./pdf.ts')).pdf,
  notebook: async () => (await import('./notebook.ts')).notebook,
  slides: async () => (await import('./slides.ts')).slides,
  'slides-pdf': async () => (await import('./slidesPdf.ts')).slidesPdf,
  markdown: async () => (await import('./markdown.ts')).markdown,
} as const satisfies Readonly<Record<string, () => Promise<Format>>>

export type FormatName = keyof typeof FORMATS

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[]

export const isFormatName = (name: string): name is FormatName => Object.hasOwn(FORMATS, name)

/** What became of one format: a file; or an error, beside a file where that is there but must not be handed in. */
export type FormatOutcome =
  | ({ readonly format: FormatName; readonly path: string } & Omit<Written, 'refused'>)
  | { readonly format: FormatName; readonly error: Error; readonly path?: string; readonly pages?: number }

export interface WriteOptions {
  readonly formats: readonly FormatName[]
  /** Of the source: `report` gives `report.html`, `report.pdf` and so on. */
  readonly name: string
  /** Of what is reported on: a document that is written again has the same bytes. */
  readonly date: Date
  readonly pdf?: PaperOptions
  readonly slides?: SlideOptions
  /** Folder of the document's source, which its expressions start from; default: the one that is written to. */
  readonly source?: string
  /** Folder of the runs that expressions are looked up in; default: `runs` beside the source. */
  readonly runs?: string
  /** A file that no format may write over: the document's source, which Markdown has the name of. */
  readonly keep?: string
  /** Called before each format. */
  readonly onProgress?: (format: FormatName, at: number, of: number) => void
}

/**
 * Writes a document in several formats into a folder, which is made where it is not there. What fails in one does not keep the others
 * from being written: its outcome has the error.
 *
 * @example
 * const outcomes = await writeFormats('built', document, { formats: ['html', 'pdf'], name: 'report', date: new Date() })
 * for (const outcome of outcomes) console.log(outcome.format, 'error' in outcome ? outcome.error.message : outcome.path)
 */
export async function writeFormats(
  folder: string,
  document: ReportDocument,
  { formats, name, date, pdf = {}, slides = {}, source, runs, keep, onProgress }: WriteOptions,
): Promise<readonly FormatOutcome[]> {
  await mkdir(folder, { recursive: true })
  const outcomes: FormatOutcome[] = []
  for (const [i, format] of formats.entries()) {
    onProgress?.(format, i, formats.length)
    const context = { date, pdf, slides, ...(source !== undefined && { source }), ...(runs !== undefined && { runs }) }
    outcomes.push(await written(format, { folder, name, keep }, document, context))
  }
  return outcomes
}

async function written(
  name: FormatName,
  to: { readonly folder: string; readonly name: string; readonly keep: string | undefined },
  document: ReportDocument,
  context: FormatContext,
): Promise<FormatOutcome> {
  try {
    const format: Format = await FORMATS[name]()
    const path = join(to.folder, format.file(to.name))
    if (to.keep !== undefined && resolve(path) === resolve(to.keep))
      throw new UsageError(`${path} is the source, which ${name} would write over: give another folder with --out`)
    const { refused, ...rest } = await format.write(path, document, context)
    return refused === undefined
      ? { format: name, path, ...rest }
      : { format: name, path, error: refused, ...(rest.pages !== undefined && { pages: rest.pages }) }
  } catch (error) {
    return { format: name, error: error instanceof Error ? error : new Error(String(error)) }
  }
}
