import { problem } from './problem.ts'

/** Signs of Unicode's private use, which no text has: what stands between them is a number into a list. */
const [OPEN, CLOSE] = ['\uE000', '\uE001'] as const

/** What was taken out of a text before Markdown could read it otherwise. */
export interface Masked {
  readonly text: string
  /** An expression, in the order of their numbers. */
  readonly parts: readonly Part[]
  /** The line of a place in `text`, in the file. */
  lineAt(offset: number): number
}

export interface Part {
  readonly kind: 'expression' | 'label'
  /** Between the braces. */
  readonly inside: string
  /** With them, as it stood there. */
  readonly source: string
  readonly line: number
}

const LABEL = /^\$\$[ \t]*\{#([^}\s]+)\}[ \t]*$/gm

/**
 * Takes expressions `{{ … }}` and the labels of equations `$$ {#eq:x}` out of Markdown: stars and underlines in them are no emphasis.
 *
 * @param first line of the file on which the text begins
 */
export function mask(text: string, file: string, first: number): Masked {
  const parts: Part[] = []
  /** Where pieces of the masked text begin, there and in the source. */
  const pieces: { readonly at: number; readonly from: number }[] = []
  const lineOf = (offset: number): number => first + count(text.slice(0, offset), '\n')
  const labels = new Map(Array.from(text.matchAll(LABEL), (match) => [match.index, match]))
  let out = ''
  let from = 0
  const copy = (to: number): void => {
    pieces.push({ at: out.length, from })
    out += text.slice(from, to)
  }
  for (let i = 0; i < text.length; ) {
    const label = labels.get(i)
    if (label !== undefined) {
      copy(i)
      out += `$$\n${OPEN}${parts.length}${CLOSE}\n`
      parts.push({ kind: 'label', inside: label[1] ?? '', source: label[0], line: lineOf(i) })
      from = i += label[0].length
    } else if (text.startsWith('{{', i)) {
      const end = endOf(text, i + 2)
      if (end === undefined)
        throw problem({ file, line: lineOf(i) }, 'an expression begins with {{ and does not end with }}')
      copy(i)
      out += `${OPEN}${parts.length}${CLOSE}`
      parts.push({
        kind: 'expression',
        inside: text.slice(i + 2, end).trim(),
        source: text.slice(i, end + 2),
        line: lineOf(i),
      })
      from = i = end + 2
    } else i += 1
  }
  copy(text.length)
  return {
    text: out,
    parts,
    lineAt: (offset) => {
      const piece = pieces.findLast(({ at }) => at <= offset)
      return lineOf(piece === undefined ? 0 : piece.from + offset - piece.at)
    },
  }
}

/** Where the braces close that are not within texts or options. */
function endOf(text: string, from: number): number | undefined {
  let depth = 0
  let quote = ''
  for (let i = from; i < text.length; i += 1) {
    const sign = text[i] ?? ''
    if (quote !== '') {
      if (sign === '\\') i += 1
      else if (sign === quote) quote = ''
    } else if (sign === "'" || sign === '"') quote = sign
    else if (sign === '{') depth += 1
    else if (sign === '}' && depth > 0) depth -= 1
    else if (sign === '}' && text[i + 1] === '}') return i
    else if (sign === '}') return undefined
  }
  return undefined
}

const count = (text: string, sign: string): number => text.split(sign).length - 1

/** A text with what was masked in turn: words, and numbers of parts. */
export function unmasked(text: string): (string | number)[] {
  return text
    .split(new RegExp(`(${OPEN}\\d+${CLOSE})`))
    .filter((piece) => piece !== '')
    .map((piece) => (piece.startsWith(OPEN) ? Number(piece.slice(1, -1)) : piece))
}

/** A text as it stood in the source. */
export const restored = (text: string, parts: readonly Part[]): string =>
  unmasked(text)
    .map((piece) => (typeof piece === 'number' ? (parts[piece]?.source ?? '') : piece))
    .join('')
