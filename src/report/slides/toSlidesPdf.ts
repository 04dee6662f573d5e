import type { Block, ReportDocument } from '../document.ts'
import { type Numbering, numberDocument } from '../numbering.ts'
import { compileTypst } from '../pdf/compile.ts'
import type { Geometry } from '../pdf/geometry.ts'
import type { Pdf } from '../pdf/toPdf.ts'
import { type Setting, typesetBlocks } from '../pdf/typesetBlock.ts'
import { typesetWork } from '../pdf/words.ts'
import { onSlide, overTitle } from './labels.ts'
import { type Slide, type SlideOptions, slidesOf } from './slidesOf.ts'
import { SLIDES_TEMPLATE } from './template.ts'
import { isShown } from './visual.ts'

/** 16 to 9, in points. */
const SLIDE: Geometry = {
  ...{ width: 960, height: 540, margin: { x: 48, y: 36 } },
  ...{ gutter: 0, columns: 1, fontSize: 22, notes: 0 },
}

export interface SlidesPdfOptions extends SlideOptions {
  /** What the file says of its making; default: now. Equal documents of one date have equal bytes. */
  readonly date?: Date
}

/**
 * The slides of a document as PDF, one a page, 16 to 9, tagged: for those who read, and for machines without a browser.
 *
 * @throws UsageError for a formula that cannot be set, and a cross-reference or citation of what is not there
 *
 * @example
 * const { bytes, pages } = await toSlidesPdf(document, { date: new Date(manifest.finishedAt) })
 */
export async function toSlidesPdf(
  given: ReportDocument,
  { date = new Date(), ...options }: SlidesPdfOptions = {},
): Promise<Pick<Pdf, 'bytes' | 'pages' | 'warnings'>> {
  const numbering = numberDocument(given)
  const { title, subtitle = null, authors = [], lang = 'en' } = numbering.document
  const [used, there] = [new Set<string>(), new Set<string>()]
  const seen = watched(numbering, used, there)
  const setting: Setting = {
    numbering: seen,
    geometry: SLIDE,
    isDraft: false,
    wide: new Set(),
    files: new Map(),
    warnings: [],
  }
  const slides = slidesOf(numbering, options).map((slide) => {
    for (const anchor of [slide.anchor, slide.label?.anchor]) if (anchor !== undefined) there.add(anchor)
    return typesetSlide(slide, setting, options)
  })
  const json = JSON.stringify({
    ...{ title, subtitle, lang: lang.split('-')[0], page: SLIDE },
    authors: authors.map(({ name, affiliation = null, email = null, id = null }) => ({ name, affiliation, email, id })),
    date: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
    slides,
    references: numbering.cited.map((work) => typesetWork(work, numbering)),
    hidden: [...used].filter((anchor) => !there.has(anchor)),
  })
  const files = new Map<string, string | Uint8Array>([['document.json', json], ...setting.files])
  const { bytes, pages } = await compileTypst({ template: SLIDES_TEMPLATE, files, date, title })
  return { bytes, pages, warnings: setting.warnings }
}

/** Keeps which places are linked to, and which are on slides: a link to what is left out must not lead nowhere. */
const watched = (numbering: Numbering, used: Set<string>, there: Set<string>): Numbering => ({
  ...numbering,
  labelOf(part) {
    const label = numbering.labelOf(part)
    if (label !== undefined) there.add(label.anchor)
    return label
  },
  target(id) {
    const label = numbering.target(id)
    used.add(label.anchor)
    return label
  },
})

function typesetSlide(slide: Slide, setting: Setting, { notes = false }: SlideOptions) {
  const { layout, title, anchor = null, blocks } = slide
  const own: Setting = { ...setting, numbering: onSlide(slide, setting.numbering) }
  const set = (some: readonly Block[]) => typesetBlocks(some, own).map(underTitle)
  const at = blocks.findIndex(isShown)
  return {
    ...{ layout, title, anchor, of: overTitle(slide) },
    ...(layout === 'picture'
      ? { above: set(blocks.slice(0, at)), shown: set(blocks.slice(at, at + 1))[0], below: set(blocks.slice(at + 1)) }
      : { blocks: set(blocks) }),
    notes: notes ? set(slide.notes) : [],
  }
}

/** Levels of headings must not have gaps: what is under a slide's title comes next to it. */
const underTitle = (block: object): object =>
  'kind' in block && block.kind === 'heading' ? { ...block, level: 1 } : block
