import type { Facts } from '../facts/facts.ts'

/** A part of a text that its author did not type as words. */
export interface Span {
  readonly start: number
  readonly end: number
  /** A value of a reference, code or a formula, a citation, or the mention of a figure, table, equation or section. */
  readonly kind: 'value' | 'quiet' | 'citation' | 'mention'
  /** Of a value: what gave it. */
  readonly expression?: string
}

/** A sentence with the parts of it that were not typed. */
export interface Sentence {
  readonly text: string
  readonly spans: readonly Span[]
}

/** What numbers in a section are: results, which come from runs; how they were made; or what others found. */
export type Role = 'results' | 'method' | 'background'

/** A paragraph, a caption, a cell that was typed: what is read as one. */
export interface Passage {
  /** By which a finding says where it is. */
  readonly id: string
  /** Title of the section. */
  readonly section: string
  readonly role: Role
  /** Words of the section that no one typed, such as a table of references, are read for what they say but not held against the runs. */
  readonly isGenerated: boolean
  readonly sentences: readonly Sentence[]
}

/** A figure or table that can be referred to. */
export interface LabelledBlock {
  readonly id: string
  readonly kind: 'figure' | 'table'
  /** Passage, or block, that it is. */
  readonly where: string
}

/** A place for the author's own words. */
export interface OwnPlace {
  readonly id: string
  readonly prompt: string
  readonly isEmpty: boolean
  readonly where: string
}

/** A write-up as plain data, and what is known of the runs that it refers to. */
export interface Manuscript {
  readonly isDraft: boolean
  readonly passages: readonly Passage[]
  readonly labelled: readonly LabelledBlock[]
  /** Ids that are mentioned. */
  readonly mentions: ReadonlySet<string>
  readonly own: readonly OwnPlace[]
  readonly facts: Facts
  /** Numbers that tables and values of references show, as texts. */
  readonly shown: readonly string[]
}

/** A part of a passage before it is split into sentences. */
export type Part = string | (Omit<Span, 'start' | 'end'> & { readonly text: string })

/** Where one sentence ends and the next begins. */
const BREAK = /(?<=[.!?…]["”’)]?)\s+(?=[\p{Lu}\p{N}("“‘])/gu
const ABBREVIATION = /(?:\b(?:e\.g|i\.e|cf|vs|al|approx|ca|Figs?|Eqs?|Secs?|Tabs?|No|Ch|St|Dr|Prof|resp|incl|pp?)\.)$/i

/**
 * Text as sentences; what was not typed never ends one.
 *
 * @example
 * sentencesOf(['It reaches ', { kind: 'value', text: '99.1%', expression: "run('a').test.accuracy" }, '. Good.']).length // 2
 */
export function sentencesOf(parts: readonly Part[]): Sentence[] {
  let text = ''
  const spans: Span[] = []
  for (const part of parts) {
    const own = typeof part === 'string' ? part : part.text
    if (typeof part !== 'string') {
      const { text: _, ...rest } = part
      spans.push({ ...rest, start: text.length, end: text.length + own.length })
    }
    text += own
  }
  const sentences: Sentence[] = []
  let start = 0
  const cut = (end: number, next: number): void => {
    if (text.slice(start, end).trim() !== '')
      sentences.push({
        text: text.slice(start, end),
        spans: spans
          .filter((span) => span.start >= start && span.end <= end)
          .map((span) => ({ ...span, start: span.start - start, end: span.end - start })),
      })
    start = next
  }
  for (const { index, 0: gap } of text.matchAll(BREAK)) {
    const isInside = spans.some((span) => index >= span.start && index < span.end)
    if (!isInside && !ABBREVIATION.test(text.slice(start, index))) cut(index, index + gap.length)
  }
  cut(text.length, text.length)
  return sentences
}

const BACKGROUND =
  /\b(introduction|background|related|literature|previous work|theory|motivation|goals?|objectives?|aims?|attribution|acknowledge?ments?|references|licen[cs]es?|future work)\b/i
const METHOD =
  /\b(data(?: ?sets?)?|methods?|methodology|set-?up|models?|architectures?|implementation|training|hyper-?parameters?|reproducib\w+|procedure|approach|preprocessing|pre-processing|budget)\b/i
const RESULTS = /\b(results?|evaluation|discussion|conclusions?|findings|analysis|comparison|ablation|summary)\b/i

/** What the numbers of a section are, by its titles, the innermost first; of unknown ones results: there a wrong number does harm. */
export function roleOf(...titles: readonly string[]): Role {
  for (const title of titles) {
    if (RESULTS.test(title)) return 'results'
    if (BACKGROUND.test(title)) return 'background'
    if (METHOD.test(title)) return 'method'
  }
  return 'results'
}

/** Whether all of a range was typed as words. */
export const isTyped = ({ spans }: Sentence, start: number, end: number): boolean =>
  !spans.some((span) => span.start < end && span.end > start)

export const isCited = ({ spans }: Sentence): boolean => spans.some(({ kind }) => kind === 'citation')

/** Whether a sentence tells what was thought, asked or wished, not what was found. */
export const isExpectation = ({ text }: Sentence): boolean =>
  /\b(expect(?:ed|s|ation|ations)?|hypothes\w+|assum(?:e|ed|ing)|should|would|might|could|target|goal is|aim(?:s|ed)?|if|whether|predict(?:ed)? that)\b/i.test(
    text,
  ) || /\?["”’)]*\s*$/.test(text)
