import type { BlockContent, Heading, PhrasingContent, RootContent, Table } from 'mdast'
import type { Finding } from '../../audit/finding.ts'
import type { Block, Column, Content, Picture, Section } from '../document.ts'
import type { Numbering } from '../numbering.ts'
import { anchor, attribute, paragraph, phrasing, strong, text } from './phrasing.ts'
import type { PictureFiles } from './pictures.ts'

/** What the blocks of one document share. */
export interface BlockContext {
  readonly numbering: Numbering
  readonly pictures: PictureFiles
  readonly isDraft: boolean
}

/** Blocks, and in a draft what an audit has against them. */
export const blocksOf = (blocks: readonly Block[], context: BlockContext): BlockContent[] =>
  blocks.flatMap((block) => [...blockOf(block, context), ...alertsOf(block.findings ?? [], context)])

function blockOf(block: Block, context: BlockContext): BlockContent[] {
  const { numbering, pictures, isDraft } = context
  const words = (content: Content): PhrasingContent[] => phrasing(content, numbering)
  const inside = (blocks: readonly Block[]): BlockContent[] => blocksOf(blocks, context)
  switch (block.kind) {
    case 'paragraph':
      return [paragraph(words(block.text))]
    case 'heading':
      return [heading(block.level === 1 ? 3 : 4, block, block.title, context)]
    case 'list':
      return [
        {
          type: 'list',
          ordered: block.ordered,
          spread: false,
          children: block.items.map((item) => ({ type: 'listItem', children: inside(item) })),
        },
      ]
    case 'quote':
      return [{ type: 'blockquote', children: inside(block.blocks) }]
    case 'equation':
      return equation(block, numbering)
    case 'notice':
      return [alert(block.tone === 'warning' ? 'WARNING' : 'NOTE', words(block.text))]
    case 'headline': {
      const detail = block.detail === undefined ? [] : [text(` (${block.detail})`)]
      return [paragraph([strong(text(block.value)), text(` ${block.label}`), ...detail])]
    }
    case 'table':
      return [
        caption(block, block.caption, numbering),
        table(
          block.columns,
          block.rows.map((row) => row.map(words)),
        ),
      ]
    case 'facts': {
      const rows = block.facts.map(([name, value]) => [[text(name)], words(value)])
      return [caption(block, block.caption, numbering), table([{ title: '' }, { title: '' }], rows)]
    }
    case 'figure': {
      const name = numbering.labelOf(block)?.anchor ?? 'figure'
      return [paragraph([image(block.picture, name, pictures)]), caption(block, block.caption, numbering)]
    }
    case 'gallery':
      return [gallery(block, context), caption(block, block.caption, numbering)]
    case 'links':
      return [
        paragraph([text(block.caption)]),
        {
          type: 'list',
          spread: false,
          children: block.items.map(({ text: name, detail, href }) => ({
            type: 'listItem',
            children: [paragraph([...linked(name, href), text(` ${detail}`)])],
          })),
        },
      ]
    case 'code':
      return [{ type: 'code', value: block.text, lang: block.language ?? null }]
    case 'own':
      if (block.blocks.length > 0 || !isDraft) return inside(block.blocks)
      return [alert('TIP', [text(block.prompt)])]
    case 'notes':
      return []
  }
}

/** A heading with its number, and the place to which links to it lead. */
export function heading(depth: Heading['depth'], part: Block | Section, title: string, context: BlockContext): Heading {
  const label = context.numbering.labelOf(part)
  const name = label === undefined || label.number === '' ? title : `${label.number} ${title}`
  return { type: 'heading', depth, children: [...(label === undefined ? [] : [anchor(label.anchor)]), text(name)] }
}

/** Findings, as alerts; a finished text has none. */
export const alertsOf = (findings: readonly Finding[], { isDraft }: BlockContext): BlockContent[] =>
  isDraft
    ? findings.map(({ check, severity, saw, why, mend }) =>
        alert(severity === 'note' ? 'NOTE' : 'CAUTION', [strong(text(check)), text(` ${saw} ${why} ${mend}`)]),
      )
    : []

/** GitHub's alert: a quote whose first line is a sign, which must not be escaped. */
const alert = (sign: 'NOTE' | 'TIP' | 'WARNING' | 'CAUTION', words: PhrasingContent[]): RootContent & BlockContent => ({
  type: 'blockquote',
  children: [paragraph([{ type: 'html', value: `[!${sign}]\n` }, ...words])],
})

/** A caption with its number, and the place to which links to it lead. */
export function caption(block: Block, content: Content, numbering: Numbering): BlockContent {
  const label = numbering.labelOf(block)
  const name = label === undefined ? [] : [anchor(label.anchor), strong(text(`${label.text}.`)), text(' ')]
  return paragraph([...name, ...phrasing(content, numbering)])
}

function equation(block: Extract<Block, { kind: 'equation' }>, numbering: Numbering): BlockContent[] {
  const label = numbering.labelOf(block)
  if (label === undefined) return [{ type: 'math', value: block.tex }]
  return [paragraph([anchor(label.anchor)]), { type: 'math', value: `${block.tex} \\tag{${label.number}}` }]
}

const linked = (name: string, href: string | undefined): PhrasingContent[] =>
  href === undefined ? [text(name)] : [{ type: 'link', url: href, children: [text(name)] }]

function table(columns: readonly Column[], rows: readonly PhrasingContent[][][]): Table {
  const row = (cells: readonly PhrasingContent[][]): Table['children'][number] => ({
    type: 'tableRow',
    children: cells.map((children) => ({ type: 'tableCell', children: children.map(inCell) })),
  })
  return {
    type: 'table',
    align: columns.map(({ kind }) => (kind === 'number' ? 'right' : 'left')),
    children: [row(columns.map(({ title }) => [text(title)])), ...rows.map(row)],
  }
}

/** A row is one line, in which breaks are tags; and where a stroke ends a cell, formulas have to call theirs by name. */
function inCell(part: PhrasingContent): PhrasingContent {
  if (part.type === 'break') return { type: 'html', value: '<br>' }
  if (part.type !== 'inlineMath') return part
  return { ...part, value: part.value.replaceAll('\\|', '\\Vert ').replaceAll('|', '\\vert ') }
}

/** A picture that says how wide it is shown needs a tag. */
function image(picture: Picture, name: string, pictures: PictureFiles): PhrasingContent {
  const path = pictures.add(picture, name)
  if ('svg' in picture || picture.width === undefined) return { type: 'image', url: path, alt: picture.alt }
  return {
    type: 'html',
    value: `<img src="${attribute(path)}" alt="${attribute(picture.alt)}" width="${picture.width}">`,
  }
}

/** Pictures side by side. */
const COLUMNS = 6

function gallery(block: Extract<Block, { kind: 'gallery' }>, { numbering, pictures }: BlockContext): Table {
  const name = numbering.labelOf(block)?.anchor ?? 'gallery'
  const cells = block.items.map(({ picture, lines }, i) => [
    image(picture, `${name}-${i + 1}`, pictures),
    ...lines.flatMap((line) => [{ type: 'break' } as const, text(line)]),
  ])
  const width = Math.min(COLUMNS, cells.length)
  const rows = Array.from({ length: Math.ceil(cells.length / width) }, (_, i) =>
    cells.slice(i * width, (i + 1) * width),
  )
  const [first = [], ...others] = rows
  return {
    type: 'table',
    children: [first, ...others].map((row) => ({
      type: 'tableRow',
      children: row.map((children) => ({ type: 'tableCell', children: children.map(inCell) })),
    })),
  }
}
