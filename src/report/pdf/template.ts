/**
 * How a document is set, in Typst's language. It reads the document from `document.json`, as `typeset.ts` writes it: text comes in as data,
 * so that nothing in it can be taken for markup.
 */
export const TEMPLATE = String.raw`
#let given = json("document.json")
#let narrow = given.page.columns > 1
#let sans = "Arimo"
#let grey = luma(35%)
// Points: what is wider has words too small to read in one of two columns.
#let readable = 384

#set document(title: given.title, date: datetime(..given.date))
#set page(
  paper: given.page.paper,
  columns: given.page.columns,
  margin: (x: 2cm, y: 2.2cm),
  numbering: "1 / 1",
)
#set columns(gutter: 0.7cm)
#set text(font: "Libertinus Serif", size: given.page.fontSize * 1pt, lang: given.lang)
#set par(justify: true, leading: 0.6em, spacing: 0.9em)
#set table(stroke: none, inset: (x: 4pt, y: 3pt))
#show title: set text(font: sans, size: 1.25em)
#show title: set align(left)
#show heading: set text(font: sans, size: 1.05em)
#show raw: set text(font: "DejaVu Sans Mono", size: 0.95em)
#show figure: set block(above: 1.4em, below: 1.4em)
#show figure.caption: set text(size: 0.9em)
#show figure.caption: set par(justify: false)
#show figure.where(kind: table): set figure.caption(position: top)
#show figure.where(kind: table): set block(breakable: true)

// On which page a thing is, for whoever asks.
#let place-of(what) = context [#metadata((title: what, page: here().page())) <place>]

#let framed(body, caption, kind, supplement, wide) = {
  let how = if wide { (placement: auto, scope: "parent") } else { (:) }
  figure([#body #place-of(caption)], caption: caption, kind: kind, supplement: supplement, ..how)
}

// No larger than it is, and no larger than there is room.
#let picture(it, most: none) = layout(room => {
  let width = calc.min(room.width.pt(), it.width, 560 * it.width / it.height)
  if most != none { width = calc.min(width, most) }
  image(it.file, alt: it.alt, width: width * 1pt, scaling: if it.pixels { "pixelated" } else { auto })
})

// What is a little too wide is set smaller; what is much too wide breaks its lines.
#let fitting(body) = layout(room => {
  let share = room.width / measure(body).width
  if share >= 1 { body } else { text(size: calc.max(share, 0.68) * 1em, body) }
})

#let lines(last) = (x, y) => (
  top: if y <= 1 { 0.6pt } else { 0pt },
  bottom: if y == last { 0.6pt } else { 0pt },
)

#let data-table(it) = table(
  columns: it.columns.len(),
  align: (x, y) => if it.columns.at(x).number { right } else { left },
  stroke: lines(it.rows.len()),
  table.header(..it.columns.map(column => strong(column.title))),
  ..it.rows.map(row => row.enumerate().map(((i, cell)) => if i == 0 { strong(cell) } else { cell })).flatten(),
)

#let fact-table(facts) = table(
  columns: if narrow { (38%, 62%) } else { (auto, 1fr) },
  align: left,
  stroke: lines(facts.len() - 1),
  ..facts.map(((name, value)) => (strong(name), value)).flatten(),
)

#let tile(it) = stack(
  spacing: 3pt,
  picture(it.picture, most: 62),
  ..it.lines.map(line => text(size: 0.72em, line)),
)

#let gallery(items) = grid(
  columns: range(calc.min(if narrow { 3 } else { 6 }, items.len())).map(_ => 1fr),
  gutter: 8pt,
  align: center + top,
  ..items.map(tile),
)

#let notice(tone, words) = block(
  width: 100%,
  inset: 6pt,
  stroke: (left: 2pt + tone),
  fill: tone.lighten(92%),
  par(justify: false, words),
)

#let headline(it) = block(width: 100%)[
  #text(font: sans, size: 1.9em, weight: "bold", it.value) #h(0.3em) #it.label \
  #text(size: 0.9em, fill: grey, it.detail)
]

#let links(it) = {
  par(it.caption)
  list(..it.items.map(item => {
    if item.href == none { item.text } else { link(item.href, item.text) }
    [ ]
    item.detail
  }))
}

#let set-block(it) = {
  if it.kind == "paragraph" { par(it.text) }
  else if it.kind == "notice" { notice(if it.tone == "warning" { rgb("#b45309") } else { rgb("#2563a8") }, it.text) }
  else if it.kind == "headline" { headline(it) }
  else if it.kind == "table" { framed(fitting(data-table(it)), it.caption, table, [Table], narrow and it.columns.len() > 4) }
  else if it.kind == "facts" { framed(fact-table(it.facts), it.caption, table, [Table], false) }
  else if it.kind == "figure" { framed(picture(it.picture), it.caption, image, [Figure], narrow and it.picture.width > readable) }
  else if it.kind == "gallery" { framed(gallery(it.items), it.caption, image, [Figure], false) }
  else if it.kind == "links" { links(it) }
  else if it.kind == "code" { block(width: 100%, fill: luma(95%), inset: 6pt, raw(it.text, block: true)) }
}

#place(top, scope: "parent", float: true, block(width: 100%, below: 1.4em)[
  #title()
  #if given.subtitle != none { text(fill: grey, given.subtitle) }
])

#for it in given.lead { set-block(it) }
#for section in given.sections {
  heading(section.title)
  place-of(section.title)
  for it in section.blocks { set-block(it) }
}
`
