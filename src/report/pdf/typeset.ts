import { eachBlock } from '../blocks.ts'
import { type Block, plainText, type ReportDocument, type Section } from '../document.ts'
import { numberDocument } from '../numbering.ts'
import { fitPicture } from './fitPicture.ts'
import { type Geometry, geometryOf, type PageOptions, roomOf } from './geometry.ts'
import { type Setting, typesetBlocks, typesetFinding } from './typesetBlock.ts'
import { typesetWords, typesetWork } from './words.ts'

/** What the template reads. */
export interface TypesetDocument {
  readonly json: string
  /** Pictures, by the names under which the document shows them. */
  readonly files: ReadonlyMap<string, Uint8Array>
  /** Figures whose words came out too small. */
  readonly warnings: readonly string[]
}

/**
 * A document as the template reads it: text as it is, formulas in Typst's language, pictures as names of files, sizes in points.
 *
 * @param date all that the file knows of time
 * @param wide anchors of figures and tables that go over all columns though they would fit into one
 * @throws UsageError for a formula that cannot be set, and for a citation or a cross-reference of what is not there
 */
export function typesetDocument(
  given: ReportDocument,
  date: Date,
  options: PageOptions = {},
  wide: ReadonlySet<string> = new Set(),
): TypesetDocument {
  const numbering = numberDocument(given)
  const { document } = numbering
  const { title, subtitle = null, authors = [], abstract, lang = 'en', lead, sections, appendix = [] } = document
  const { isDraft = false, findings = [] } = document
  const geometry = geometryOf(options, isDraft)
  const setting: Setting = { numbering, geometry, isDraft, wide, files: new Map(), warnings: [] }
  const single: Setting = { ...setting, geometry: { ...geometry, columns: 1 } }
  const body = (blocks: readonly Block[], how: Setting) => ({
    floats: isProse(blocks),
    blocks: typesetBlocks(blocks, how),
  })
  const typesetSection = (section: Section, how: Setting) => {
    const { number = '', anchor = '' } = numbering.labelOf(section) ?? {}
    return { title: section.title, number, anchor, ...body(section.blocks, how) }
  }
  const columnsOf = (blocks: readonly Block[]) => (isGallery(blocks, setting) ? 1 : geometry.columns)
  const [first] = sections
  const parts = runsOf([
    {
      // A few words stand above the first section, not on a page of their own.
      columns: first !== undefined && lengthOf(lead) < SHORT ? columnsOf(first.blocks) : columnsOf(lead),
      make: (how: Setting) => ({ title: null, ...body(lead, how) }),
    },
    ...sections.map((section) => ({
      columns: columnsOf(section.blocks),
      make: (how: Setting) => typesetSection(section, how),
    })),
  ])
  const json = JSON.stringify({
    ...{ title, subtitle, lang: lang.split('-')[0] },
    authors: authors.map(({ name, affiliation = null, email = null, id = null }) => ({ name, affiliation, email, id })),
    abstract: abstract === undefined ? null : typesetWords(abstract, numbering),
    date: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    page: geometry,
    findings: isDraft ? findings.map(typesetFinding) : [],
    parts: parts.map(({ columns, members }) => ({
      columns,
      sections: members.map(({ make }) => make(columns === 1 ? single : setting)),
    })),
    appendix: appendix.map((section) => typesetSection(section, single)),
    references: numbering.cited.map((work) => typesetWork(work, numbering)),
  })
  return { json, files: setting.files, warnings: setting.warnings }
}

/** Characters for each figure and table: with fewer, there is nothing for a page to be filled with. */
const LEAST_WORDS = 120
/** Characters of a lead that is no more than a few words. */
const SHORT = 600

const lengthOf = (blocks: readonly Block[]): number =>
  [...eachBlock(blocks)].reduce(
    (sum, block) => sum + (block.kind === 'paragraph' ? plainText(block.text).length : 0),
    0,
  )

/** Whether blocks are a text with figures, not figures with a few words. */
const isProse = (blocks: readonly Block[]): boolean =>
  lengthOf(blocks) >=
  LEAST_WORDS *
    [...eachBlock(blocks)].filter(({ kind }) => ['figure', 'gallery', 'table', 'facts'].includes(kind)).length

/** Widths of a letter and of the gap between cells, in sizes of the font. */
const [LETTER, GAP] = [0.45, 0.8]

/** About how wide a table is whose cells break no line, in points. */
const widthOf = ({ columns, rows }: Extract<Block, { kind: 'table' }>, fontSize: number): number =>
  columns.reduce((sum, { title }, i) => {
    const most = Math.max(title.length, ...rows.map((row) => plainText(row[i] ?? '').length))
    return sum + fontSize * (LETTER * most + GAP)
  }, 0)

/** Whether a table is longer than a page, though it is as wide as one: about, because nothing is set yet. */
function isLong({ columns, rows }: Extract<Block, { kind: 'table' }>, geometry: Geometry): boolean {
  const { whole, height } = roomOf(geometry)
  const letters = whole / columns.length / (LETTER * geometry.fontSize)
  const lines = rows.map((row) => Math.max(...row.map((cell) => Math.ceil(plainText(cell).length / letters))))
  return lines.reduce((sum, count) => sum + 1.4 * geometry.fontSize * count, 0) > height
}

/** Whether blocks are figures and tables that columns have no room for: two columns would hold nothing but their headings. */
const isGallery = (blocks: readonly Block[], { geometry }: Setting): boolean =>
  blocks.some((block) => {
    const isWide = block.kind === 'table' && widthOf(block, geometry.fontSize) > 1.5 * roomOf(geometry).column
    if (isProse(blocks)) return isWide && isLong(block, geometry)
    return isWide || (block.kind === 'figure' && fitPicture(block.picture, geometry, { share: block.width }).isWide)
  })

/** What has as many columns as what is before it, together: each change begins a page. */
function runsOf<T extends { readonly columns: 1 | 2 }>(all: readonly T[]) {
  const runs: { readonly columns: 1 | 2; readonly members: T[] }[] = []
  for (const one of all) {
    const last = runs.at(-1)
    if (last?.columns === one.columns) last.members.push(one)
    else runs.push({ columns: one.columns, members: [one] })
  }
  return runs
}
