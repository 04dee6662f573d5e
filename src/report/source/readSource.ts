import type { RootContent } from 'mdast'
import { missingName } from '../../data/table/names.ts'
import type { Block, Reference, ReportDocument, Section } from '../document.ts'
import type { Records } from '../references/index.ts'
import { blocksOf, give, headingOf } from './blocks.ts'
import type { FrontMatter } from './frontMatter.ts'
import { lineOf, type Reading, type Used } from './lines.ts'
import { mask } from './mask.ts'
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

/** Sections from here on are an appendix. */
const APPENDIX = /^appendix\b/i

/**
 * Reads the body of a source, and puts in what its expressions give.
 *
 * @throws UsageError naming file and line
 */
export async function readSource({ file, front, body, line, references }: Source, records: Records): Promise<Built> {
  const masked = mask(body, file, line)
  const reading: Reading = { file, masked, records, used: [], targets: [], cited: [], ids: new Map() }
  const { lead, sections } = await sectionsOf(markdownTree(masked.text).children, reading)
  const at = sections.findIndex(({ title }) => APPENDIX.test(title))
  requireKnown(
    reading,
    references.map(({ id }) => id),
  )
  const [main, appendix] = at < 0 ? [sections, []] : [sections.slice(0, at), sections.slice(at)]
  const document: ReportDocument = {
    title: front.title,
    ...(front.subtitle !== undefined && { subtitle: front.subtitle }),
    ...(front.authors !== undefined && { authors: front.authors }),
    ...(front.lang !== undefined && { lang: front.lang }),
    ...(front.abstract !== undefined && { abstract: front.abstract }),
    lead,
    sections: main,
    ...(appendix.length > 0 && { appendix }),
    ...(references.length > 0 && { references: references }),
    ...(front.draft === true && { isDraft: true }),
  }
  return { document, used: reading.used }
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
