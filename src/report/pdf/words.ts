import { referenceEntry } from '../bibliography/entry.ts'
import type { Content, Inline } from '../document.ts'
import type { CitedWork, Numbering } from '../numbering.ts'
import { typstMath } from './math.ts'

/** A part of a line as the template reads it. */
export type TypesetInline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly TypesetInline[] }
  | { readonly kind: 'link'; readonly href: string | null; readonly children: readonly TypesetInline[] }
  | { readonly kind: 'math'; readonly typst: string; readonly tex: string }
  /** Links within the document: `[1, 2]`, or `Figure 2`. */
  | { readonly kind: 'citation'; readonly works: readonly { readonly text: string; readonly anchor: string }[] }
  | { readonly kind: 'crossReference'; readonly text: string; readonly anchor: string }
  | { readonly kind: 'break' }

/** Words as the template reads them: formulas in Typst's language, references as what they point at. */
export const typesetWords = (content: Content, numbering: Numbering): readonly TypesetInline[] =>
  typeof content === 'string'
    ? [{ kind: 'text', text: content }]
    : content.map((inline) => typesetInline(inline, numbering))

function typesetInline(inline: Inline, numbering: Numbering): TypesetInline {
  switch (inline.kind) {
    case 'text':
    case 'code':
      return { kind: inline.kind, text: inline.text }
    case 'value':
      return { kind: 'text', text: inline.text }
    case 'strong':
    case 'emphasis':
      return { kind: inline.kind, children: typesetWords(inline.children, numbering) }
    case 'link':
      return { kind: 'link', href: onPaper(inline.href), children: typesetWords(inline.children, numbering) }
    case 'math':
      return { kind: 'math', typst: typstMath(inline.tex), tex: inline.tex }
    case 'citation':
      return {
        kind: 'citation',
        works: numbering.works(inline.keys).map(({ number, anchor }) => ({ text: String(number), anchor })),
      }
    case 'crossReference': {
      const { text, anchor } = numbering.target(inline.target)
      return { kind: 'crossReference', text, anchor }
    }
    case 'break':
      return { kind: 'break' }
  }
}

/** A work of the list of references. */
export const typesetWork = ({ number, anchor, reference }: CitedWork, numbering: Numbering) => ({
  number: `[${number}]`,
  anchor,
  words: typesetWords(referenceEntry(reference), numbering),
})

/** Files beside a page are not beside a PDF that was handed in. */
export const onPaper = (href: string | undefined): string | null =>
  href !== undefined && /^(https?|mailto):/.test(href) ? href : null
