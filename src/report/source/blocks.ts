import type { BlockContent, DefinitionContent, List, Paragraph, PhrasingContent, RootContent, Table } from 'mdast'
import type { Block, Cell, Content, Inline } from '../document.ts'
import { plainText } from '../document.ts'
import { pictureAt } from '../references/blocks/pictureFile.ts'
import { evaluated, inlines, lineOf, type Reading } from './lines.ts'
import { restored, unmasked } from './mask.ts'
import { ownBlock, ownMark } from './ownWords.ts'
import { problem } from './problem.ts'

export type FlowNode = RootContent | BlockContent | DefinitionContent

/** `{#id}` at the end of a heading, a formula or a caption. */
const LABEL = /\s*\{#([^}\s]+)\}\s*$/

/** Blocks of a run of nodes, with the author's own words gathered. */
export async function blocksOf(nodes: readonly FlowNode[], reading: Reading): Promise<Block[]> {
  const blocks: Block[] = []
  /** Of each block. */
  const lines: number[] = []
  for (let i = 0; i < nodes.length; i += 1) {
    const node = nodes[i]
    if (node === undefined) continue
    while (lines.length < blocks.length) lines.push(lineOf(reading, nodes[i - 1] ?? node))
    const mark = node.type === 'html' ? ownMark(node.value) : undefined
    if (mark !== undefined) {
      const line = lineOf(reading, node)
      if (mark.kind === 'end')
        throw problem({ file: reading.file, line }, '<!-- /own --> ends own words that nothing began')
      const end = nodes.findIndex((other, k) => k > i && other.type === 'html' && ownMark(other.value) !== undefined)
      const closing = nodes[end]
      if (closing?.type !== 'html' || ownMark(closing.value)?.kind !== 'end')
        throw problem({ file: reading.file, line }, `own words "${mark.id}" do not end: add a line <!-- /own -->`)
      give(reading, `own:${mark.id}`, line, `own words "${mark.id}"`)
      blocks.push(ownBlock(mark, await blocksOf(nodes.slice(i + 1, end), reading)))
      i = end
    } else {
      const next = nodes[i + 1]
      const label = node.type === 'math' ? labelAfter(next, reading) : undefined
      const made = await block(node, reading, label)
      blocks.push(...made)
      if (label !== undefined) i += 1
    }
  }
  const last = nodes.at(-1)
  while (last !== undefined && lines.length < blocks.length) lines.push(lineOf(reading, last))
  return captioned(blocks, lines, reading)
}

/** Takes an id. @throws UsageError where it is taken */
export function give(reading: Reading, id: string, line: number, what = `the id ${id}`): void {
  const before = reading.ids.get(id)
  if (before !== undefined)
    throw problem({ file: reading.file, line }, `${what} is given twice: line ${before} has it too`)
  reading.ids.set(id, line)
}

async function block(node: FlowNode, reading: Reading, label: string | undefined): Promise<Block[]> {
  const line = lineOf(reading, node)
  const place = { file: reading.file, line }
  const { parts } = reading.masked
  switch (node.type) {
    case 'paragraph':
      return paragraph(node, reading)
    case 'heading': {
      const { title, id } = headingOf(node.children, reading)
      if (node.depth > 3)
        throw problem(place, `"${title}" is a heading of level ${node.depth}: sections have levels # to ###`)
      if (id !== undefined) give(reading, id, line)
      return [{ kind: 'heading', level: node.depth === 2 ? 1 : 2, title, ...(id !== undefined && { id }) }]
    }
    case 'list':
      return [{ kind: 'list', ordered: node.ordered === true, items: await items(node, reading) }]
    case 'blockquote':
      return [{ kind: 'quote', blocks: await blocksOf(node.children, reading) }]
    case 'code':
      return [{ kind: 'code', text: restored(node.value, parts), ...(node.lang != null && { language: node.lang }) }]
    case 'math': {
      const id = label ?? LABEL.exec(` ${node.meta ?? ''}`)?.[1]
      if (id !== undefined) give(reading, id, line)
      return [{ kind: 'equation', tex: restored(node.value, parts), ...(id !== undefined && { id }) }]
    }
    case 'table':
      return [await table(node, reading)]
    case 'containerDirective': {
      if (node.name === 'notes') return [{ kind: 'notes', blocks: await blocksOf(node.children, reading) }]
      if (node.name === 'info' || node.name === 'warning') {
        const [only, ...more] = node.children
        if (only?.type !== 'paragraph' || more.length > 0) throw problem(place, `:::${node.name} holds one paragraph`)
        return [{ kind: 'notice', tone: node.name, text: simplified(await inlines(only.children, reading)) }]
      }
      throw problem(place, `:::${node.name} is not known: there are :::notes, :::info and :::warning`)
    }
    case 'html':
      if (/^<!--[\s\S]*-->\s*$/.test(node.value)) return []
      throw problem(
        place,
        `raw HTML is not passed on, as no other format could show it: ${node.value.split('\n')[0]}; write it as Markdown, or < as \\<`,
      )
    case 'thematicBreak':
      throw problem(place, 'a line between parts (---) says nothing that headings do not: leave it out')
    default:
      throw problem(place, `${node.type} is nothing that a report has: say it in a paragraph`)
  }
}

/** A paragraph; or what an expression, a picture or a formula that is alone in it gives. */
async function paragraph(node: Paragraph, reading: Reading): Promise<Block[]> {
  const line = lineOf(reading, node)
  const [only, after, ...more] = node.children
  if (only?.type === 'text' && after === undefined) {
    const pieces = unmasked(only.value.trim())
    if (pieces.length > 0 && pieces.every((piece) => typeof piece === 'number' || piece.trim() === '')) {
      const numbers = pieces.filter((piece) => typeof piece === 'number')
      const all = await alone(numbers, reading)
      if (all !== undefined) return all
    }
  }
  if (only?.type === 'image' && more.length === 0 && (after === undefined || after.type === 'text'))
    return [await picture(only, after?.type === 'text' ? after.value : '', line, reading)]
  const isDisplay =
    only?.type === 'inlineMath' && reading.masked.text.startsWith('$$', only.position?.start.offset ?? 0)
  if (
    isDisplay &&
    more.length === 0 &&
    (after === undefined || (after.type === 'text' && LABEL.test(after.value) && after.value.replace(LABEL, '') === ''))
  ) {
    const id = after?.type === 'text' ? LABEL.exec(after.value)?.[1] : undefined
    if (id !== undefined) give(reading, id, line)
    return [{ kind: 'equation', tex: restored(only.value, reading.masked.parts), ...(id !== undefined && { id }) }]
  }
  return [{ kind: 'paragraph', text: simplified(await inlines(node.children, reading)) }]
}

/** Blocks where all expressions give blocks; nothing where one gives a value, which makes a line of it. */
async function alone(numbers: readonly number[], reading: Reading): Promise<Block[] | undefined> {
  const blocks: Block[] = []
  for (const number of numbers) {
    const { value, line } = await evaluated(number, reading)
    if (value.kind === 'value') return undefined
    for (const block of value.blocks)
      if ('id' in block && block.id !== undefined && block.kind !== 'own') give(reading, block.id, line)
    blocks.push(...value.blocks)
  }
  return blocks
}

/** `![caption](file){#fig:x width=0.6}`. */
async function picture(
  image: Extract<PhrasingContent, { type: 'image' }>,
  after: string,
  line: number,
  reading: Reading,
): Promise<Block> {
  const place = { file: reading.file, line }
  const settings = /^\{([^}]*)\}$/.exec(after.trim())?.[1]
  if (after.trim() !== '' && settings === undefined)
    throw problem(place, 'a picture stands in a paragraph of its own, as ![caption](file){#fig:name width=0.6}')
  const id = settings === undefined ? undefined : /#([^\s}]+)/.exec(settings)?.[1]
  const width = settings === undefined ? undefined : /width=([\d.]+)/.exec(settings)?.[1]
  if (id !== undefined) give(reading, id, line)
  const caption = restored(image.alt ?? '', reading.masked.parts)
  try {
    const found = await pictureAt(restored(image.url, reading.masked.parts), reading.records, image.title ?? caption)
    return {
      kind: 'figure',
      ...found,
      caption,
      ...(id !== undefined && { id }),
      ...(width !== undefined && { width: Number(width) }),
    }
  } catch (error) {
    throw problem(place, error instanceof Error ? error.message : String(error))
  }
}

