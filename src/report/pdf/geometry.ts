/** How a document is set on paper. */
export interface PageOptions {
  /** Default `a4`. */
  readonly paper?: 'a4' | 'us-letter'
  /** Default 1. With 2, tables and pictures that cannot be read in a column go over both. */
  readonly columns?: 1 | 2
  /** In points; default 10 for one column, 9 for two. */
  readonly fontSize?: number
}

/** Sizes of a page in points (1/72 inch). */
export interface Geometry {
  readonly width: number
  readonly height: number
  readonly margin: { readonly x: number; readonly y: number }
  /** Between columns. */
  readonly gutter: number
  readonly columns: 1 | 2
  readonly fontSize: number
  /** What a draft has beside its page for findings: the page itself breaks as it will without them. */
  readonly notes: number
}

const CENTIMETRE = 72 / 2.54
const PAPERS = { a4: { width: 21 * CENTIMETRE, height: 29.7 * CENTIMETRE }, 'us-letter': { width: 612, height: 792 } }

export function geometryOf({ paper = 'a4', columns = 1, fontSize }: PageOptions, isDraft: boolean): Geometry {
  return {
    ...PAPERS[paper],
    margin: columns === 1 ? { x: 2 * CENTIMETRE, y: 2.2 * CENTIMETRE } : { x: 1.6 * CENTIMETRE, y: 2 * CENTIMETRE },
    gutter: 0.6 * CENTIMETRE,
    columns,
    fontSize: fontSize ?? (columns === 1 ? 10 : 9),
    notes: isDraft ? 5.2 * CENTIMETRE : 0,
  }
}

/** Room for text: over all columns, and in one. */
export function roomOf({ width, height, margin, gutter, columns }: Geometry) {
  const whole = width - 2 * margin.x
  return { whole, column: (whole - (columns - 1) * gutter) / columns, height: height - 2 * margin.y }
}
