import type { UsageError } from '../../errors.ts'
import type { ReportDocument } from '../document.ts'
import type { PageOptions } from '../pdf/geometry.ts'
import type { SlideOptions } from '../slides/slidesOf.ts'

/** How a document is set on paper, and how long it may be. */
export interface PaperOptions extends PageOptions {
  /** Pages that the PDF may have; an appendix is not counted. Default: any number. */
  readonly mostPages?: number
}

/** What all formats of one document share. */
export interface FormatContext {
  /** Of what is reported on: a document that is written again has the same bytes. */
  readonly date: Date
  readonly pdf: PaperOptions
  readonly slides: SlideOptions
  /** Folder of the document's source, which its expressions start from; default: the one that is written to. */
  readonly source?: string
  /** Folder of the runs that its expressions are looked up in; default: `runs` beside the source. */
  readonly runs?: string
}

/** A format after it was written. */
export interface Written {
  readonly pages?: number
  /** What a reader should know of the file: words that came out small, formulas that are shown as LaTeX. */
  readonly warnings?: readonly string[]
  /** Why the file, which is there, cannot be handed in as it is. */
  readonly refused?: UsageError
}

/** One format: which file it writes, and how. */
export interface Format {
  /**
   * The file's name: `report` gives `report.html`.
   *
   * @param name of the document's source
   */
  file(name: string): string
  /**
   * Writes the document to `path`, in a folder that is there, and what belongs to it beside it.
   *
   * @throws UsageError naming what the format cannot show
   */
  write(path: string, document: ReportDocument, context: FormatContext): Promise<Written>
}
