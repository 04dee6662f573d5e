import { type Document, isMap, isNode, LineCounter, parseDocument } from 'yaml'
import * as z from 'zod'
import { missingName } from '../../data/table/names.ts'
import { problem } from './problem.ts'

const author = z.union([
  z
    .string()
    .min(1)
    .transform((name) => ({ name })),
  z.strictObject({
    name: z.string().min(1),
    affiliation: z.string().exactOptional(),
    email: z.string().exactOptional(),
    id: z.union([z.string(), z.number()]).transform(String).exactOptional(),
  }),
])

/** A work as it is written by hand: names are `Family, Given`, one a line. */
const reference = z.strictObject({
  id: z.string().regex(/^[^\s@,;\]]+$/, 'a key without spaces'),
  type: z.string().default('article-journal'),
  title: z.string().min(1),
  author: z
    .union([
      z.string(),
      z.array(z.union([z.string(), z.strictObject({ family: z.string(), given: z.string().exactOptional() })])),
    ])
    .default([])
    .transform((authors) => [authors].flat().map((one) => (typeof one === 'string' ? named(one) : one))),
  year: z.number().int().exactOptional(),
  containerTitle: z.string().exactOptional(),
  publisher: z.string().exactOptional(),
  volume: z.union([z.string(), z.number()]).transform(String).exactOptional(),
  issue: z.union([z.string(), z.number()]).transform(String).exactOptional(),
  page: z.union([z.string(), z.number()]).transform(String).exactOptional(),
  doi: z.string().exactOptional(),
  url: z.string().exactOptional(),
})

/** `Family, Given`, or `Given Family`. */
export function named(name: string): { family: string; given?: string } {
  const [family = '', ...rest] = name.split(',').map((part) => part.trim())
  if (rest.length > 0) return { family, given: rest.join(', ') }
  const at = family.lastIndexOf(' ')
  return at < 0 ? { family } : { family: family.slice(at + 1), given: family.slice(0, at) }
}

/** What stands above a write-up, and what `report({ … })` takes beside its body. */
export const frontMatterSchema = z.strictObject({
  title: z.string().min(1),
  subtitle: z.string().exactOptional(),
  /** Names, or names with affiliation, email and id. */
  authors: z.union([author.transform((one) => [one]), z.array(author)]).exactOptional(),
  /** Markdown. */
  abstract: z.string().exactOptional(),
  /** ISO 8601: `2026-11-22`. Default: when the last of the runs ended. */
  date: z.union([z.date(), z.iso.date().transform((text) => new Date(text))]).exactOptional(),
  /** BCP 47. */
  lang: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'a language as BCP 47 writes it, such as en or de-CH')
    .exactOptional(),
  /** A .bib file, from the write-up. */
  bibliography: z.string().exactOptional(),
  references: z.array(reference).exactOptional(),
  /** Folder of runs, from the write-up; default `runs`. */
  runs: z.string().exactOptional(),
  /** Pages that the PDF may have. */
  pages: z.int().positive().exactOptional(),
  columns: z.union([z.literal(1), z.literal(2)]).exactOptional(),
  draft: z.boolean().exactOptional(),
  /** Which headings begin a slide (1 sections, 2 headings under them too, 3 all; default 2), and whether their PDF has pages of notes. */
  slides: z
    .strictObject({
      level: z.union([z.literal(1), z.literal(2), z.literal(3)]).exactOptional(),
      notes: z.boolean().exactOptional(),
    })
    .exactOptional(),
})

export type FrontMatter = z.output<typeof frontMatterSchema>
export type FrontMatterInput = z.input<typeof frontMatterSchema>

/** A source in two. */
export interface Parted {
  readonly front: FrontMatter
  readonly body: string
  /** Line of the file on which the body begins. */
  readonly line: number
}

export const FENCED = /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n?^---[ \t]*(?:\r?\n|$)/m

/**
 * Reads the front matter of a write-up.
 *
 * @throws UsageError naming file, line and what is wrong
 */
export function partFrontMatter(text: string, file: string): Parted {
  const match = FENCED.exec(text)
  if (match === null || match.index !== 0)
    throw problem({ file, line: 1 }, 'there is no front matter: begin with a line ---, then title: … and a line ---')
  const yaml = match[1] ?? ''
  const lines = new LineCounter()
  const parsed = parseDocument(yaml, { lineCounter: lines })
  const [error] = parsed.errors
  if (error !== undefined)
    throw problem(
      { file, line: 1 + lines.linePos(error.pos[0]).line },
      `the front matter is not YAML: ${error.message.split('\n')[0]}`,
    )
  const front = checkedFrontMatter(parsed.toJS(), (path) => ({ file, line: 1 + lineOf(parsed, path, lines) }))
  return { front, body: text.slice(match[0].length), line: 1 + match[0].split('\n').length - 1 }
}

/** @throws UsageError for what is not known or not as it has to be, at its place */
export function checkedFrontMatter(
  value: unknown,
  place: (path: readonly PropertyKey[]) => { readonly file: string; readonly line: number },
): FrontMatter {
  const found = frontMatterSchema.safeParse(value ?? {})
  if (found.success) return found.data
  const [issue] = found.error.issues
  const path = issue?.path ?? []
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const known = path.length === 0 ? Object.keys(frontMatterSchema.shape) : keysAt(path)
    throw problem(
      place([...path, key]),
      missingName(path.length === 0 ? 'the front matter' : path.map(String).join('.'), 'key', key, known),
    )
  }
  if (issue?.code === 'invalid_type' && path.length === 1 && issue.message.endsWith('received undefined'))
    throw problem(place(path), `the front matter has no ${String(path[0])}: add a line ${String(path[0])}: …`)
  throw problem(
    place(path),
    `${path.map(String).join('.') || 'the front matter'} is not as it has to be: ${messageOf(issue)}`,
  )
}

const KEYS: Readonly<Record<string, string[]>> = {
  references: Object.keys(reference.shape),
  slides: ['level', 'notes'],
}
const keysAt = (path: readonly PropertyKey[]): string[] =>
  KEYS[String(path[0])] ?? ['name', 'affiliation', 'email', 'id']

/** The most telling message: of a union that of the branch that came furthest. */
function messageOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code !== 'invalid_union') return issue?.message ?? 'it cannot be read'
  const inner = issue.errors.flat()
  const deepest = inner.toSorted((a, b) => b.path.length - a.path.length)[0]
  if (deepest?.code === 'unrecognized_keys') return `it has no ${deepest.keys.join(', ')}`
  return deepest === undefined ? issue.message : `${deepest.path.join('.')} ${deepest.message}`.trim()
}

/** Line of the YAML on which a value stands, or the nearest thing around it that has a place. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const parent = depth === 1 ? document.contents : document.getIn(path.slice(0, depth - 1), true)
    const key = path[depth - 1]
    const pair = isMap(parent)
      ? parent.items.find((item) => isNode(item.key) && String(item.key) === String(key))
      : undefined
    const node = pair !== undefined && isNode(pair.key) ? pair.key : document.getIn(path.slice(0, depth), true)
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line
  }
  return 1
}
