import type { Content, Inline } from '../document.ts'
import type { CitedWork, Numbering } from '../numbering.ts'
import { escapeHtml } from './escape.ts'
import { mathMl } from './math.ts'

/** A value of a run that a page shows: its expression, and where that took it from. */
export type ShownValue = Extract<Inline, { kind: 'value' }>

/** What the parts of one page share, and what they leave for its end. */
export interface Page {
  readonly numbering: Numbering
  readonly isDraft: boolean
  /** How often each work is cited so far: a list of references leads back to each place. */
  readonly uses: Map<CitedWork, number>
  /** Values shown so far, by expression: the page says at its end where each comes from. Absent where it does not, as on slides. */
  readonly values?: Map<string, ShownValue>
  /** Whether anything needs the style of formulas. */
  hasMath: boolean
}

/** Words as HTML. */
export const wordsHtml = (content: Content, page: Page): string =>
  typeof content === 'string' ? escapeHtml(content) : content.map((part) => inlineHtml(part, page)).join('')

function inlineHtml(i: Inline, page: Page): string {
  switch (i.kind) {
    case 'text':
      return escapeHtml(i.text)
    case 'strong':
      return `<strong>${wordsHtml(i.children, page)}</strong>`
    case 'emphasis':
      return `<em>${wordsHtml(i.children, page)}</em>`
    case 'code':
      return `<code>${escapeHtml(i.text)}</code>`
    case 'link':
      return RUNS.test(i.href)
        ? wordsHtml(i.children, page)
        : `<a href="${escapeHtml(i.href)}">${wordsHtml(i.children, page)}</a>`
    case 'math':
      page.hasMath = true
      return mathMl(i.tex)
    case 'citation':
      return `[${page.numbering
        .works(i.keys)
        .map((work) => citation(work, page))
        .join(', ')}]`
    case 'crossReference': {
      const { anchor, text } = page.numbering.target(i.target)
      return `<a href="#${escapeHtml(anchor)}">${escapeHtml(text)}</a>`
    }
    case 'value': {
      if (page.values === undefined) return `<span title="${escapeHtml(i.source)}">${escapeHtml(i.text)}</span>`
      page.values.set(i.expression, i)
      const at = [...page.values.keys()].indexOf(i.expression) + 1
      return `<a class="value" href="#value-${at}" title="${escapeHtml(i.source)}">${escapeHtml(i.text)}</a>`
    }
    case 'break':
      return '<br>'
  }
}

/** Addresses that run something, where others lead somewhere. */
const RUNS = /^[\s\p{Cc}]*(?:j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t|vbscript|data)\s*:/iu

function citation(work: CitedWork, page: Page): string {
  const use = (page.uses.get(work) ?? 0) + 1
  page.uses.set(work, use)
  const { number, anchor, reference } = work
  return `<a id="${citationAnchor(work, use)}" href="#${anchor}" title="${escapeHtml(reference.title)}">${number}</a>`
}

export const citationAnchor = ({ number }: CitedWork, use: number): string => `citation-${number}-${use}`
