import type { Inline, Reference } from '../document.ts'

/** Beyond this many authors only the first is named (IEEE Reference Guide, 2023). */
const MOST_AUTHORS = 6

const text = (words: string): Inline => ({ kind: 'text', text: words })
const italic = (words: string): Inline => ({ kind: 'emphasis', children: [text(words)] })

/**
 * A work as an entry of a list of references in the style of the IEEE: authors by initials, title, where it appeared, when, and a link.
 * What is not known is left out. Style: https://journals.ieeeauthorcenter.ieee.org/wp-content/uploads/sites/7/IEEE_Reference_Guide.pdf
 *
 * @example
 * referenceEntry({ id: 'adam', type: 'paper-conference', title: 'Adam', author: [{ family: 'Ba', given: 'Jimmy' }], year: 2015 })
 * // J. Ba, “Adam,” 2015.
 */
export function referenceEntry(reference: Reference): readonly Inline[] {
  const { author, year, doi, url } = reference
  const parts = [...(author.length === 0 ? [] : [[text(names(author))]]), ...body(reference)]
  if (year !== undefined) parts.push([text(String(year))])
  const address = doi === undefined ? url : `https://doi.org/${doi}`
  const link: Inline[] =
    address === undefined
      ? []
      : [
          text(doi === undefined ? ' Available: ' : ' doi: '),
          { kind: 'link', href: address, children: [text(doi ?? address)] },
        ]
  return merged([...joined(parts), ...link])
}

/** Title and where it appeared, by type. */
function body(reference: Reference): Inline[][] {
  const { type, title, containerTitle, publisher } = reference
  const place = publisher === undefined ? [] : [[text(publisher)]]
  switch (type) {
    case 'book':
      return [[italic(title)], ...place, ...pages(reference)]
    case 'thesis':
      return [[text(quoted(title))], [text('thesis')], ...place]
    case 'article-journal':
    case 'article':
    case 'article-magazine':
      return [
        [text(quoted(title))],
        ...(containerTitle === undefined ? place : [[italic(containerTitle)]]),
        ...volume(reference),
        ...pages(reference),
      ]
    case 'webpage':
    case 'post-weblog':
    case 'software':
    case 'dataset':
      return [[text(quoted(title))], ...(containerTitle === undefined ? [] : [[italic(containerTitle)]]), ...place]
    default:
      return [
        [text(quoted(title))],
        ...(containerTitle === undefined ? [] : [[text('in '), italic(containerTitle)]]),
        ...volume(reference),
        ...place,
        ...pages(reference),
      ]
  }
}

const volume = ({ volume: v, issue }: Reference): Inline[][] => [
  ...(v === undefined ? [] : [[text(`vol. ${v}`)]]),
  ...(issue === undefined ? [] : [[text(`no. ${issue}`)]]),
]

function pages({ page }: Reference): Inline[][] {
  if (page === undefined) return []
  const range = page.replace(/\s*(?:--?|–)\s*/g, '–')
  return [[text(`${/[–,]/.test(range) ? 'pp.' : 'p.'} ${range}`)]]
}

/** A title in quotation marks; the mark that follows it goes inside them. */
const quoted = (title: string): string => `“${title.replace(/\.$/, '')}”`

/** Parts with commas between them and a full stop after the last, both inside quotation marks, and neither after ? and !. */
function joined(parts: readonly (readonly Inline[])[]): Inline[] {
  return parts.flatMap((part, i) => {
    const [mark, gap] = i === parts.length - 1 ? ['.', ''] : [',', ' ']
    const last = part.at(-1)
    if (last?.kind !== 'text') return [...part, text(mark + gap)]
    const inQuotes = last.text.endsWith('”')
    const words = inQuotes ? last.text.slice(0, -1) : last.text
    const isClosed = /[?!]$/.test(words) || (mark === '.' && words.endsWith('.'))
    return [...part.slice(0, -1), text(`${words}${isClosed ? '' : mark}${inQuotes ? '”' : ''}${gap}`)]
  })
}

/** Words that stand side by side as one. */
function merged(inlines: readonly Inline[]): Inline[] {
  const out: Inline[] = []
  for (const inline of inlines) {
    const last = out.at(-1)
    if (last?.kind === 'text' && inline.kind === 'text') out[out.length - 1] = text(last.text + inline.text)
    else out.push(inline)
  }
  return out
}

function names(author: Reference['author']): string {
  const all = author.map(({ family, given }) => (given === undefined ? family : `${initials(given)} ${family}`))
  // As BibTeX says that there are more than it names.
  if (all.at(-1) === 'others') return `${all.slice(0, -1).join(', ')} et al.`
  if (all.length > MOST_AUTHORS) return `${all[0]} et al.`
  if (all.length <= 2) return all.join(' and ')
  return `${all.slice(0, -1).join(', ')}, and ${all.at(-1)}`
}

/** `Jean-Luc P.` as `J.-L. P.` */
const initials = (given: string): string =>
  given
    .split(/[\s.]+/)
    .filter((name) => name !== '')
    .map((name) =>
      name
        .split('-')
        .filter((part) => part !== '')
        .map((part) => `${Array.from(part)[0]}.`)
        .join('-'),
    )
    .join(' ')