async function items(list: List, reading: Reading): Promise<Block[][]> {
  const all: Block[][] = []
  for (const item of list.children) all.push(await blocksOf(item.children, reading))
  return all
}

async function table({ children, align }: Table, reading: Reading): Promise<Block> {
  const rows: Cell[][] = []
  for (const row of children) {
    const cells: Cell[] = []
    for (const cell of row.children) cells.push(simplified(await inlines(cell.children, reading)))
    rows.push(cells)
  }
  const [head = [], ...body] = rows
  return {
    kind: 'table',
    caption: '',
    columns: head.map((title, c) => ({ title: plainText(title), kind: align?.[c] === 'right' ? 'number' : 'text' })),
    rows: body.map((row) => head.map((_, c) => row[c] ?? '')),
  }
}

/** A paragraph `Table: words {#tab:x}` beside a table is its caption. */
function captioned(blocks: readonly Block[], lines: readonly number[], reading: Reading): Block[] {
  const isTable = (one: Block | undefined): boolean =>
    one?.kind === 'table' && one.caption === '' && one.origin === undefined
  const out: Block[] = []
  for (let i = 0; i < blocks.length; i += 1) {
    const [one, next] = [blocks[i], blocks[i + 1]]
    if (one === undefined) continue
    const [words, other] = isTable(one) ? [next, one] : isTable(next) ? [one, next] : []
    const text = words?.kind === 'paragraph' && /^Table: /.test(plainText(words.text)) ? words.text : undefined
    if (text === undefined || other?.kind !== 'table') out.push(one)
    else {
      const { content, id } = labelled(trimmed(text, 'Table: '.length))
      if (id !== undefined) give(reading, id, lines[blocks.indexOf(words ?? one)] ?? 0)
      out.push({ ...other, caption: content, ...(id !== undefined && { id }) })
      i += 1
    }
  }
  return out
}

