import { type Block, type Content, plainText, type Section } from '../document.ts'
import type { Label, Numbering } from '../numbering.ts'
import { firstSentence } from './sentence.ts'
import { isShown, shown, type Visual } from './visual.ts'

/** What is shown at one time, and what is said to it. */
export interface Slide {
  /** `title` has the document's title and authors, `references` the works cited; `picture` shows one thing as large as it can. */
  readonly layout: 'title' | 'text' | 'picture' | 'references'
  readonly title: string
  /** Of which section it is, where its title is that of a heading under one. */
  readonly section?: string
  /** Of the section or heading that it begins. */
  readonly anchor?: string
  readonly blocks: readonly Block[]
  /** Of the figure or table that it shows. */
  readonly label?: Label
  /** What the speaker says: whole paragraphs of which the slide has the first sentences, and the document's notes. */
  readonly notes: readonly Block[]
  /** After the end, for questions: of the appendix. */
  readonly isBackup: boolean
}

/** How a document becomes slides. */
export interface SlideOptions {
  /** Which headings begin a slide: 1 sections, 2 headings under them too (default), 3 all. */
  readonly level?: 1 | 2 | 3
  /** Whether a PDF has a page of notes after each slide that has any. Default false: the speaker's view of the HTML has them. */
  readonly notes?: boolean
}

/** Lines of bullets that a slide has room for, and letters in one. */
const [LINES, LETTERS] = [9, 78]

/**
 * A document as slides: its title and authors, then one slide or more for each section and heading. Of a paragraph the first sentence is
 * shown and the whole is said; a figure, a table or a gallery has a slide for itself, with its caption and the one sentence that stands
 * with it; lists, formulas, headlines and notices are shown as they are. Links to other files are left out, because a talk has none beside
 * it. The works that are cited come last, and after them the appendix.
 *
 * @example
 * slidesOf(numberDocument(document)).map(({ title }) => title)
 */
export function slidesOf(numbering: Numbering, { level = 2 }: SlideOptions = {}): Slide[] {
  const { title, abstract, lead, sections, appendix = [], lang = 'en', isDraft = false } = numbering.document
  const maker = { level, lang, isDraft, labelOf: numbering.labelOf }
  const said: Block[] = abstract === undefined ? [] : [{ kind: 'paragraph', text: abstract }]
  return [
    { layout: 'title', title, blocks: [], notes: said, isBackup: false },
    ...sectionSlides({ title: 'At a glance', blocks: lead }, maker, false),
    ...sections.flatMap((section) => sectionSlides(section, maker, false)),
    ...(numbering.cited.length > 0 ? [REFERENCES] : []),
    ...appendix.flatMap((section) => sectionSlides(section, maker, true)),
  ]
}

const REFERENCES: Slide = { layout: 'references', title: 'References', blocks: [], notes: [], isBackup: false }

interface Making {
  readonly level: 1 | 2 | 3
  readonly lang: string
  readonly isDraft: boolean
  readonly labelOf: Numbering['labelOf']
}

/** What stands under one heading. */
interface Part {
  readonly title: string
  readonly section?: string
  readonly anchor?: string
  readonly blocks: readonly Block[]
}

function sectionSlides(section: Section, making: Making, isBackup: boolean): Slide[] {
  return partsOf(section, making).flatMap(({ title, section: of, anchor, blocks }) =>
    partSlides(blocks, making).map((slide, i) => ({
      ...{ title, isBackup },
      ...(of !== undefined && { section: of }),
      ...(anchor !== undefined && i === 0 && { anchor }),
      ...slide,
    })),
  )
}

/** A section, cut where a heading begins a slide; headings that begin none stay as lines. */
function partsOf(section: Section, making: Making): Part[] {
  const anchored = (part: Block | Section) => {
    const anchor = making.labelOf(part)?.anchor
    return anchor === undefined ? {} : { anchor }
  }
  const parts: (Part & { readonly blocks: Block[] })[] = [{ title: section.title, ...anchored(section), blocks: [] }]
  for (const block of opened(section.blocks, making.isDraft)) {
    if (block.kind === 'heading' && block.level < making.level)
      parts.push({ title: block.title, section: section.title, ...anchored(block), blocks: [] })
    else parts.at(-1)?.blocks.push(block)
  }
  return parts
}

/** The author's own words stand among the others; in a draft, so does what is asked of them. */
function opened(blocks: readonly Block[], isDraft: boolean): readonly Block[] {
  return blocks.flatMap((block): readonly Block[] => {
    if (block.kind !== 'own') return [block]
    if (block.blocks.length > 0) return opened(block.blocks, isDraft)
    return isDraft
      ? [{ kind: 'paragraph', text: [{ kind: 'emphasis', children: [{ kind: 'text', text: block.prompt }] }] }]
      : []
  })
}

type Made = Pick<Slide, 'layout' | 'blocks' | 'notes' | 'label'>

/** A block as it stands on a slide of text, the lines that it takes, and what is said to it. */
interface Line {
  readonly block: Block
  readonly height: number
  readonly notes: readonly Block[]
}

