import type { ReportDocument, Section } from './document.ts'
import { referencesHtml, valuesHtml } from './html/back.ts'
import { blocksHtml } from './html/blocks.ts'
import { escapeHtml } from './html/escape.ts'
import { frontHtml } from './html/front.ts'
import type { Page } from './html/inlines.ts'
import { mathStyle } from './html/math.ts'
import { PROSE_STYLE } from './html/proseStyle.ts'
import { STYLE_SHEET } from './html/style.ts'
import { numberDocument } from './numbering.ts'

/**
 * A document as one HTML file that asks for nothing else: style, pictures and numbers are inside it. Light or dark with the reader's
 * screen, plain on paper; headings in order, alternative text on every picture, headings on every table's rows and columns.
 *
 * @throws UsageError for a formula that is no LaTeX, and for a citation or a cross-reference of what is not there
 *
 * @example
 * await writeFile('report.html', renderHtml({ title: 'Hello', lead: [], sections: [] }))
 */
export function renderHtml(given: ReportDocument): string {
  const numbering = numberDocument(given)
  const { document } = numbering
  const { title, lang = 'en', isDraft = false, sections, appendix = [] } = document
  const page: Page = { numbering, isDraft, uses: new Map(), values: new Map(), hasMath: false }
  const front = frontHtml(document, page)
  const body = sections.map((section) => sectionHtml(section, page))
  // Before the references, which lead back to all that cites them.
  const appended = appendix.map((section) => sectionHtml(section, page))
  const parts = [`<header>\n${front}\n</header>`, ...body, referencesHtml(page), ...appended, valuesHtml(page)]
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
${[STYLE_SHEET, PROSE_STYLE, ...(page.hasMath ? [mathStyle()] : [])].join('\n')}
</style>
</head>
<body${isDraft ? ' class="draft"' : ''}>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`
}

function sectionHtml(section: Section, page: Page): string {
  const label = page.numbering.labelOf(section)
  if (label === undefined) throw new Error(`the section "${section.title}" is not of the document that was numbered`)
  const { kind, number, anchor, text } = label
  const isAppendix = kind === 'appendix'
  const before = number === '' ? '' : `<span class="no">${isAppendix ? `${text}.` : number}</span> `
  const id = escapeHtml(anchor)
  return `<section${isAppendix ? ' class="appendix"' : ''} aria-labelledby="${id}">\n<h2 id="${id}">${before}${escapeHtml(section.title)}</h2>\n${blocksHtml(section.blocks, page)}\n</section>`
}
