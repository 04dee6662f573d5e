import bibtexParse from 'bibtex-parse'
import * as z from 'zod'
import { UsageError } from '../../../errors.ts'
import type { Reference } from '../../document.ts'
import { named } from '../frontMatter.ts'
import { latexText } from './latexText.ts'

const piece = z.object({ value: z.union([z.string(), z.number()]), datatype: z.string() })
const field = z.object({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.array(piece)]),
  datatype: z.string(),
})
const items = z.array(
  z.discriminatedUnion('itemtype', [
    z.object({ itemtype: z.literal('entry'), type: z.string(), key: z.string(), fields: z.array(field) }),
    z.looseObject({
      itemtype: z.literal('string'),
      name: z.string(),
      value: z.union([z.string(), z.number(), z.array(piece)]),
    }),
    z.object({ itemtype: z.literal('comment') }),
    z.object({ itemtype: z.literal('preamble') }),
  ]),
)

type Field = z.infer<typeof field>

/** What BibTeX calls works, as CSL does. */
const TYPES: Readonly<Record<string, string>> = {
  article: 'article-journal',
  book: 'book',
  inbook: 'chapter',
  incollection: 'chapter',
  inproceedings: 'paper-conference',
  conference: 'paper-conference',
  phdthesis: 'thesis',
  mastersthesis: 'thesis',
  techreport: 'report',
  online: 'webpage',
  misc: 'webpage',
  software: 'software',
}

/** Three letters of a month stand for its name. */
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * The works of a BibTeX file.
 *
 * @throws UsageError naming what cannot be read; keys that are there twice
 *
 * @example
 * readBibtex('@book{b, title = {Deep Learning}, author = {Prince, Simon J. D.}, year = 2023}')
 */
export function readBibtex(text: string): Reference[] {
  const found = items.safeParse(parsed(text))
  if (!found.success) throw new UsageError(`it holds what is not BibTeX: ${found.error.issues[0]?.message}`)
  const strings = new Map<string, string>(MONTHS.map((month) => [month, month]))
  const references: Reference[] = []
  for (const item of found.data) {
    if (item.itemtype === 'string') strings.set(item.name.toLowerCase(), joined(item.value, strings))
    if (item.itemtype !== 'entry') continue
    if (references.some(({ id }) => id === item.key)) throw new UsageError(`the key "${item.key}" is there twice`)
    references.push(referenceOf(item.type.toLowerCase(), item.key, item.fields, strings))
  }
  return references
}

function parsed(text: string): unknown {
  try {
    return bibtexParse.parse(text)
  } catch {
    const entry = brokenEntry(text)
    throw new UsageError(
      `it cannot be read${entry === undefined ? '' : ` from the entry "${entry}" on`}: is a brace or a comma missing?`,
    )
  }
}

/** The first entry that does not parse alone. */
function brokenEntry(text: string): string | undefined {
  const starts = Array.from(text.matchAll(/^[ \t]*@\w+\s*[{(]\s*([^,\s]*)/gm))
  for (const [i, match] of starts.entries()) {
    try {
      bibtexParse.parse(text.slice(match.index, starts[i + 1]?.index ?? text.length))
    } catch {
      return match[1]
    }
  }
  return undefined
}

function joined(value: Field['value'], strings: ReadonlyMap<string, string>, datatype = 'braced'): string {
  if (Array.isArray(value)) return value.map((one) => joined(one.value, strings, one.datatype)).join('')
  if (datatype === 'identifier') return strings.get(String(value).toLowerCase()) ?? String(value)
  return String(value)
}

function referenceOf(
  type: string,
  id: string,
  fields: readonly Field[],
  strings: ReadonlyMap<string, string>,
): Reference {
  const raw = new Map(fields.map(({ name, value, datatype }) => [name.toLowerCase(), joined(value, strings, datatype)]))
  const text = (...names: readonly string[]): string | undefined => {
    const found = names.map((name) => raw.get(name)).find((one) => one !== undefined && one.trim() !== '')
    return found === undefined ? undefined : latexText(found)
  }
  const title = text('title')
  if (title === undefined) throw new UsageError(`the entry "${id}" has no title`)
  const year = Number(/\d{4}/.exec(text('year', 'date') ?? '')?.[0] ?? Number.NaN)
  const entries = {
    containerTitle: text('journal', 'journaltitle', 'booktitle', 'howpublished'),
    publisher: text('publisher', 'school', 'institution', 'organization'),
    volume: text('volume'),
    issue: text('number', 'issue'),
    page: text('pages'),
    doi: text('doi')?.replace(/^https?:\/\/(dx\.)?doi\.org\//, ''),
    url:
      raw.get('url')?.replaceAll(/[{}\\]/g, '') ??
      (raw.has('eprint') ? `https://arxiv.org/abs/${raw.get('eprint')}` : undefined),
  }
  const given: Partial<Reference> = Object.fromEntries(
    Object.entries(entries).filter(([, value]) => value !== undefined),
  )
  return {
    ...{
      id,
      title,
      type: TYPES[type] ?? 'article-journal',
      author: authorsOf(raw.get('author') ?? raw.get('editor') ?? ''),
    },
    ...(Number.isNaN(year) ? {} : { year }),
    ...given,
  }
}

/** Names with `and` between them; one in braces is an organisation's, and "others" are those that are not named. */
const authorsOf = (text: string): Reference['author'] =>
  text
    .split(/\s+and\s+(?![^{]*\})/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => (/^\{[\s\S]*\}$/.test(name) ? { family: latexText(name) } : named(latexText(name))))
