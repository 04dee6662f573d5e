import { BLOCKS } from '../pdf/template/blocks.ts'
import { NOTES } from '../pdf/template/notes.ts'
import { WORDS } from '../pdf/template/words.ts'

const PAGE = `
#let given = json("document.json")
#let narrow = false
#let page-width = given.page.width - 2 * given.page.margin.x
#let sans = "Arimo"
#let grey = luma(35%)
`

const SLIDES = String.raw`
#set document(title: given.title, author: given.authors.map(it => it.name), date: datetime(..given.date))
#set page(
  width: given.page.width * 1pt,
  height: given.page.height * 1pt,
  margin: (x: given.page.margin.x * 1pt, y: given.page.margin.y * 1pt),
  footer: align(right, text(size: 12pt, fill: grey, context counter(page).display("1 / 1", both: true))),
  footer-descent: 35%,
)
#set text(font: sans, size: given.page.fontSize * 1pt, lang: given.lang)
#set par(leading: 0.6em, spacing: 0.8em)
#set list(spacing: 0.9em)
#set enum(spacing: 0.9em)
#set table(stroke: none, inset: (x: 0.4em, y: 0.36em))
#show heading: set text(size: 1em)
#show heading.where(level: 1): set text(size: 27pt)
#show heading: set block(above: 0.8em, below: 0.8em)
#show raw: set text(font: "DejaVu Sans Mono", size: 0.9em)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.caption: it => block(width: 100%, align(left, text(size: 15pt, fill: grey)[*#it.supplement~#it.counter.display(it.numbering).* #it.body]))
#set figure(gap: 8pt)

#let plain(blocks) = set-blocks(blocks, (floats: false, single: true))

// As large as there is room for, no larger than it was meant.
#let fit(body) = layout(room => {
  let share = 1.0
  let set-at(share) = text(size: share * 1em, body)
  let fits(share) = {
    let size = measure(block(width: room.width, set-at(share)))
    size.height <= room.height and measure(width: room.width, set-at(share)).width <= room.width + 0.5pt
  }
  while share > 0.4 and not fits(share) { share -= 0.05 }
  set-at(share)
})

#let captioned(it, kind, body) = figure(body, caption: words(it.caption), kind: kind,
  supplement: if kind == table [Table] else [Figure], numbering: (..) => it.number)

// What is left above or below a caption.
#let whole(it, body) = layout(room => {
  let words = measure(block(width: room.width, captioned(it, image, none))).height
  captioned(it, image, body(room.width, room.height - words - 4pt))
})

#let contained(it, width, height) = image(it.file, alt: it.alt, width: width, height: height, fit: "contain",
  scaling: if it.pixels { "pixelated" } else { auto })

#let tiles(items, width, height) = {
  let columns = calc.min(6, items.len())
  let rows = calc.ceil(items.len() / columns)
  grid(columns: (1fr,) * columns, rows: (height - (rows - 1) * 8pt) / rows, gutter: 8pt, align: center,
    ..items.map(it => grid(rows: (1fr, auto), gutter: 3pt, layout(room => contained(it.picture, room.width, room.height)),
      stack(spacing: 3pt, ..it.lines.map(line => text(size: 13pt, line))))))
}

#let place-here(anchor) = if anchor != none [#metadata(none) #anchored(anchor)]

#let visual(it) = {
  if it.kind == "figure" { whole(it, (width, height) => contained(it.picture, width, height)) }
  else if it.kind == "gallery" { whole(it, (width, height) => tiles(it.items, width, height)) }
  else if it.kind == "table" { fit(captioned(it, table, data-table(it))) }
  else if it.kind == "facts" { fit(captioned(it, table, fact-table(it.facts, false))) }
  else { fit(plain((it,))) }
}

// A list of one, which stands with a picture, needs no dot.
#let line(blocks, size) = {
  set list(marker: none, indent: 0pt, body-indent: 0pt)
  text(size: size, plain(blocks))
}

#let body(it) = {
  if it.layout == "picture" { grid(rows: (auto, 1fr, auto), row-gutter: 10pt,
    line(it.above, 19pt), { place-here(it.shown.anchor); visual(it.shown) }, text(fill: grey, line(it.below, 15pt))) }
  else if it.layout == "references" { fit(for it in given.references [#block(grid(columns: (2.2em, 1fr), it.number, words(it.words))) #anchored(it.anchor)]) }
  else { fit(plain(it.blocks)) }
}

#let author(it) = text(size: 17pt)[
  #strong(it.name)#if it.id != none [ (#it.id)]
  #if it.affiliation != none [ \ #it.affiliation]
  #if it.email != none [ \ #link("mailto:" + it.email, text(fill: ink, it.email))]
]

#let first(it) = align(horizon)[
  #show title: set text(size: 38pt)
  #title()
  #if given.subtitle != none { text(size: 22pt, fill: grey, given.subtitle) }
  #v(14pt)
  #if given.authors.len() > 0 { grid(columns: calc.min(3, given.authors.len()) * (auto,), column-gutter: 3em, row-gutter: 1em, align: top, ..given.authors.map(author)) }
  #for anchor in given.hidden { place-here(anchor) }
]

#let slide(it) = {
  if it.layout == "title" { first(it) } else {
    block(height: 100%, width: 100%, grid(rows: (auto, 1fr), row-gutter: 20pt, {
      if it.of != "" { text(size: 15pt, fill: grey, it.of); v(-6pt) }
      place-here(it.anchor)
      heading(level: 1, it.title)
    }, body(it)))
  }
  if it.notes.len() > 0 {
    pagebreak()
    fit(text(size: 17pt)[*Notes to “#it.title”* #plain(it.notes)])
  }
}

#for (i, it) in given.slides.enumerate() {
  if i > 0 { pagebreak() }
  slide(it)
}
`

/** How slides are set, in Typst's language. It reads them from `document.json`, as `toSlidesPdf.ts` writes it. */
export const SLIDES_TEMPLATE = [PAGE, WORDS, NOTES, BLOCKS, SLIDES].join('')
