import { type Facts, factsOf } from '../../audit/index.ts'
import { UsageError } from '../../errors.ts'
import type { Run, RunGroup } from '../../runs/index.ts'
import { evaluate, type Records } from '../references/index.ts'
import type { StudyContent } from '../study/index.ts'
import type { Work, WorkId } from './works.ts'
import { WORKS } from './works.ts'

/** What a draft is of. */
export interface DraftSubject {
  readonly title: string
  /** All runs as an expression, and their groups; a study may have none. */
  readonly runs?: { readonly expression: string; readonly groups: readonly RunGroup[] }
  readonly study?: { readonly expression: string; readonly content: StudyContent }
  /** A stored profile of the data as an expression. */
  readonly profile?: string
}

/** What the sections of a draft are written with. */
export interface DraftContext extends DraftSubject {
  readonly groups: readonly RunGroup[]
  readonly all: readonly Run[]
  readonly facts: Facts
  /** `group('cnn')` of all runs; empty where there are none. */
  readonly expression: string
  readonly records: Records
  /** A citation of a work, which is listed then. */
  cite(work: WorkId): string
  /** Works that were cited. */
  works(): readonly Work[]
  /** A text with its expressions; nothing where one of them has no value, as of runs that diverged. */
  said(text: string): Promise<string>
  /** A table or figure in a paragraph of its own; nothing where there is none. */
  block(expression: string): Promise<string>
}

const EXPRESSION = /\{\{(.+?)\}\}/g

/** Whatever a draft writes is evaluated first: what has no value is not written. */
export async function contextOf(subject: DraftSubject, records: Records): Promise<DraftContext> {
  const groups = subject.runs?.groups ?? []
  const all = groups.flatMap((group) => group.runs)
  const summaries = new Map(await Promise.all(all.map(async (run) => [run.id, await records.summary(run)] as const)))
  const cited = new Set<WorkId>()
  const kindOf = (expression: string): Promise<'value' | 'blocks' | undefined> =>
    records.once(`draft ${expression}`, async () => {
      try {
        return (await evaluate(expression, records)).kind
      } catch (error) {
        if (error instanceof UsageError) return undefined
        throw error
      }
    })
  return {
    ...{ ...subject, groups, all, records },
    expression: subject.runs?.expression ?? '',
    facts: factsOf(groups, (id) => summaries.get(id) ?? {}),
    cite: (work) => {
      cited.add(work)
      return `[@${work}]`
    },
    works: () => [...cited].sort().map((id) => ({ id, ...WORKS[id] })),
    said: async (text) => {
      for (const [, expression = ''] of text.matchAll(EXPRESSION))
        if ((await kindOf(expression.trim())) !== 'value') return ''
      return text
    },
    block: async (expression) => ((await kindOf(expression)) === 'blocks' ? `{{ ${expression} }}` : ''),
  }
}

/** A name of the author's as words: nothing in it is taken for Markdown or an expression. */
export const plainName = (name: string): string => name.replace(/[\\`*<{[$|~]/g, (sign) => `\\${sign}`)

/** A place for the author's own words. */
export const ownPlace = (id: string, prompt: string): string =>
  `<!-- own: ${id} "${prompt.replaceAll('"', '”').replaceAll('-->', '→').replace(/\s+/g, ' ')}" -->\n\n<!-- /own -->`

/** Paragraphs of which there is something. */
export const paragraphs = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n\n')

/** A part under a heading, or nothing where nothing is in it. */
export function under(heading: string, parts: readonly string[]): string {
  const body = paragraphs(parts)
  return body === '' ? '' : `${heading}\n\n${body}`
}

/** `a, b and c`. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** A setting of several runs that all have the same; else undefined. */
export function shared<T>(runs: readonly Run[], of: (run: Run) => T): T | undefined {
  const [first, ...rest] = runs.map(of)
  return rest.every((other) => JSON.stringify(other) === JSON.stringify(first)) ? first : undefined
}

/** A block with the sentence that points at it. */
export async function withMention(text: string, id: string, made: Promise<string>): Promise<string> {
  const block = await made
  return block === '' ? '' : `${text} @${id}.\n\n${block}`
}
