import type { PhrasingContent } from 'mdast'
import { UsageError } from '../../errors.ts'
import type { Inline } from '../document.ts'
import { evaluate, type Records, type Value } from '../references/index.ts'
import { type Masked, restored, unmasked } from './mask.ts'
import { problem } from './problem.ts'

/** What was put into a write-up, and where. */
export interface Used {
  readonly expression: string
  readonly text: string
  readonly source: string
  readonly runs: readonly string[]
  readonly line: number
}

/** What a source is read with. */
export interface Reading {
  readonly file: string
  readonly masked: Masked
  readonly records: Records
  /** Gathers values in their order. */
  readonly used: Used[]
  /** Ids that are pointed at, and keys that are cited, with their lines. */
  readonly targets: { readonly id: string; readonly line: number }[]
  readonly cited: { readonly key: string; readonly line: number }[]
  /** Ids that are given. */
  readonly ids: Map<string, number>
}

/** A node's line in the file. */
export const lineOf = (
  { masked }: Reading,
  node: { readonly position?: { readonly start: { readonly offset?: number | undefined } } | undefined },
): number => masked.lineAt(node.position?.start.offset ?? 0)

/** What stands in a line. */
export async function inlines(nodes: readonly PhrasingContent[], reading: Reading): Promise<Inline[]> {
  const all: Inline[] = []
  for (const node of nodes) all.push(...(await inline(node, reading)))
  return joined(all)
}

async function inline(node: PhrasingContent, reading: Reading): Promise<Inline[]> {
  const { parts } = reading.masked
  switch (node.type) {
    case 'text':
      // Where a line of the source ends, a line of the report need not.
      return words(node.value.replaceAll(/\s*\n\s*/g, ' '), lineOf(reading, node), reading)
    case 'strong':
      return [{ kind: 'strong', children: await inlines(node.children, reading) }]
    case 'emphasis':
      return [{ kind: 'emphasis', children: await inlines(node.children, reading) }]
    case 'inlineCode':
      return [{ kind: 'code', text: restored(node.value, parts) }]
    case 'inlineMath':
      return [{ kind: 'math', tex: restored(node.value, parts) }]
    case 'link':
      return [{ kind: 'link', href: restored(node.url, parts), children: await inlines(node.children, reading) }]
    case 'break':
      return [{ kind: 'break' }]
    case 'html':
      if (/^<!--[\s\S]*-->$/.test(node.value)) return []
      throw problem(
        { file: reading.file, line: lineOf(reading, node) },
        `raw HTML is not passed on, as no other format could show it: ${node.value}; write < as \\<, or in \`code\``,
      )
    case 'image':
      throw problem(
        { file: reading.file, line: lineOf(reading, node) },
        'a picture stands in a paragraph of its own, as ![caption](file) or {{ figure(…) }}',
      )
    default:
      throw problem(
        { file: reading.file, line: lineOf(reading, node) },
        `${NAMES[node.type] ?? node.type} cannot be shown in every format: say it in a line`,
      )
  }
}

const NAMES: Readonly<Record<string, string>> = {
  footnoteReference: 'a footnote',
  delete: 'struck text',
  linkReference: 'a link by reference',
  imageReference: 'a picture by reference',
}

/** Citations `[@a; @b]`, cross-references `@fig:x`, and `[@fig:x]` too. */
const MARKS =
  /\[(@[^\s;\]]+(?:\s*;\s*@[^\s;\]]+)*)\]|@((?:fig|tab|eq|sec|app):[\p{L}\p{N}_-]+(?:[.:][\p{L}\p{N}_-]+)*)/gu
const IS_TARGET = /^(?:fig|tab|eq|sec|app):/

async function words(text: string, line: number, reading: Reading): Promise<Inline[]> {
  const all: Inline[] = []
  for (const piece of unmasked(text)) {
    if (typeof piece === 'number') all.push(await valueInline(piece, reading))
    else all.push(...marked(piece, line, reading))
  }
  return all
}

function marked(text: string, line: number, { targets, cited }: Reading): Inline[] {
  const all: Inline[] = []
  let from = 0
  for (const match of text.matchAll(MARKS)) {
    all.push({ kind: 'text', text: text.slice(from, match.index) })
    from = match.index + match[0].length
    const names = (match[1] ?? `@${match[2]}`).split(';').map((name) => name.trim().slice(1))
    const keys = names.filter((name) => !IS_TARGET.test(name))
    for (const target of names.filter((name) => IS_TARGET.test(name))) {
      targets.push({ id: target, line })
      all.push({ kind: 'crossReference', target })
    }
    for (const key of keys) cited.push({ key, line })
    if (keys.length > 0) all.push({ kind: 'citation', keys })
  }
  all.push({ kind: 'text', text: text.slice(from) })
  return all.filter((one) => one.kind !== 'text' || one.text !== '')
}

async function valueInline(number: number, reading: Reading): Promise<Inline> {
  const { value, expression, line } = await evaluated(number, reading)
  if (value.kind === 'blocks')
    throw problem(
      { file: reading.file, line },
      `{{ ${expression} }} gives a table or a figure: it belongs into a paragraph of its own`,
    )
  const { text, source, runs }: Value = value.value
  reading.used.push({ expression, text, source, runs, line })
  return { kind: 'value', text, expression, source }
}

/** The value of an expression, or an error with its place. */
export async function evaluated(number: number, { masked, records, file }: Reading) {
  const part = masked.parts[number]
  if (part === undefined) throw new Error('what is masked is in the list')
  const { inside: expression, line } = part
  try {
    return { expression, line, value: await evaluate(expression, records) }
  } catch (error) {
    if (error instanceof UsageError) throw problem({ file, line }, `{{ ${expression} }}: ${error.message}`)
    throw error
  }
}

/** Words beside each other as one. */
function joined(all: readonly Inline[]): Inline[] {
  const out: Inline[] = []
  for (const one of all) {
    const before = out.at(-1)
    if (one.kind === 'text' && before?.kind === 'text')
      out[out.length - 1] = { kind: 'text', text: before.text + one.text }
    else out.push(one)
  }
  return out
}
