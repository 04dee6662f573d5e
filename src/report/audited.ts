import {
  auditManuscript,
  type Facts,
  type Finding,
  type LabelledBlock,
  type Manuscript,
  type OwnPlace,
  type Part,
  type Passage,
  readFacts,
  roleOf,
  sentencesOf,
} from '../audit/index.ts'
import type { Run } from '../runs/index.ts'
import { type Block, type Content, type Inline, plainText, type ReportDocument, type Section } from './document.ts'

/**
 * A document with what the audit has against it: findings at the blocks that they are of, the others at the document.
 *
 * @param runs - those that its references used
 *
 * @example
 * const checked = await audited(document, records.used())
 * allFindings(checked).filter(({ severity }) => severity !== 'note') // what --strict fails on
 */
export async function audited(document: ReportDocument, runs: readonly Run[]): Promise<ReportDocument> {
  return auditedBy(document, await readFacts(runs))
}

/** {@link audited} with facts that are known. */
export function auditedBy(document: ReportDocument, facts: Facts): ReportDocument {
  const findings = auditManuscript(manuscriptOf(document, facts))
  const byPlace = new Map<string, Finding[]>()
  for (const finding of findings) {
    const own = byPlace.get(finding.where ?? '')
    if (own) own.push(finding)
    else byPlace.set(finding.where ?? '', [finding])
  }
  const places = new Set<string>()
  const marked = mapBlocks(document, (block, place) => {
    places.add(place)
    const own = byPlace.get(place)
    return own === undefined ? block : { ...block, findings: [...(block.findings ?? []), ...own] }
  })
  const others = findings.filter(({ where }) => where === undefined || !places.has(where))
  return others.length === 0 ? marked : { ...marked, findings: [...(marked.findings ?? []), ...others] }
}

/** All findings of a document, those of its blocks in their order. */
export function allFindings(document: ReportDocument): readonly Finding[] {
  const found = [...(document.findings ?? [])]
  mapBlocks(document, (block) => {
    found.push(...(block.findings ?? []))
    return block
  })
  return found
}

/** What a block is in: titles from the innermost, and whether a reference made it. */
interface Surroundings {
  readonly section: string
  readonly heading?: string
  readonly isGenerated: boolean
}

/** A document as the audit reads it. */
export function manuscriptOf(document: ReportDocument, facts: Facts): Manuscript {
  const passages: Passage[] = []
  const labelled: LabelledBlock[] = []
  const own: OwnPlace[] = []
  const mentions = new Set<string>()
  const shown: string[] = []
  const read = (id: string, contents: readonly Content[], { section, heading, isGenerated }: Surroundings): void => {
    const parts = contents.map(partsOf)
    for (const part of parts.flat()) {
      if (typeof part === 'string') continue
      if (part.kind === 'mention') mentions.add(part.text)
      if (part.kind === 'value') shown.push(part.text)
    }
    if (isGenerated) shown.push(...contents.map(plainText))
    const sentences = parts.flatMap(sentencesOf)
    const role = roleOf(...(heading === undefined ? [] : [heading]), section)
    if (sentences.length > 0) passages.push({ id, section, role, isGenerated, sentences })
  }
  if (document.abstract !== undefined)
    read('abstract', [document.abstract], { section: 'Abstract', isGenerated: false })
  mapBlocks(document, (block, id, place) => {
    const around = { ...place, isGenerated: place.isGenerated || block.origin !== undefined }
    read(id, wordsOf(block), around)
    if ((block.kind === 'figure' || block.kind === 'gallery') && block.id !== undefined)
      labelled.push({ id: block.id, kind: 'figure', where: id })
    if ((block.kind === 'table' || block.kind === 'facts') && block.id !== undefined)
      labelled.push({ id: block.id, kind: 'table', where: id })
    if (block.kind === 'own')
      own.push({ id: block.id, prompt: block.prompt, isEmpty: block.blocks.length === 0, where: id })
    return block
  })
  return { isDraft: document.isDraft ?? false, passages, labelled, mentions, own, facts, shown }
}

/** The words of a block itself, not of blocks in it. */
function wordsOf(block: Block): readonly Content[] {
  switch (block.kind) {
    case 'paragraph':
    case 'notice':
      return [block.text]
    case 'headline':
      return [`${block.value} ${block.label}${block.detail === undefined ? '' : `. ${block.detail}`}`]
    case 'table':
      return [block.caption, ...block.rows.flat()]
    case 'facts':
      return [block.caption, ...block.facts.map(([, value]) => value)]
    case 'figure':
    case 'gallery':
      return [block.caption]
    default:
      return []
  }
}

/** Content as parts: what was typed as words, and what was not. */
const partsOf = (content: Content): Part[] => (typeof content === 'string' ? [content] : content.flatMap(partOf))

function partOf(inline: Inline): Part[] {
  switch (inline.kind) {
    case 'text':
      return [inline.text]
    case 'strong':
    case 'emphasis':
    case 'link':
      return partsOf(inline.children)
    case 'code':
      return [{ kind: 'quiet', text: inline.text }]
    case 'math':
      return [{ kind: 'quiet', text: inline.tex }]
    case 'citation':
      return [{ kind: 'citation', text: `[${inline.keys.join(', ')}]` }]
    case 'crossReference':
      return [{ kind: 'mention', text: inline.target }]
    case 'value':
      return [{ kind: 'value', text: inline.text, expression: inline.expression }]
    case 'break':
      return [' ']
  }
}

/** Changes every block of a document, those inside others first; each is called by a place of its own, the same in every walk. */
function mapBlocks(
  document: ReportDocument,
  change: (block: Block, place: string, around: Surroundings) => Block,
): ReportDocument {
  let count = 0
  const inside = (blocks: readonly Block[], outer: Surroundings): readonly Block[] => {
    let around = outer
    return blocks.map((block) => {
      const place = `block ${count++}`
      if (block.kind === 'heading') around = { ...around, heading: block.title }
      const own = { ...around, isGenerated: around.isGenerated || block.origin !== undefined }
      if (block.kind === 'list')
        return change({ ...block, items: block.items.map((item) => inside(item, own)) }, place, around)
      if (block.kind === 'quote' || block.kind === 'own' || block.kind === 'notes')
        return change({ ...block, blocks: inside(block.blocks, own) }, place, around)
      return change(block, place, around)
    })
  }
  const section = ({ title, blocks, ...rest }: Section): Section => ({
    ...rest,
    title,
    blocks: inside(blocks, { section: title, isGenerated: false }),
  })
  return {
    ...document,
    lead: inside(document.lead, { section: '', isGenerated: false }),
    sections: document.sections.map(section),
    ...(document.appendix !== undefined && { appendix: document.appendix.map(section) }),
  }
}
