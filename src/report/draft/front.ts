import { isMap, isSeq, parseDocument, stringify } from 'yaml'
import { UsageError } from '../../errors.ts'
import { FENCED } from '../source/frontMatter.ts'
import type { Work } from './works.ts'

/** What a draft knows for the front matter. */
export interface DraftFront {
  readonly title: string
  /** Folder of runs, from the write-up's. */
  readonly runs: string
  readonly references: readonly Work[]
}

/** The front matter of a first draft, with its lines ---. */
export const newFront = ({ title, runs, references }: DraftFront): string =>
  `---\n${stringify({
    title,
    authors: [{ name: 'Your name', affiliation: 'Your university', email: 'you@example.org', id: 'your number' }],
    runs,
    draft: true,
    references,
  })}---\n`

/**
 * The front matter of an earlier draft: it is the author's and stays as it is, byte for byte, but for works that the body cites by now.
 *
 * @throws UsageError where it is not YAML
 */
export function renewedFront(text: string, front: DraftFront, path: string): string {
  const yaml = FENCED.exec(text)?.[1] ?? ''
  const document = parseDocument(yaml)
  const [error] = document.errors
  if (error !== undefined || !isMap(document.contents))
    throw new UsageError(
      `the front matter of ${path} is not YAML (${error?.message.split('\n')[0] ?? 'no keys'}): mend it`,
    )
  const missing = Object.entries({ title: front.title, runs: front.runs }).filter(([key]) => !document.has(key))
  const known = document.get('references')
  const ids = isSeq(known) ? known.items.map((item) => (isMap(item) ? item.get('id') : undefined)) : []
  const works = front.references.filter(({ id }) => !ids.includes(id))
  if (missing.length === 0 && works.length === 0) return text
  for (const [key, value] of missing) document.set(key, value)
  if (isSeq(known)) for (const work of works) known.add(document.createNode(work))
  else if (works.length > 0) document.set('references', document.createNode(works))
  return `---\n${document.toString({ lineWidth: 0 })}---\n`
}

/** A file in its front matter, fences included, and its body. */
export function partFile(text: string): { readonly front: string; readonly body: string } {
  const match = FENCED.exec(text)
  return match === null || match.index !== 0
    ? { front: '', body: text }
    : { front: match[0], body: text.slice(match[0].length) }
}
