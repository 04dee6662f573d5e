import { alignedTable } from '../alignedTable.ts'
import { type Block, type Content, plainText } from '../document.ts'
import { escapeHtml } from '../html/escape.ts'

export type TableBlock = Extract<Block, { readonly kind: 'table' | 'facts' }>

/** Names and values are a table without heads. */
const gridOf = (block: TableBlock): Omit<Extract<Block, { readonly kind: 'table' }>, 'kind'> =>
  block.kind === 'table'
    ? block
    : { caption: block.caption, columns: [{ title: '' }, { title: '' }], rows: block.facts }

/**
 * A table as a cell of a notebook shows it: styles are on the cells themselves, since front ends drop those of the page.
 *
 * @param words how a cell's content is written as HTML
 */
export function tableHtml(
  block: TableBlock,
  words: (content: Content) => string = (content) => escapeHtml(plainText(content)),
): string {
  const { caption, columns, rows } = gridOf(block)
  const style = (column: number): string => {
    const side = columns[column]?.kind === 'number' ? 'right' : 'left'
    return ` style="text-align:${side}${columns[column]?.kind === 'word' ? ';white-space:nowrap' : ''}"`
  }
  const top = words(caption)
  const head = columns.every(({ title }) => title === '')
    ? ''
    : `<thead><tr>${columns.map(({ title }, c) => `<th scope="col"${style(c)}>${escapeHtml(title)}</th>`).join('')}</tr></thead>\n`
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, c) => (c === 0 ? `<th scope="row"${style(c)}>${words(cell)}</th>` : `<td${style(c)}>${words(cell)}</td>`)).join('')}</tr>`,
  )
  return `<table>\n${top === '' ? '' : `<caption style="text-align:left">${top}</caption>\n`}${head}<tbody>\n${body.join('\n')}\n</tbody>\n</table>`
}

/** A table as words alone, columns apart by spaces. */
export function tableText(block: TableBlock): string {
  const { caption, columns, rows } = gridOf(block)
  const heads = columns.map(
    ({ title, kind }) => ({ head: title, align: kind === 'number' ? 'right' : 'left' }) as const,
  )
  const drawn = alignedTable(
    heads,
    rows.map((row) => row.map(plainText)),
  )
  const top = plainText(caption)
  return top === '' ? drawn.replace(/^\n/, '') : `${top}\n${drawn.replace(/^\n/, '')}`
}
