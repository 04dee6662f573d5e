import { referenceEntry } from '../bibliography/entry.ts'
import { escapeHtml } from './escape.ts'
import { citationAnchor, type Page, wordsHtml } from './inlines.ts'

/** The works that are cited, each with links back to where it is; nothing where none is. */
export function referencesHtml(page: Page): string {
  const { cited } = page.numbering
  if (cited.length === 0) return ''
  const items = cited.map((work) => {
    const uses = page.uses.get(work) ?? 0
    const back = Array.from({ length: uses }, (_, i) => {
      const where = uses === 1 ? 'Back to where it is cited' : `Back to citation ${i + 1} of ${uses}`
      return `<a class="back" href="#${citationAnchor(work, i + 1)}" aria-label="${where}: ${escapeHtml(work.reference.title)}">↩</a>`
    })
    return `<li id="${work.anchor}">${wordsHtml(referenceEntry(work.reference), page)} ${back.join(' ')}</li>`
  })
  return `<section aria-labelledby="references">\n<h2 id="references">References</h2>\n<ol class="references">\n${items.join('\n')}\n</ol>\n</section>`
}

/** Where each value in the text comes from: what hovering shows, for those who do not hover. */
export function valuesHtml({ values }: Page): string {
  if (values === undefined || values.size === 0) return ''
  const rows = [...values.values()].map(
    ({ text, expression, source }, i) =>
      `<tr id="value-${i + 1}"><th scope="row" class="number">${escapeHtml(text)}</th><td>${escapeHtml(source)}</td><td><code>${escapeHtml(expression)}</code></td></tr>`,
  )
  return `<details class="sources">\n<summary>Where the numbers in the text come from</summary>\n<div class="scroll" tabindex="0" role="region" aria-label="Sources of numbers"><table>\n<thead><tr><th scope="col" class="number">number</th><th scope="col">from</th><th scope="col">expression</th></tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>\n</details>`
}
