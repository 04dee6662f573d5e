import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import * as z from 'zod'
import type { ReportDocument } from '../document.ts'
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
  // Loaded here, because a compiler of 50 MB is no matter of those who write no PDF.
  const [{ NodeCompiler }, fontBlobs] = await Promise.all([
    import('@myriaddreamin/typst-ts-node-compiler'),
    Promise.all(FONTS.map((font) => readFile(require.resolve(font)))),
  ])
  const { json, files } = typesetDocument(document, date, page)
  const workspace = import.meta.dirname
  const compiler = NodeCompiler.create({ workspace, fontArgs: [{ fontBlobs }] })
  compiler.mapShadow(join(workspace, 'document.json'), Buffer.from(json))
  for (const [name, data] of files) compiler.mapShadow(join(workspace, name), Buffer.from(data))
  const compiled = compiler.compile({ mainFileContent: TEMPLATE })
  const { result } = compiled
  if (result === null)
    throw new Error(
      `Typst cannot set "${document.title}": ${JSON.stringify(compiled.takeDiagnostics()?.shortDiagnostics)}`,
    )
  const bytes = compiler.pdf(result, {
    pdfStandard: 'ua-1',
    creationTimestamp: Math.floor(date.getTime() / 1000),
  })
  return {
    bytes,
    pages: result.numOfPages,
    places: places.parse(compiler.query(result, { selector: '<place>', field: 'value' })),
  }
}

const require = createRequire(import.meta.url)

const FONTS = ['400Regular', '400Regular_Italic', '700Bold', '700Bold_Italic'].map(
  (style) => `@expo-google-fonts/arimo/${style}/Arimo_${style}.ttf`,
)

const places = z.array(z.object({ title: z.string(), page: z.number().int() }))
