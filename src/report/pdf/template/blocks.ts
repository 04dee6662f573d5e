/** Blocks: paragraphs, lists, tables, figures. */
export const BLOCKS = String.raw`
// On which page a thing is, and what of a page's text it takes, for whoever asks.
#let place-of(what, name: "", share: 0) = context [#metadata((title: what, name: name, page: here().page(), share: share)) <place>]

#let column-width = (page-width - (given.page.columns - 1) * given.page.gutter) / given.page.columns
#let page-area = page-width * (given.page.height - 2 * given.page.margin.y)

#let framed(body, it, kind, wide) = {
  let how = if wide { (placement: auto, scope: "parent") } else { (:) }
  let width = if wide { page-width } else { column-width }
  let measured = context {
    let height = measure(block(width: width * 1pt)[#body \ #words(it.caption)]).height.pt()
    place-of(it.called, name: it.name, share: height * width / page-area)
  }
  [#figure(
    [#body #measured #mark(it.findings)],
    caption: words(it.caption),
    kind: kind,
    supplement: if kind == table [Table] else [Figure],
    numbering: (..) => it.number,
    ..how,
  ) #anchored(it.anchor)]
}

#let picture(it) = image(it.file, alt: it.alt, width: it.width * 1pt, scaling: if it.pixels { "pixelated" } else { auto })

// What is a little too wide is set smaller, as long as it can be read; what is much too wide breaks its lines.
#let least = calc.min(1, 6.5 / (given.page.fontSize * 0.92))
#let fitting(body) = layout(room => {
  let share = room.width / measure(body).width
  if share >= 1 { body } else { text(size: calc.max(share * 0.99, least) * 1em, body) }
})

#let lines(last) = (x, y) => (
  top: if y <= 1 { 0.6pt } else { 0pt },
  bottom: if y == last { 0.6pt } else { 0pt },
)

#let cell(it, column) = if column.kind == "text" { words(it) } else { box(words(it)) }

#let data-table(it) = text(size: 0.92em, table(
  columns: it.columns.len(),
  align: (x, y) => if it.columns.at(x).kind == "number" { right } else { left },
  stroke: lines(it.rows.len()),
  table.header(..it.columns.map(column => strong(column.title))),
  ..it.rows.map(row => row.enumerate().map(((i, it-cell)) => {
    let body = cell(it-cell, it.columns.at(i))
    if i == 0 { strong(body) } else { body }
  })).flatten(),
))

// In one of two columns where it can be read there, else over both.
#let placed-table(it) = context {
  let wide = narrow and measure(data-table(it)).width.pt() * least > column-width
  framed(fitting(data-table(it)), it, table, wide)
}

#let fact-table(facts) = text(size: 0.92em, table(
  columns: if narrow { (38%, 62%) } else { (auto, 1fr) },
  align: left,
  stroke: lines(facts.len() - 1),
  ..facts.map(((name, value)) => (strong(name), words(value))).flatten(),
))

#let tile(it) = stack(
  spacing: 3pt,
  image(it.picture.file, alt: it.picture.alt, width: calc.min(62, it.picture.width) * 1pt, scaling: if it.picture.pixels { "pixelated" } else { auto }),
  ..it.lines.map(line => text(size: 0.75em, line)),
)

#let gallery(items) = grid(
  columns: range(calc.min(if narrow { 3 } else { 6 }, items.len())).map(_ => 1fr),
  gutter: 8pt,
  align: center + top,
  ..items.map(tile),
)

#let boxed(tone, body, dash: none) = block(
  width: 100%,
  inset: 6pt,
  stroke: if dash == none { (left: 2pt + tone) } else { (paint: tone, dash: dash, thickness: 1pt) },
  fill: tone.lighten(92%),
  par(justify: false, body),
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

// A formula that is too wide for its column is set smaller.
#let equation(it) = {
  let numbering = if it.number == "" { none } else { (..) => "(" + it.number + ")" }
  let set-at(size) = text(size: size, formula(it, block: true, numbering: numbering))
  let body = layout(room => {
    let width = measure(formula(it, block: true)).width.pt() + if it.number == "" { 0 } else { 50 }
    let share = room.width.pt() / width
    set-at(calc.clamp(share, 0.72, 1) * 1em)
  })
  if it.anchor == none { body } else { [#block(width: 100%, body) #anchored(it.anchor)] }
}

#let numbered-heading(it, level) = [#heading(level: level)[#if it.number != "" [#it.number#h(0.6em)]#it.title] #anchored(it.anchor)]

#let set-blocks(blocks) = for it in blocks {
  if it.kind not in ("table", "facts", "figure", "gallery") { mark(it.findings) }
  if it.kind == "paragraph" { par(words(it.text)) }
  else if it.kind == "heading" { numbered-heading(it, it.level + 1); place-of(it.title) }
  else if it.kind == "list" {
    let items = it.items.map(set-blocks)
    if it.ordered { enum(..items) } else { list(..items) }
  }
  else if it.kind == "quote" { quote(block: true, set-blocks(it.blocks)) }
  else if it.kind == "equation" { equation(it) }
  else if it.kind == "own" {
    if it.blocks.len() > 0 { set-blocks(it.blocks) } else { boxed(rgb("#b45309"), [*In your own words:* #it.prompt], dash: "dashed") }
  }
  else if it.kind == "notice" { boxed(if it.tone == "warning" { rgb("#b45309") } else { rgb("#2563a8") }, words(it.text)) }
  else if it.kind == "headline" { headline(it) }
  else if it.kind == "table" { placed-table(it) }
  else if it.kind == "facts" { framed(fact-table(it.facts), it, table, false) }
  else if it.kind == "figure" { framed(picture(it.picture), it, image, it.wide) }
  else if it.kind == "gallery" { framed(gallery(it.items), it, image, false) }
  else if it.kind == "links" { links(it) }
  else if it.kind == "code" { block(width: 100%, fill: luma(95%), inset: 6pt, raw(it.text, block: true)) }
}
`
