import { createHash } from 'node:crypto'
import { ownMark } from '../source/ownWords.ts'

/** What an author wrote at a place of their own. */
export interface OwnWords {
  readonly id: string
  readonly prompt: string
  /** All between the lines of the marks, as it is. */
  readonly words: string
}

/** A body in two: what was generated, and the words between its marks. */
export interface PartedBody {
  /** Lines that are no one's own words, those of the marks included, with the places of words as numbers. */
  readonly pieces: readonly (string | number)[]
  readonly own: readonly OwnWords[]
  /** What the generated part was when it was written; none where no draft wrote it. */
  readonly hash?: string
}

const HASH = /^<!-- assay draft ([0-9a-f]{64}) -->$/
const FENCE = /^ {0,3}(`{3,}|~{3,})(.*)$/
const bare = (line: string): string => line.replace(/\r?\n$/, '')

/** Reads a body. Marks inside fenced code of own words are words. */
export function partBody(body: string): PartedBody {
  const lines = body.match(/[^\n]*\n|[^\n]+$/g) ?? []
  const pieces: (string | number)[] = []
  const own: OwnWords[] = []
  let hash: string | undefined
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? ''
    const mark = ownMark(bare(line))
    const end = mark?.kind === 'begin' ? endOf(lines, i + 1) : undefined
    const hashed = HASH.exec(bare(line))?.[1]
    if (hashed !== undefined) hash = hashed
    else if (mark?.kind === 'begin' && end !== undefined) {
      pieces.push(line, own.length)
      own.push({ id: mark.id, prompt: mark.prompt, words: lines.slice(i + 1, end).join('') })
      i = end - 1
    } else pieces.push(line)
  }
  return { pieces, own, ...(hash !== undefined && { hash }) }
}

/** The line that ends own words: the first that is not in fenced code; where a fence does not end before other words begin, the first. */
function endOf(lines: readonly string[], from: number): number | undefined {
  let fence: string | undefined
  let first: number | undefined
  for (let i = from; i < lines.length; i += 1) {
    const line = bare(lines[i] ?? '')
    const [, marks, rest = ''] = FENCE.exec(line) ?? []
    const mark = ownMark(line)?.kind
    if (mark === 'begin' && first !== undefined) return first
    if (mark === 'end') {
      first ??= i
      if (fence === undefined) return i
    } else if (marks !== undefined && fence === undefined) {
      // What opens with back-ticks and has more of them behind is code in a line.
      if (!(marks.startsWith('`') && rest.includes('`'))) fence = marks
    } else if (marks?.startsWith(fence ?? ' ') && rest.trim() === '') fence = undefined
  }
  return first
}

/** Hash of the generated part: line ends, and empty lines above and below it, are an editor's. */
function hashOf(pieces: readonly (string | number)[]): string {
  const text = pieces.map((piece) => (typeof piece === 'number' ? '' : piece)).join('')
  return createHash('sha256').update(text.replaceAll('\r\n', '\n').trim()).digest('hex')
}

/** Whether the generated part was changed by hand; where no draft wrote it, it was. */
export const isChanged = ({ pieces, hash }: PartedBody): boolean => hashOf(pieces) !== hash

/** Where words go whose place is gone. */
const KEPT_TITLE = '# Words kept from an earlier draft'

/**
 * A new body with the words of an old one in their places, byte for byte; words whose place is gone stand at the end, with their marks.
 */
export function withWords(body: string, old: readonly OwnWords[]): string {
  const { pieces, own } = partBody(body)
  const left = [...old]
  const filled: (string | number)[] = []
  const words: string[] = []
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      filled.push(piece)
      continue
    }
    const at = left.findIndex(({ id }) => id === own[piece]?.id)
    const [found] = at < 0 ? [] : left.splice(at, 1)
    filled.push(words.length)
    words.push(found?.words ?? own[piece]?.words ?? '')
  }
  const rest = left.filter(({ words: text }) => text.trim() !== '')
  const taken = new Set(own.map(({ id }) => id))
  if (rest.length > 0) filled.push(`\n${KEPT_TITLE}\n`)
  for (const { id, prompt, words: text } of rest) {
    filled.push(`\n<!-- own: ${freeId(id, taken)} "${prompt}" -->\n`, words.length, '<!-- /own -->\n')
    words.push(text)
  }
  const whole = filled.map((piece) => (typeof piece === 'number' ? (words[piece] ?? '') : piece)).join('')
  return `${whole}\n<!-- assay draft ${hashOf(filled)} -->\n`
}

/** An id that no other words of the file have. */
function freeId(id: string, taken: Set<string>): string {
  let free = id
  for (let n = 2; taken.has(free); n += 1) free = `${id}-${n}`
  taken.add(free)
  return free
}
