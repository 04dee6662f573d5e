import { type Content, type Inline, plainText } from '../document.ts'

/** Letters of a sentence that says something by itself: "Seeds." leads to the next one. */
const FEWEST = 9

/**
 * The first sentence of a paragraph, its formulas, citations and values kept. Where a sentence ends is Unicode's rule (UAX #29), in
 * which "0.98", "e.g. one" and "Fig. 2 shows" end nothing.
 *
 * @param lang BCP 47
 * @example
 * firstSentence('It is 0.98. The rest is noise.') // 'It is 0.98.'
 */
export function firstSentence(content: Content, lang = 'en'): Content {
  const whole = plainText(content)
  let end = 0
  for (const { segment } of new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(whole)) {
    end += segment.length
    if (end >= FEWEST) break
  }
  const isAll = whole.slice(end).trim() === ''
  if (typeof content === 'string') return isAll ? content : content.slice(0, end).trimEnd()
  return isAll ? content : cut(content, end)
}

/** Parts of a line up to a place, counted in letters of their plain text: what has no halves stays whole. */
function cut(parts: readonly Inline[], end: number): Inline[] {
  const kept: Inline[] = []
  let at = 0
  for (const part of parts) {
    if (at >= end) break
    const length = plainText([part]).length
    kept.push(at + length > end ? cutInline(part, end - at) : part)
    at += length
  }
  return trimmed(kept)
}

function cutInline(part: Inline, end: number): Inline {
  switch (part.kind) {
    case 'text':
      return { ...part, text: part.text.slice(0, end) }
    case 'strong':
    case 'emphasis':
    case 'link':
      return { ...part, children: cut(part.children, end) }
    default:
      return part
  }
}

function trimmed(parts: Inline[]): Inline[] {
  const last = parts.at(-1)
  return last?.kind === 'text' ? [...parts.slice(0, -1), { ...last, text: last.text.trimEnd() }] : parts
}
