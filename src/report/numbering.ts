import { closestMatch } from 'leven'
import { UsageError } from '../errors.ts'
import { contentsOf, eachBlock, mapBlocks } from './blocks.ts'
import type { Block, Content, Reference, ReportDocument, Section } from './document.ts'

/** By what a reader finds a part of a document. */
export interface Label {
  readonly kind: 'figure' | 'table' | 'equation' | 'section' | 'appendix'
  /** `2`, `3.1`, `A`; empty for a section of a document whose sections have no numbers. */
  readonly number: string
  /** `Figure 2`. */
  readonly text: string
  /** Where a link to it leads: its id where it has one. No two are equal. */
  readonly anchor: string
}

/** A work in the list of references. */
export interface CitedWork {
  /** In order of first use, from 1. */
  readonly number: number
  readonly reference: Reference
  readonly anchor: string
}

/** What is called how in a document. */
export interface Numbering {
  /** The document with a value of its own for each part, so that `labelOf` can tell them apart. Walk this one. */
  readonly document: ReportDocument
  /** Of a section or block of `document`; undefined where it has none: a paragraph, an equation that nothing can point at. */
  labelOf(part: Block | Section): Label | undefined
  /** What a cross-reference points at. */
  target(id: string): Label
  /** What a citation names, in order of their numbers. */
  works(keys: readonly string[]): readonly CitedWork[]
  /** All that are cited: the list of references. */
  readonly cited: readonly CitedWork[]
}

const NAMES = {
  figure: 'Figure',
  table: 'Table',
  equation: 'Equation',
  section: 'Section',
  appendix: 'Appendix',
} as const

/**
 * Numbers figures, tables, equations that have an id, sections where one of them is referred to, appendices by letters, and works in order
 * of their first citation: every format writes these.
 *
 * @throws UsageError for an id that two parts have, and for a cross-reference or a citation of what is not there
 *
 * @example
 * const numbering = numberDocument(document)
 * numbering.target('fig:curves').text // 'Figure 2'
 */
export function numberDocument(given: ReportDocument): Numbering {
  const document = apart(given)
  const labels = new Map<Block | Section, Label>()
  const byId = new Map<string, Label>()
  const add = (part: Block | Section, kind: Label['kind'], number: string, fallback: string) => {
    const id = 'id' in part ? part.id : undefined
    const label: Label = {
      kind,
      number,
      text: number === '' ? titleOf(part) : `${NAMES[kind]} ${number}`,
      anchor: id ?? fallback,
    }
    labels.set(part, label)
    if (id === undefined) return
    const other = byId.get(id)
    if (other !== undefined)
      throw new UsageError(`"${id}" is the id of ${other.text} and of ${label.text}: give one of them another`)
    byId.set(id, label)
  }

  const contents = [...contentsOf(document)]
  const wanted = new Set(contents.flatMap((content) => referencesIn(content)))
  const hasNumbers = [...document.sections, ...document.sections.flatMap(({ blocks }) => headingsIn(blocks))].some(
    ({ id }) => id !== undefined && wanted.has(id),
  )
  const counts = { figure: 0, table: 0, equation: 0 }
  const blocks = (
    list: readonly Block[],
    kind: 'section' | 'appendix',
    path: string,
    isNumbered: boolean,
    place: string,
  ) => {
    const depth = [0, 0]
    for (const block of eachBlock(list)) {
      const counted = countedAs(block)
      if (counted !== undefined) {
        const number = String(++counts[counted])
        add(block, counted, number, `${counted}-${number}`)
      } else if (block.kind === 'heading') {
        if (block.level === 1) depth.splice(0, 2, (depth[0] ?? 0) + 1, 0)
        else depth[1] = (depth[1] ?? 0) + 1
        const under = depth.slice(0, block.level)
        add(block, kind, isNumbered ? [path, ...under].join('.') : '', [place, ...under].join('-'))
      }
    }
  }
  blocks(document.lead, 'section', '0', false, 'lead')
  for (const [i, section] of document.sections.entries()) {
    const number = String(i + 1)
    add(section, 'section', hasNumbers ? number : '', `section-${number}`)
    blocks(section.blocks, 'section', number, hasNumbers, `section-${number}`)
  }
  for (const [i, section] of (document.appendix ?? []).entries()) {
    const letter = letters(i)
    add(section, 'appendix', letter, `appendix-${letter}`)
    blocks(section.blocks, 'appendix', letter, true, `appendix-${letter}`)
  }

  const cited = citedWorks(contents, document.references ?? [])
  const target = (id: string): Label => {
    const label = byId.get(id)
    if (label === undefined) throw unknown(`the cross-reference @${id} points at nothing`, id, [...byId.keys()], 'ids')
    return label
  }
  for (const id of wanted) target(id)
  return {
    document,
    labelOf: (part) => labels.get(part),
    target,
    works: (keys) => keys.map((key) => workOf(cited, key)).toSorted((a, b) => a.number - b.number),
    cited: [...cited.values()],
  }
}

