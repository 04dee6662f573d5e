import type { ReportDocument, Section } from '../document.ts'
import { numberDocument } from '../numbering.ts'
import { geometryOf, type PageOptions } from './geometry.ts'
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
  const typesetSection = (section: Section, how: Setting) => {
    const { number = '', anchor = '' } = numbering.labelOf(section) ?? {}
    return { title: section.title, number, anchor, blocks: typesetBlocks(section.blocks, how) }
  }
  const json = JSON.stringify({
    ...{ title, subtitle, lang: lang.split('-')[0] },
    authors: authors.map(({ name, affiliation = null, email = null, id = null }) => ({ name, affiliation, email, id })),
    abstract: abstract === undefined ? null : typesetWords(abstract, numbering),
    date: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    page: geometry,
    findings: isDraft ? findings.map(typesetFinding) : [],
    lead: typesetBlocks(lead, setting),
    sections: sections.map((section) => typesetSection(section, setting)),
    appendix: appendix.map((section) => typesetSection(section, single)),
    references: numbering.cited.map((work) => typesetWork(work, numbering)),
  })
  return { json, files: setting.files, warnings: setting.warnings }
}
