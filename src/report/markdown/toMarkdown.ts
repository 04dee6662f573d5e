import type { ListItem, PhrasingContent, RootContent } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkStringify from 'remark-stringify'
import { unified } from 'unified'
import { referenceEntry } from '../bibliography/entry.ts'
import type { Author, ReportDocument, Section } from '../document.ts'
import { numberDocument } from '../numbering.ts'
import { alertsOf, type BlockContext, blocksOf, heading } from './blocks.ts'
import { anchor, paragraph, phrasing, strong, text } from './phrasing.ts'
import { pictureFiles } from './pictures.ts'

/** A document as Markdown, and the files that it shows. */
export interface Markdown {
  readonly text: string
  /** Pictures, by their paths beside the text: `figures/curves.svg`. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * A document as GitHub reads Markdown: tables, formulas between dollars, notices as alerts, pictures as files beside it; figures, tables,
 * formulas and works have their numbers, and what refers to them is a link. Speaker notes are left out.
 *
 * @throws UsageError for a cross-reference or a citation of what is not there
 *
 * @example
 * const { text, files } = toMarkdown(document)
 */
export function toMarkdown(given: ReportDocument): Markdown {
  const numbering = numberDocument(given)
  const { lead, sections, appendix = [], isDraft = false } = numbering.document
  const pictures = pictureFiles()
  const context: BlockContext = { numbering, pictures, isDraft }
  const children: RootContent[] = [
    ...frontOf(context),
    ...blocksOf(lead, context),
    ...sections.flatMap((section) => sectionOf(section, context)),
    ...references(context),
    ...appendix.flatMap((section) => sectionOf(section, context)),
  ]
  return { text: markdownOf(children), files: pictures.files }
}

/** Markdown's own kinds as text. */
export const markdownOf = (children: readonly RootContent[]): string =>
  writer.stringify({ type: 'root', children: [...children] })

const writer = unified()
  .use(remarkGfm)
  .use(remarkMath)
  .use(remarkStringify, { bullet: '-', rule: '-', emphasis: '_', listItemIndent: 'one' })

/** What stands before the first block: title, authors, abstract; in a draft what an audit has against the whole. */
export function frontOf(context: BlockContext): RootContent[] {
  const { numbering } = context
  const { title, subtitle, authors = [], abstract, findings = [] } = numbering.document
  const said = abstract === undefined ? [] : [strong(text('Abstract.')), text(' '), ...phrasing(abstract, numbering)]
  return [
    { type: 'heading', depth: 1, children: [text(title)] },
    ...(subtitle === undefined ? [] : [paragraph([{ type: 'emphasis', children: [text(subtitle)] }])]),
    ...authors.map((author) => paragraph(authorLine(author))),
    ...alertsOf(findings, context),
    ...(said.length === 0 ? [] : [paragraph(said)]),
  ]
}

function authorLine({ name, affiliation, email, id }: Author): PhrasingContent[] {
  const rest = [affiliation, id].filter((part) => part !== undefined)
  const words = [strong(text(name)), ...rest.map((part) => text(`, ${part}`))]
  if (email === undefined) return words
  return [...words, text(', '), { type: 'link', url: `mailto:${email}`, children: [text(email)] }]
}

const sectionOf = (section: Section, context: BlockContext): RootContent[] => [
  heading(2, section, section.title, context),
  ...blocksOf(section.blocks, context),
]

/** The works that are cited, each with the place to which its citations lead. */
export function references({ numbering }: BlockContext): RootContent[] {
  if (numbering.cited.length === 0) return []
  const items = numbering.cited.map(
    ({ reference, anchor: place }): ListItem => ({
      type: 'listItem',
      children: [paragraph([anchor(place), ...phrasing(referenceEntry(reference), numbering)])],
    }),
  )
  return [
    { type: 'heading', depth: 2, children: [text('References')] },
    { type: 'list', ordered: true, spread: false, children: items },
  ]
}
