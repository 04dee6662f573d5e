import { BLOCKS } from './blocks.ts'
import { NOTES } from './notes.ts'
import { WORDS } from './words.ts'

/** Page, fonts, and what all of a document has in common. */
const PAGE = `
#let given = json("document.json")
#let narrow = given.page.columns > 1
#let page-width = given.page.width - 2 * given.page.margin.x
#let first-columns = given.parts.first().columns
#let sans = "Arimo"
#let grey = luma(35%)
`

const RULES = `
#set document(title: given.title, author: given.authors.map(it => it.name), date: datetime(..given.date))
#set page(
  width: (given.page.width + given.page.notes) * 1pt,
  height: given.page.height * 1pt,
  columns: first-columns,
  margin: (left: given.page.margin.x * 1pt, right: (given.page.margin.x + given.page.notes) * 1pt, y: given.page.margin.y * 1pt),
  numbering: "1 / 1",
  foreground: if given.page.notes > 0 { margin-notes(given.page) },
)
#set columns(gutter: given.page.gutter * 1pt)
#set text(font: "Libertinus Serif", size: given.page.fontSize * 1pt, lang: given.lang)
#set par(justify: true, leading: 0.6em, spacing: 0.9em)
#set table(stroke: none, inset: (x: 4pt, y: 3pt))
#show table: set par(justify: false)
#set figure(gap: 0.7em)
#show title: set text(font: sans, size: 1.25em)
#show title: set align(left)
#show heading: set text(font: sans, size: 1.05em)
#show heading: set block(above: 1.5em, below: 0.8em, sticky: true)
#show raw: set text(font: "DejaVu Sans Mono", size: 0.95em)
#show figure: set block(above: 1.4em, below: 1.4em)
#show figure.caption: set text(size: 0.9em)
#show figure.caption: set par(justify: false)
#show figure.caption: it => block(width: 100%, sticky: it.kind == table, align(left)[*#it.supplement~#it.counter.display(it.numbering).* #it.body])
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): set block(breakable: true)
`

const DOCUMENT = String.raw`
#let author(it) = {
  strong(it.name)
  if it.id != none [ (#it.id)]
  if it.affiliation != none [ \ #it.affiliation]
  if it.email != none [ \ #link("mailto:" + it.email, text(fill: ink, it.email))]
}

#place(top, scope: "parent", float: true, block(width: 100%, below: 1.4em)[
  #title()
  #if given.subtitle != none { text(fill: grey, given.subtitle) }
  #if given.authors.len() > 0 {
    set par(justify: false)
    grid(columns: calc.min(3, given.authors.len()) * (auto,), column-gutter: 3em, row-gutter: 1em, ..given.authors.map(author))
  }
  #mark(given.findings)
])

#if given.abstract != none { block(width: 100%, inset: if first-columns > 1 { 0pt } else { (x: 2em) })[*Abstract.* #words(given.abstract)] }

#let section-head(section) = {
  numbered-heading(section, 1)
  place-of(section.title)
}

// Figures float where there are words to fill the page; else headings would stand without them.
#let set-section(section, columns) = {
  if section.title != none { section-head(section) }
  let mode = if columns == 1 { single } else { double }
  set-blocks(section.blocks, (..mode, floats: section.floats))
}

#let references = if given.references.len() > 0 {
  heading[References]
  place-of("References")
  set text(size: 0.92em)
  set par(justify: false)
  for it in given.references [#block(grid(columns: (1.9em, 1fr), it.number, words(it.words))) #anchored(it.anchor)]
}

// Where what is counted ends: its page, and how far down.
#let end = context [#metadata((page: here().page(), down: (here().position().y.pt() - given.page.margin.y) / page-height)) <end>]

#let set-part(part, is-last) = {
  for section in part.sections { set-section(section, part.columns) }
  if is-last {
    place.flush()
    references
    end
  }
}

// Other columns begin another page.
#for (i, part) in given.parts.enumerate() {
  let is-last = i == given.parts.len() - 1
  if part.columns == first-columns { set-part(part, is-last) } else {
    set page(columns: part.columns)
    set-part(part, is-last)
  }
}

#if given.appendix.len() > 0 {
  // Begins a page. Its figures stand where they belong, because nobody counts its pages.
  set page(columns: 1)
  for section in given.appendix {
    section-head(section)
    set-blocks(section.blocks, single)
  }
}
`

/**
 * How a document is set, in Typst's language. It reads the document from `document.json`, as `typeset.ts` writes it: text comes in as data,
 * so that nothing in it can be taken for markup.
 */
export const TEMPLATE = [PAGE, WORDS, NOTES, BLOCKS, RULES, DOCUMENT].join('')