/** A copy in which every section and block is a value of its own. */
const apart = (document: ReportDocument): ReportDocument => {
  const copy = (blocks: readonly Block[]) => mapBlocks(blocks, (block) => ({ ...block }))
  const sections = (list: readonly Section[]) => list.map((section) => ({ ...section, blocks: copy(section.blocks) }))
  return {
    ...document,
    lead: copy(document.lead),
    sections: sections(document.sections),
    ...(document.appendix && { appendix: sections(document.appendix) }),
  }
}

const countedAs = (block: Block): 'figure' | 'table' | 'equation' | undefined => {
  if (block.kind === 'figure' || block.kind === 'gallery') return 'figure'
  if (block.kind === 'table' || block.kind === 'facts') return 'table'
  return block.kind === 'equation' && block.id !== undefined ? 'equation' : undefined
}

const titleOf = (part: Block | Section): string => ('title' in part ? `“${part.title}”` : '')

const headingsIn = (blocks: readonly Block[]): Extract<Block, { kind: 'heading' }>[] =>
  [...eachBlock(blocks)].filter((block) => block.kind === 'heading')

/** 0 is A, 25 is Z, 26 is AA. */
const letters = (i: number): string =>
  `${i < 26 ? '' : letters(Math.floor(i / 26) - 1)}${String.fromCharCode(65 + (i % 26))}`

function referencesIn(content: Content): string[] {
  if (typeof content === 'string') return []
  return content.flatMap((inline) => {
    if (inline.kind === 'crossReference') return [inline.target]
    return 'children' in inline ? referencesIn(inline.children) : []
  })
}

function keysIn(content: Content): string[] {
  if (typeof content === 'string') return []
  return content.flatMap((inline) => {
    if (inline.kind === 'citation') return inline.keys
    return 'children' in inline ? keysIn(inline.children) : []
  })
}

function citedWorks(contents: readonly Content[], references: readonly Reference[]): Map<string, CitedWork> {
  const known = new Map(references.map((reference) => [reference.id, reference]))
  const cited = new Map<string, CitedWork>()
  for (const key of contents.flatMap(keysIn)) {
    if (cited.has(key)) continue
    const reference = known.get(key)
    if (reference === undefined)
      throw unknown(`[@${key}] cites no work of the references`, key, [...known.keys()], 'references')
    const number = cited.size + 1
    cited.set(key, { number, reference, anchor: `reference-${number}` })
  }
  return cited
}

function workOf(cited: ReadonlyMap<string, CitedWork>, key: string): CitedWork {
  const work = cited.get(key)
  if (work === undefined)
    throw unknown(`[@${key}] is cited nowhere in this document`, key, [...cited.keys()], 'references')
  return work
}

function unknown(what: string, id: string, known: readonly string[], things: string): UsageError {
  if (known.length === 0) return new UsageError(`${what}: this document has no ${things}`)
  const nearest = closestMatch(id, [...known])
  return new UsageError(`${what}: did you mean "${nearest}"? There are ${known.map((name) => `"${name}"`).join(', ')}`)
}
