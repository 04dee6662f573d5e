import { type Block, type Content, plainText } from '../document.ts'
import type { Label } from '../numbering.ts'
import { escapeHtml } from './escape.ts'
import { type Page, wordsHtml } from './inlines.ts'

/** What stands before a caption: `Table 2.`, set apart. */
export const captionHtml = (caption: Content, label: Label | undefined, page: Page): string =>
  `${label === undefined ? '' : `<strong class="label">${label.text}.</strong> `}${wordsHtml(caption, page)}`

/** The place that a link leads to. */
export const anchorOf = (label: Label | undefined): string =>
  label === undefined ? '' : ` id="${escapeHtml(label.anchor)}"`

/** Wide tables scroll inside their own frame, which the keyboard can reach. */
const scroll = (caption: Content, label: Label | undefined, inside: string): string =>
  `<div class="scroll"${anchorOf(label)} tabindex="0" role="region" aria-label="${escapeHtml(
    `${label === undefined ? '' : `${label.text}. `}${plainText(caption)}`,
  )}">${inside}</div>`

export function tableHtml(
  { caption, columns, rows }: Extract<Block, { kind: 'table' }>,
  label: Label | undefined,
  page: Page,
): string {
  const cls = (i: number) => {
    const kind = columns[i]?.kind ?? 'text'
    return kind === 'text' ? '' : ` class="${kind}"`
  }
  const top = captionHtml(caption, label, page)
  const head = columns
    .map(({ title }, i) => (title === '' ? '<td></td>' : `<th scope="col"${cls(i)}>${escapeHtml(title)}</th>`))
    .join('')
  const body = rows.map(
    (row) =>
      `<tr>${row
        .map((cell, i) => {
          const inside = wordsHtml(cell, page)
          // A heading without words heads nothing.
          return i === 0 && inside !== '' ? `<th scope="row"${cls(i)}>${inside}</th>` : `<td${cls(i)}>${inside}</td>`
        })
        .join('')}</tr>`,
  )
  return scroll(
    caption,
    label,
    `<table>\n<caption><span>${top}</span></caption>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`,
  )
}

export function factsHtml(
  { caption, facts }: Extract<Block, { kind: 'facts' }>,
  label: Label | undefined,
  page: Page,
): string {
  const top = captionHtml(caption, label, page)
  const body = facts.map(
    ([name, value]) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${wordsHtml(value, page)}</td></tr>`,
  )
  return scroll(
    caption,
    label,
    `<table class="facts">\n<caption><span>${top}</span></caption>\n<tbody>\n${body.join('\n')}\n</tbody>\n</table>`,
  )
}
