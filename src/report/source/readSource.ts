import type { RootContent } from 'mdast'
import { missingName } from '../../data/table/names.ts'
import type { Block, Content, Inline, Reference, ReportDocument, Section } from '../document.ts'
import type { Records } from '../references/index.ts'
import { blocksOf, give, headingOf } from './blocks.ts'
import type { FrontMatter } from './frontMatter.ts'
import { inlines, lineOf, type Reading, type Used } from './lines.ts'
import { type Masked, mask } from './mask.ts'
import { markdownTree } from './parse.ts'
import { problem } from './problem.ts'

/** A source in its parts. */
export interface Source {
  /** As messages name it. */
  readonly file: string
  readonly front: FrontMatter
  readonly body: string
  /** Line of the file on which the body begins. */
  readonly line: number
  /** Works that can be cited. */
  readonly references: readonly Reference[]
}

/** A document, and the values that runs gave it. */
export interface Built {
  readonly document: ReportDocument
  readonly used: readonly Used[]
}

/** Sections from here on are an appendix. `# Appendix: Proofs` is called "Proofs". */
const APPENDIX = /^appendix\b[:.\s]*/i

/**
 * Reads the body of a source, and puts in what its expressions give.
 *
 * @throws UsageError naming file and line
 */
export async function readSource({ file, front, body, line, references }: Source, records: Records): Promise<Built> {
  const reading = readingOf(mask(body, file, line), file, records)
  const { masked } = reading
  const abstract = front.abstract === undefined ? undefined : await wordsOf(front.abstract, file, reading)
  const { lead, sections } = await sectionsOf(markdownTree(masked.text).children, reading)
  const at = sections.findIndex(({ title }) => APPENDIX.test(title))
  requireKnown(
    reading,
    references.map(({ id }) => id),
  )
  const [main, appendix] = at < 0 ? [sections, []] : [sections.slice(0, at), appendixOf(sections.slice(at))]
  const document: ReportDocument = {
    title: front.title,
    ...(front.subtitle !== undefined && { subtitle: front.subtitle }),
    ...(front.authors !== undefined && { authors: front.authors }),
    ...(front.lang !== undefined && { lang: front.lang }),
    ...(abstract !== undefined && { abstract }),
    lead,
    sections: main,
    ...(appendix.length > 0 && { appendix }),
    ...(references.length > 0 && { references: references }),
    ...(front.draft === true && { isDraft: true }),
  }
  return { document, used: reading.used }
}

const readingOf = (masked: Masked, file: string, records: Records): Reading => ({
  ...{ file, masked, records },
  ...{ used: [], targets: [], cited: [], ids: new Map() },
})

/** The abstract: paragraphs of Markdown as one. Its values and marks count with those of the body. */
async function wordsOf(markdown: string, file: string, body: Reading): Promise<Content> {
  const masked = mask(markdown, file, 1)
  const reading: Reading = { ...body, masked }
  const all: Inline[] = []
  for (const node of markdownTree(masked.text).children) {
    if (node.type !== 'paragraph')
      throw problem({ file, line: 1 }, `the abstract holds paragraphs alone, and not a ${node.type}`)
    if (all.length > 0) all.push({ kind: 'break' })
    all.push(...(await inlines(node.children, reading)))
  }
  return all
}

/** The headings under a bare `# Appendix` are those of its sections. */
function appendixOf([first, ...rest]: readonly Section[]): Section[] {
  if (first === undefined) return []
  const title = first.title.replace(APPENDIX, '')
  if (title !== '') return [{ ...first, title }, ...rest]
  const starts = first.blocks.flatMap((block, i) => (block.kind === 'heading' && block.level === 1 ? [i] : []))
  const before = first.blocks.slice(0, starts[0])
  const parts = starts.flatMap((start, k): Section[] => {
    const heading = first.blocks[start]
    if (heading?.kind !== 'heading') return []
    const blocks = first.blocks.slice(start + 1, starts[k + 1])
    return [
      {
        title: heading.title,
        blocks: blocks.map((block) => (block.kind === 'heading' ? { ...block, level: 1 } : block)),
        ...(heading.id !== undefined && { id: heading.id }),
      },
    ]
  })
  const own = before.length === 0 ? [] : [{ ...first, title: 'Supplement', blocks: before }]
  return [...own, ...parts, ...rest]
}

async function sectionsOf(
  nodes: readonly RootContent[],
  reading: Reading,
): Promise<{ lead: Block[]; sections: Section[] }> {
  const starts = nodes.flatMap((node, i) => (node.type === 'heading' && node.depth === 1 ? [i] : []))
  const lead = await blocksOf(nodes.slice(0, starts[0] ?? nodes.length), reading)
  const sections: Section[] = []
  for (const [k, start] of starts.entries()) {
    const node = nodes[start]
    if (node?.type !== 'heading') continue
    const { title, id } = headingOf(node.children, reading)
    if (id !== undefined) give(reading, id, lineOf(reading, node))
    const blocks = await blocksOf(nodes.slice(start + 1, starts[k + 1] ?? nodes.length), reading)
    sections.push({ title, blocks, ...(id !== undefined && { id }) })
  }
  return { lead, sections }
}

/** @throws UsageError for what is pointed at or cited and is not there */
function requireKnown({ targets, cited, ids, file }: Reading, keys: readonly string[]): void {
  const known = [...ids.keys()].filter((id) => !id.startsWith('own:'))
  for (const { id, line } of targets)
    if (!ids.has(id))
      throw problem({ file, line }, `@${id} points at nothing: ${missingName('the write-up', 'id', id, known)}`)
  for (const { key, line } of cited)
    if (!keys.includes(key)) throw problem({ file, line }, missingName('the bibliography', 'key', key, keys))
}