function partSlides(blocks: readonly Block[], { lang, labelOf }: Making): Made[] {
  const made: Made[] = []
  let lines: Line[] = []
  const finish = (): void => {
    made.push(...textSlides(lines))
    lines = []
  }
  for (const block of blocks) {
    if (block.kind === 'notes') {
      const last = lines.at(-1)
      const before = made.at(-1)
      if (last !== undefined) lines[lines.length - 1] = { ...last, notes: [...last.notes, ...block.blocks] }
      else if (before !== undefined) made[made.length - 1] = { ...before, notes: [...before.notes, ...block.blocks] }
      continue
    }
    if (!isShown(block)) {
      lines.push(...lineOf(block, lang))
      continue
    }
    // One sentence goes with what it leads to; more of them come first.
    const [only] = lines
    const message = lines.length === 1 && only?.block.kind === 'list' ? only : undefined
    if (message === undefined) finish()
    lines = []
    const label = labelOf(block)
    made.push(...shown(block, lang).map((visual, i) => pictureSlide(visual, label, i, i === 0 ? message : undefined)))
  }
  const [only] = lines
  const last = made.at(-1)
  // What is said after a picture, in one sentence, is said with it.
  if (lines.length === 1 && only?.block.kind === 'list' && last?.layout === 'picture' && last.blocks.length === 1)
    made[made.length - 1] = { ...last, blocks: [...last.blocks, only.block], notes: [...last.notes, ...only.notes] }
  else finish()
  return made
}

/** @param part which slide of the picture it is, from 0: links lead to the first */
function pictureSlide(
  { block, notes }: Visual,
  label: Label | undefined,
  part: number,
  message: Line | undefined,
): Made {
  const anchored = label && part > 0 ? { ...label, anchor: `${label.anchor}-${part + 1}` } : label
  return {
    layout: 'picture',
    blocks: message === undefined ? [block] : [message.block, block],
    notes: [...(message?.notes ?? []), ...notes],
    ...(anchored !== undefined && { label: anchored }),
  }
}

/** Lines over as many slides as they need, evenly; bullets in a row are one list. */
function textSlides(lines: readonly Line[]): Made[] {
  const whole = lines.reduce((sum, { height }) => sum + height, 0)
  const room = whole / Math.ceil(whole / LINES)
  const slides: Line[][] = []
  let height = Number.POSITIVE_INFINITY
  for (const line of lines) {
    if (height + line.height / 2 > room) {
      slides.push([])
      height = 0
    }
    slides.at(-1)?.push(line)
    height += line.height
  }
  return slides.map((on) => ({
    layout: 'text',
    blocks: joined(on.map(({ block }) => block)),
    notes: on.flatMap(({ notes }) => notes),
  }))
}

function joined(blocks: readonly Block[]): Block[] {
  const together: Block[] = []
  for (const block of blocks) {
    const last = together.at(-1)
    if (last?.kind === 'list' && block.kind === 'list' && !last.ordered && !block.ordered)
      together[together.length - 1] = { ...last, items: [...last.items, ...block.items] }
    else together.push(block)
  }
  return together
}

const heightOf = (text: Content): number => Math.ceil(plainText(text).length / LETTERS)

const bullet = (text: Content): Block => ({ kind: 'list', ordered: false, items: [[{ kind: 'paragraph', text }]] })

function lineOf(block: Block, lang: string): Line[] {
  switch (block.kind) {
    case 'paragraph': {
      const first = firstSentence(block.text, lang)
      const isAll = plainText(first).length >= plainText(block.text).trimEnd().length
      return [{ block: bullet(first), height: heightOf(first), notes: isAll ? [] : [block] }]
    }
    case 'list':
      return [listLine(block, lang)]
    case 'heading':
      return [{ block, height: 1, notes: [] }]
    case 'equation':
    case 'headline':
      return [{ block, height: 2, notes: [] }]
    case 'notice': {
      const text = firstSentence(block.text, lang)
      return [{ block: { ...block, text }, height: heightOf(text) + 1, notes: text === block.text ? [] : [block] }]
    }
    case 'quote':
      return block.blocks.flatMap((inside) => lineOf(inside, lang))
    default:
      return []
  }
}

/** Of each item the first sentence; an item of more is said. A list too long for a slide ends with how many items there are more. */
function listLine(block: Extract<Block, { kind: 'list' }>, lang: string): Line {
  const firsts = block.items.map((item): Block[] => {
    const [first] = item
    if (first?.kind !== 'paragraph') return first === undefined ? [] : [first]
    return [{ ...first, text: firstSentence(first.text, lang) }]
  })
  const heights = firsts.map(([first]) => (first?.kind === 'paragraph' ? heightOf(first.text) : 1))
  let [fit, height] = [0, 0]
  for (const each of heights) {
    if (height + each > LINES) break
    height += each
    fit += 1
  }
  const left = firsts.length - fit
  const more: Block[][] = left === 0 ? [] : [[{ kind: 'paragraph', text: `… and ${left} more` }]]
  const isWhole = left === 0 && block.items.every((item, i) => item.length === 1 && sameWords(item[0], firsts[i]?.[0]))
  return { block: { ...block, items: [...firsts.slice(0, fit), ...more] }, height, notes: isWhole ? [] : [block] }
}

const sameWords = (a: Block | undefined, b: Block | undefined): boolean =>
  a === b || (a?.kind === 'paragraph' && b?.kind === 'paragraph' && plainText(a.text) === plainText(b.text))
