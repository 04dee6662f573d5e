/** A cell of a table: text, or a number already written as a reader should see it. */
export type Cell = string

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

/** A part of a section. */
export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  /** A statement that must not be overlooked. */
  | { readonly kind: 'notice'; readonly tone: 'info' | 'warning'; readonly text: string }
  | {
      readonly kind: 'headline'
      readonly value: string
      readonly label: string
      readonly detail?: string
    }
  | {
      readonly kind: 'table'
      readonly caption: string
      readonly columns: readonly Column[]
      /** The first cell of each row is its heading. */
      readonly rows: readonly (readonly Cell[])[]
    }
  /** Names and values, two columns. */
  | { readonly kind: 'facts'; readonly caption: string; readonly facts: readonly (readonly [string, string])[] }
  | { readonly kind: 'figure'; readonly picture: Picture; readonly caption: string }
  | { readonly kind: 'gallery'; readonly items: readonly GalleryItem[]; readonly caption: string }
  /** A list of other pages; one without `href` is not there. */
  | {
      readonly kind: 'links'
      readonly caption: string
      readonly items: readonly { readonly text: string; readonly detail: string; readonly href?: string }[]
    }
  | { readonly kind: 'code'; readonly text: string }

/** A heading and what stands under it. */
export interface Section {
  readonly title: string
  readonly blocks: readonly Block[]
}

/** A document, apart from how it is set: HTML here, other formats from the same values. */
export interface ReportDocument {
  readonly title: string
  /** A line under the title. */
  readonly subtitle?: string
  /** BCP 47. Default `en`. */
  readonly lang?: string
  /** What stands before the first section. */
  readonly lead: readonly Block[]
  readonly sections: readonly Section[]
}
