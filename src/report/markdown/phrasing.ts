import type { Paragraph, PhrasingContent } from 'mdast'
import type { Content, Inline } from '../document.ts'
import type { Numbering } from '../numbering.ts'

export const text = (value: string): PhrasingContent => ({ type: 'text', value })
export const strong = (...children: PhrasingContent[]): PhrasingContent => ({ type: 'strong', children })
export const paragraph = (children: PhrasingContent[]): Paragraph => ({ type: 'paragraph', children })

/** A place to which links lead. */
export const anchor = (id: string): PhrasingContent => ({ type: 'html', value: `<a id="${attribute(id)}"></a>` })

/** A value between the quotation marks of a tag. */
export const attribute = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replace(/\s+/g, ' ')

/** A line as a tree of Markdown's own kinds: its writer knows what must be escaped. */
export const phrasing = (content: Content, numbering: Numbering): PhrasingContent[] =>
  typeof content === 'string' ? [text(content)] : content.flatMap((inline) => inlineOf(inline, numbering))

function inlineOf(inline: Inline, numbering: Numbering): PhrasingContent[] {
  switch (inline.kind) {
    case 'text':
    case 'value':
      return [text(inline.text)]
    case 'strong':
    case 'emphasis':
      return [{ type: inline.kind, children: phrasing(inline.children, numbering) }]
    case 'code':
      return [{ type: 'inlineCode', value: inline.text }]
    case 'link':
      return [{ type: 'link', url: inline.href, children: phrasing(inline.children, numbering) }]
    case 'math':
      return [{ type: 'inlineMath', value: inline.tex }]
    case 'citation':
      return numbering
        .works(inline.keys)
        .flatMap(({ number, anchor: place }, i) => [
          ...(i === 0 ? [] : [text(', ')]),
          { type: 'link', url: `#${place}`, children: [text(`[${number}]`)] },
        ])
    case 'crossReference': {
      const { text: name, anchor: place } = numbering.target(inline.target)
      return [{ type: 'link', url: `#${place}`, children: [text(name)] }]
    }
    case 'break':
      return [{ type: 'break' }]
  }
}
