import type { Finding } from '../audit/finding.ts'

/** A part of a line. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly href: string; readonly children: readonly Inline[] }
  /** A formula in LaTeX, without its dollars. */
  | { readonly kind: 'math'; readonly tex: string }
  /** Keys of `ReportDocument.references`, cited together. */
  | { readonly kind: 'citation'; readonly keys: readonly string[] }
  /** The id of a figure, table, equation or section of the document: "Figure 2". */
  | { readonly kind: 'crossReference'; readonly target: string }
  /** What a reference to a run gave: as it is written, from which expression, and where that took it from. */
  | { readonly kind: 'value'; readonly text: string; readonly expression: string; readonly source: string }
  | { readonly kind: 'break' }

/** Words: plain, or with parts that are more than words. */
export type Content = string | readonly Inline[]

/** A cell of a table: words, or a number already written as a reader should see it. */
export type Cell = Content

/** Columns of a table: `number` columns are set to the right, in digits of equal width; a `word` is never broken. */
export interface Column {
  readonly title: string
  readonly kind?: 'text' | 'number' | 'word'
}

/** A picture: SVG text, or PNG bytes (drawn pixel by pixel, never smoothed). */
export type Picture =
  | { readonly svg: string; readonly alt: string }
  | { readonly png: Uint8Array; readonly alt: string; readonly width?: number }

/** One picture of a gallery, with its words under it. */
export interface GalleryItem {
  readonly picture: Picture
  readonly lines: readonly string[]
}

/** What a cross-reference points at has an id, such as `fig:curves`. */
interface Labelled {
  readonly id?: string
}

/** What stands in a block. */
type BlockBody =
  | { readonly kind: 'paragraph'; readonly text: Content }
  /** A heading under a section's: level 1 is next under it. */
  | ({ readonly kind: 'heading'; readonly level: 1 | 2; readonly title: string } & Labelled)
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  /** A formula in LaTeX on a line of its own. */
  | ({ readonly kind: 'equation'; readonly tex: string } & Labelled)
  /** A statement that must not be overlooked. */
  | { readonly kind: 'notice'; readonly tone: 'info' | 'warning'; readonly text: Content }
  | {
      readonly kind: 'headline'
      readonly value: string
      readonly label: string
      readonly detail?: string
    }
  | ({
      readonly kind: 'table'
      readonly caption: Content
      readonly columns: readonly Column[]
      /** The first cell of each row is its heading. */
      readonly rows: readonly (readonly Cell[])[]
    } & Labelled)
  /** Names and values, two columns. */
  | ({
      readonly kind: 'facts'
      readonly caption: Content
      readonly facts: readonly (readonly [name: string, value: Content])[]
    } & Labelled)
  | ({
      readonly kind: 'figure'
      readonly picture: Picture
      readonly caption: Content
      /** As a share of the column; default: as wide as the picture is, but no wider than the column. */
      readonly width?: number
    } & Labelled)
  | ({ readonly kind: 'gallery'; readonly items: readonly GalleryItem[]; readonly caption: Content } & Labelled)
  /** A list of other pages; one without `href` is not there. */
  | {
      readonly kind: 'links'
      readonly caption: string
      readonly items: readonly { readonly text: string; readonly detail: string; readonly href?: string }[]
    }
  | { readonly kind: 'code'; readonly text: string; readonly language?: string }
  /** Where the author writes in words of their own; empty, it shows `prompt` in drafts and nothing else. */
  | { readonly kind: 'own'; readonly id: string; readonly prompt: string; readonly blocks: readonly Block[] }
  /** What is said, not shown, when the slide is up: in slides alone. */
  | { readonly kind: 'notes'; readonly blocks: readonly Block[] }

/** A part of a section. */
export type Block = BlockBody & {
  /** The expression that gave this block, as a source writes it: `figure('curves', group('cnn'))`. */
  readonly origin?: string
  /** What an audit has against it: shown in the margin of drafts. */
  readonly findings?: readonly Finding[]
}

/** A table whose caption and cells are words alone: it can be printed in a terminal and saved as CSV. */
export type PlainTable = Omit<Extract<Block, { kind: 'table' }>, 'caption' | 'rows'> & {
  readonly caption: string
  readonly rows: readonly (readonly string[])[]
}

/** A heading and what stands under it. */
export interface Section extends Labelled {
  readonly title: string
  readonly blocks: readonly Block[]
}

export interface Author {
  readonly name: string
  readonly affiliation?: string
  readonly email?: string
  /** A student's number. */
  readonly id?: string
}

/** A work that is cited: names and meanings of CSL-JSON. */
export interface Reference {
  /** By which it is cited. */
  readonly id: string
  /** CSL's types: `article-journal`, `paper-conference`, `book`, `thesis`, `webpage`, … */
  readonly type: string
  readonly title: string
  readonly author: readonly { readonly family: string; readonly given?: string }[]
  readonly year?: number
  /** Journal, proceedings, or book that it is in. */
  readonly containerTitle?: string
  readonly publisher?: string
  readonly volume?: string
  readonly issue?: string
  readonly page?: string
  readonly doi?: string
  readonly url?: string
}

/** A document, apart from how it is set: HTML, PDF, a notebook, slides and Markdown come from the same values. */
export interface ReportDocument {
  readonly title: string
  /** A line under the title. */
  readonly subtitle?: string
  readonly authors?: readonly Author[]
  readonly abstract?: Content
  /** BCP 47. Default `en`. */
  readonly lang?: string
  /** What stands before the first section. */
  readonly lead: readonly Block[]
  readonly sections: readonly Section[]
  /** After the references; its pages are not counted against a limit. */
  readonly appendix?: readonly Section[]
  /** Those that are cited are listed. */
  readonly references?: readonly Reference[]
  /** A draft shows findings in its margin, and where its author's words are missing. */
  readonly isDraft?: boolean
  /** What an audit has against the document as a whole. */
  readonly findings?: readonly Finding[]
}

/** Content as words alone: a formula as its LaTeX, a citation as its keys. */
export function plainText(content: Content): string {
  if (typeof content === 'string') return content
  return content.map(inlineText).join('')
}

function inlineText(inline: Inline): string {
  switch (inline.kind) {
    case 'text':
    case 'code':
    case 'value':
      return inline.text
    case 'strong':
    case 'emphasis':
    case 'link':
      return plainText(inline.children)
    case 'math':
      return inline.tex
    case 'citation':
      return `[${inline.keys.join(', ')}]`
    case 'crossReference':
      return inline.target
    case 'break':
      return ' '
  }
}
