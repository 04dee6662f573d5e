import type { Finding, Severity } from '../../audit/finding.ts'
import { escapeHtml } from './escape.ts'

/** A mark and a word: colour alone tells nothing to some. */
const MARKS: Readonly<Record<Severity, readonly [mark: string, word: string]>> = {
  error: ['✕', 'Error'],
  warning: ['▲', 'Warning'],
  note: ['●', 'Note'],
}

/** What an audit found, for the margin. */
export const findingsHtml = (findings: readonly Finding[]): string =>
  `<div class="findings" role="note">\n${findings.map(findingHtml).join('\n')}\n</div>`

function findingHtml({ severity, check, saw, why, mend }: Finding): string {
  const [mark, word] = MARKS[severity]
  return `<p class="finding ${severity}"><strong><span aria-hidden="true">${mark}</span> ${word}</strong> <code>${escapeHtml(check)}</code><br>${escapeHtml(saw)} <span>${escapeHtml(why)}</span> <em>${escapeHtml(mend)}</em></p>`
}