/** Content without its first letters. */
function trimmed(content: Content, letters: number): Content {
  if (typeof content === 'string') return content.slice(letters)
  const [first, ...rest] = content
  return first?.kind === 'text' ? [{ ...first, text: first.text.slice(letters) }, ...rest] : content
}

/** Content without the `{#id}` at its end, and that id. */
function labelled(content: Content): { readonly content: Content; readonly id?: string } {
  const last = typeof content === 'string' ? content : content.at(-1)
  const text = typeof last === 'string' ? last : last?.kind === 'text' ? last.text : ''
  const id = LABEL.exec(text)?.[1]
  if (id === undefined) return { content }
  const before = text.replace(LABEL, '')
  return {
    id,
    content: typeof content === 'string' ? before : [...content.slice(0, -1), { kind: 'text', text: before }],
  }
}

/** The words of a heading, and its id. */
export function headingOf(
  nodes: readonly PhrasingContent[],
  reading: Reading,
): { readonly title: string; readonly id?: string } {
  const text = restored(nodes.map(headingText).join(''), reading.masked.parts).trim()
  const id = LABEL.exec(text)?.[1]
  return { title: text.replace(LABEL, ''), ...(id !== undefined && { id }) }
}

const headingText = (node: PhrasingContent): string =>
  'value' in node ? node.value : 'children' in node ? node.children.map(headingText).join('') : ''

/** The label that was put after a formula. */
function labelAfter(node: FlowNode | undefined, { masked }: Reading): string | undefined {
  if (node?.type !== 'paragraph' || node.children.length !== 1) return undefined
  const [only] = node.children
  const [number, ...more] = only?.type === 'text' ? unmasked(only.value.trim()) : []
  const part = typeof number === 'number' && more.length === 0 ? masked.parts[number] : undefined
  return part?.kind === 'label' ? part.inside : undefined
}

/** Words alone are a text. */
const simplified = (all: readonly Inline[]): Content => {
  const [only, ...more] = all
  if (only === undefined) return ''
  return more.length === 0 && only.kind === 'text' ? only.text : all
}
