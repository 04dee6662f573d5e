import { type Block, type Content, plainText } from '../document.ts'
import { firstSentence } from './sentence.ts'

/** A block that has a slide for itself, as much of it as fits, and what is said to it. */
export interface Visual {
  readonly block: Shown
  readonly notes: readonly Block[]
}

type Shown = Extract<Block, { kind: 'figure' | 'table' | 'facts' | 'gallery' | 'code' }>

/** Whether a block has a slide for itself. */
export const isShown = (block: Block): block is Shown =>
  ['figure', 'table', 'facts', 'gallery', 'code'].includes(block.kind)

/** Lines of rows, pictures and lines of code that a slide has room for, and slides over which rows go before the rest is left out. */
const [ROWS, PICTURES, CODE_LINES, MOST_PARTS] = [10, 12, 16, 2]
/** Letters that a row has room for in one line. */
const ROW_LETTERS = 100

/**
 * What is shown of a block, on one slide or on two: a table of no more than twenty lines is split into halves; of a longer one the first
 * ten lines are shown, and how many more rows there are is said, as it is of pictures and lines of code.
 */
export function shown(block: Shown, lang: string): Visual[] {
  switch (block.kind) {
    case 'figure':
      return [captioned(block, block.caption, lang, '')]
    case 'gallery': {
      const { items } = block
      const left = items.length - PICTURES
      const some = left > 0 ? { ...block, items: items.slice(0, PICTURES) } : block
      return [captioned(some, block.caption, lang, left > 0 ? `… ${left} more pictures` : '')]
    }
    case 'table':
      return split(block.rows, (row) => row).map(({ some, line }) =>
        captioned({ ...block, rows: some }, block.caption, lang, line),
      )
    case 'facts':
      return split(block.facts, (fact) => fact).map(({ some, line }) =>
        captioned({ ...block, facts: some }, block.caption, lang, line),
      )
    case 'code': {
      const lines = block.text.trimEnd().split('\n')
      const left = lines.length - CODE_LINES
      if (left <= 0) return [{ block, notes: [] }]
      const text = [...lines.slice(0, CODE_LINES - 1), `… ${left + 1} more lines`].join('\n')
      return [{ block: { ...block, text }, notes: [] }]
    }
  }
}

function split<Row>(
  rows: readonly Row[],
  cellsOf: (row: Row) => readonly Content[],
): { readonly some: readonly Row[]; readonly line: string }[] {
  const lines = rows.map((row) => {
    const letters = cellsOf(row).reduce((sum, cell) => sum + plainText(cell).length, 0)
    return Math.max(1, Math.ceil(letters / ROW_LETTERS))
  })
  const parts = Math.ceil(lines.reduce((sum, each) => sum + each, 0) / ROWS)
  if (parts <= 1) return [{ some: rows, line: '' }]
  if (parts > MOST_PARTS) {
    let [fit, height] = [0, 0]
    for (const each of lines) {
      height += each
      if (height > ROWS && fit > 0) break
      fit += 1
    }
    return [{ some: rows.slice(0, fit), line: `… ${rows.length - fit} more rows` }]
  }
  const each = Math.ceil(rows.length / parts)
  return Array.from({ length: parts }, (_, i) => ({
    some: rows.slice(i * each, (i + 1) * each),
    line: `${i + 1} of ${parts}`,
  }))
}

/** The caption's first sentence is read, the whole of it is said. */
function captioned<B extends Exclude<Shown, { kind: 'code' }>>(
  block: B,
  caption: Content,
  lang: string,
  line: string,
): { block: B; notes: readonly Block[] } {
  const first = firstSentence(caption, lang)
  const isAll = plainText(first).length >= plainText(caption).trimEnd().length
  const words: Content = line === '' ? first : withLine(first, line)
  return { block: { ...block, caption: words }, notes: isAll ? [] : [{ kind: 'paragraph', text: caption }] }
}

const withLine = (content: Content, line: string): Content =>
  typeof content === 'string' ? `${content} (${line})` : [...content, { kind: 'text', text: ` (${line})` }]
