import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { referenceEntry } from '../bibliography/entry.ts'
import type { Block, ReportDocument } from '../document.ts'
import { blocksHtml } from '../html/blocks.ts'
import { escapeHtml } from '../html/escape.ts'
import { authorsHtml } from '../html/front.ts'
import { type Page, wordsHtml } from '../html/inlines.ts'
import { mathStyle } from '../html/math.ts'
import { numberDocument } from '../numbering.ts'
import { pictureSize } from '../pdf/pictureSize.ts'
import { onSlide, overTitle } from './labels.ts'
import { type Slide, type SlideOptions, slidesOf } from './slidesOf.ts'
import { HEIGHT, SLIDE_STYLE, WIDTH } from './style.ts'

/**
 * A document as slides in one HTML file that asks for nothing else, by reveal.js: arrows and the space bar go on, S opens the speaker's
 * view with notes, clock and the next slide, O the overview, F the whole screen, ? all keys. Light or dark with the screen; printed, one
 * slide a page.
 *
 * @throws UsageError for a formula that is no LaTeX, and a cross-reference or citation of what is not there
 *
 * @example
 * await writeFile('slides.html', await toSlides(document))
 */
export async function toSlides(given: ReportDocument, options: SlideOptions = {}): Promise<string> {
  const numbering = numberDocument(given)
  const { document } = numbering
  const page: Page = { numbering, isDraft: document.isDraft ?? false, uses: new Map(), hasMath: false }
  const slides = slidesOf(numbering, options).map((slide) => slideHtml(slide, document, page))
  const [script, notes, reset, style] = await Promise.all(
    ['reveal.js', 'reveal.js/plugin/notes', 'reveal.js/reset.css', 'reveal.js/reveal.css'].map((file) =>
      readFile(require.resolve(file), 'utf8'),
    ),
  )
  return `<!doctype html>
<html lang="${escapeHtml(document.lang ?? 'en')}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(document.title)}</title>
<style>
${[reset, style, SLIDE_STYLE, ...(page.hasMath ? [mathStyle()] : [])].join('\n')}
</style>
</head>
<body>
<main>
<div class="reveal">
<div class="slides">
${slides.join('\n')}
</div>
</div>
</main>
<script>
${script}
</script>
<script>
${notes}
</script>
<script>
${START}
</script>
</body>
</html>
`
}

const require = createRequire(import.meta.url)

/** Everything is inside; the speaker's view shows the file itself in frames. */
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; frame-src 'self' file:"

/** Slides are given letters that fit first, at their true size, then started. */
const START = `
const root = document.documentElement
// Else reveal.js prints words without their slides.
root.classList.add('measured', 'print-pdf')
for (const body of document.querySelectorAll('.body')) {
  const fits = () => body.scrollHeight <= body.clientHeight + 1 && body.scrollWidth <= body.clientWidth + 1
  for (let share = 100; share >= 40 && !fits(); share -= 5) body.style.fontSize = share + '%'
}
root.classList.remove('measured')
const still = matchMedia('(prefers-reduced-motion: reduce)').matches
Reveal.initialize({ width: ${WIDTH}, height: ${HEIGHT}, margin: 0, center: false, hash: true, slideNumber: 'c/t',
  transition: still ? 'none' : 'slide', transitionSpeed: 'fast', plugins: [RevealNotes] })
`.trim()

function slideHtml(slide: Slide, document: ReportDocument, page: Page): string {
  const own: Page = { ...page, numbering: onSlide(slide, page.numbering) }
  const inside = slide.layout === 'title' ? titleHtml(document) : bodyHtml(slide, own)
  const notes = blocksHtml(slide.notes, own)
  // What is written first has not yet told the page of its formulas.
  page.hasMath ||= own.hasMath
  const id = slide.anchor === undefined ? '' : ` id="${escapeHtml(slide.anchor)}"`
  return `<section class="${slide.layout}"${id}>\n${inside}${notes === '' ? '' : `\n<aside class="notes">${notes}</aside>`}\n</section>`
}

const titleHtml = ({ title, subtitle, authors = [] }: ReportDocument): string =>
  [
    `<h1>${escapeHtml(title)}</h1>`,
    ...(subtitle === undefined ? [] : [`<p class="subtitle">${escapeHtml(subtitle)}</p>`]),
    ...(authors.length === 0 ? [] : [authorsHtml(authors)]),
  ].join('\n')

function bodyHtml(slide: Slide, page: Page): string {
  const { layout, title, blocks } = slide
  const over = overTitle(slide)
  const line = over === '' ? '' : `<p class="of">${escapeHtml(over)}</p>\n`
  const inside = layout === 'references' ? referencesHtml(page) : blocksHtml(blocks.map(scalable), page)
  return `${line}<h2>${escapeHtml(title)}</h2>\n<div class="body">\n${inside}\n</div>`
}

function referencesHtml(page: Page): string {
  const items = page.numbering.cited.map(
    ({ anchor, reference }) => `<li id="${anchor}">${wordsHtml(referenceEntry(reference), page)}</li>`,
  )
  return `<ol>\n${items.join('\n')}\n</ol>`
}

/** A picture that tells its size alone would be cut off, not scaled. */
function scalable(block: Block): Block {
  if (block.kind !== 'figure' || !('svg' in block.picture)) return block
  const { svg, alt } = block.picture
  const [head = ''] = /<svg[^>]*>/.exec(svg) ?? []
  if (head.includes('viewBox')) return block
  const { width, height } = pictureSize(block.picture)
  return { ...block, picture: { svg: svg.replace('<svg', `<svg viewBox="0 0 ${width} ${height}"`), alt } }
}
