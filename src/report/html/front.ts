import type { Author, ReportDocument } from '../document.ts'
import { blocksHtml } from './blocks.ts'
import { escapeHtml } from './escape.ts'
import { findingsHtml } from './findings.ts'
import { type Page, wordsHtml } from './inlines.ts'

/** Title, authors, abstract, and what stands before the first section. */
export function frontHtml(
  { title, subtitle, authors = [], abstract, lead, findings = [] }: ReportDocument,
  page: Page,
): string {
  return [
    `<h1>${escapeHtml(title)}</h1>`,
    subtitle === undefined ? '' : `<p class="subtitle">${escapeHtml(subtitle)}</p>`,
    authors.length === 0 ? '' : authorsHtml(authors),
    page.isDraft && findings.length > 0 ? findingsHtml(findings) : '',
    abstract === undefined
      ? ''
      : `<section class="abstract" aria-labelledby="abstract">\n<h2 id="abstract">Abstract</h2>\n<p>${wordsHtml(abstract, page)}</p>\n</section>`,
    blocksHtml(lead, page),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

export const authorsHtml = (authors: readonly Author[]): string =>
  `<ul class="authors">\n${authors.map(authorHtml).join('\n')}\n</ul>`

function authorHtml({ name, affiliation, email, id }: Author): string {
  const lines = [
    `<strong>${escapeHtml(name)}</strong>${id === undefined ? '' : ` (${escapeHtml(id)})`}`,
    ...(affiliation === undefined ? [] : [escapeHtml(affiliation)]),
    ...(email === undefined ? [] : [`<a href="mailto:${escapeHtml(email)}">${escapeHtml(email)}</a>`]),
  ]
  return `<li>${lines.join('<br>')}</li>`
}
