import type { Block, Picture, ReportDocument } from '../document.ts'
import { pictureSize } from './pictureSize.ts'

/** How a document is set on paper. */
export interface PageOptions {
  /** Default `a4`. */
  readonly paper?: 'a4' | 'us-letter'
  /** Default 1. With 2, tables and pictures that need the whole width go over both. */
  readonly columns?: 1 | 2
  /** In points; default 10 for one column, 9 for two. */
  readonly fontSize?: number
}

/** What the template reads. */
export interface TypesetDocument {
  readonly json: string
  /** Pictures, by the names under which the document shows them. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/** Pixels of a screen are 1/96 inch, and points 1/72. */
const POINTS = 72 / 96

/**
 * A document as the template reads it: text as it is, pictures as names of files, sizes in points.
 *
 * @param date all that the file knows of time
 */
export function typesetDocument(document: ReportDocument, date: Date, options: PageOptions = {}): TypesetDocument {
  const { title, subtitle = null, lang = 'en', lead, sections } = document
  const { paper = 'a4', columns = 1, fontSize = columns === 1 ? 10 : 9 } = options
  const files = new Map<string, Uint8Array>()
  const shown = (picture: Picture) => {
    const isSvg = 'svg' in picture
    const file = `picture-${files.size + 1}.${isSvg ? 'svg' : 'png'}`
    files.set(file, isSvg ? new TextEncoder().encode(withOwnFont(picture.svg)) : picture.png)
    const { width, height } = pictureSize(picture)
    return { file, alt: picture.alt, width: POINTS * width, height: POINTS * height, pixels: !isSvg }
  }
  const typeset = (block: Block) => {
    switch (block.kind) {
      case 'table':
        return {
          ...block,
          columns: block.columns.map(({ title: head, kind }) => ({ title: head, number: kind === 'number' })),
        }
      case 'figure':
        return { ...block, picture: shown(block.picture) }
      case 'gallery':
        return { ...block, items: block.items.map(({ picture, lines }) => ({ picture: shown(picture), lines })) }
      case 'headline':
        return { ...block, detail: block.detail ?? '' }
      case 'links':
        // Files beside a page are not beside a PDF that was handed in.
        return {
          ...block,
          items: block.items.map(({ href, ...item }) => ({ ...item, href: href?.startsWith('http') ? href : null })),
        }
      default:
        return block
    }
  }
  const json = JSON.stringify({
    ...{ title, subtitle, lang: lang.split('-')[0] },
    date: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    page: { paper, columns, fontSize },
    lead: lead.map(typeset),
    sections: sections.map(({ title: head, blocks }) => ({ title: head, blocks: blocks.map(typeset) })),
  })
  return { json, files }
}

/** Figures ask for what systems have: Arimo has the metrics of Arial and Helvetica, by which their words were measured. */
const withOwnFont = (svg: string): string =>
  svg.replaceAll(/font-family="[^"]*(?:Helvetica|Arial|sans-serif)[^"]*"/g, 'font-family="Arimo"')
