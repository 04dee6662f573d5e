/** Blocks: paragraphs, lists, tables, figures. */
export const BLOCKS = String.raw`
// How blocks are set: whether figures may leave their place, whether there is one column, and whether they may go over several.
#let single = (floats: false, single: true, columns: false)
#let double = (floats: false, single: false, columns: true)

// On which page a thing is, and what of a page's text it takes, for whoever asks.
#let place-of(what, ..more) = context {
  let at = here().position()
  [#metadata((title: what, name: "", anchor: "", share: 0, height: 0, wide: false, ..more.named(), page: at.page, top: at.y.pt())) <place>]
}

#let column-width = (page-width - (given.page.columns - 1) * given.page.gutter) / given.page.columns
#let page-height = given.page.height - 2 * given.page.margin.y
#let page-area = page-width * page-height

// Figures, and tables that are not long, go to the top or the bottom of a page, so that words fill the rest: "Figure 2" leads to them.
#let framed(body, it, kind, mode, wide: false) = context {
  let wide = wide and mode.columns
  let width = if wide or mode.single { page-width } else { column-width }
  let height = measure(block(width: width * 1pt)[#body \ #words(it.caption)]).height.pt()
  let share = height * width / page-area
  let floats = (mode.floats or (wide and mode.columns)) and (kind == image or wide or height < page-height / 2)
  let how = if floats { (placement: auto, scope: if wide { "parent" } else { "column" }) } else { (:) }
  [#figure(
    [#place-of(it.called, name: it.name, anchor: it.anchor, share: share, height: if floats { height } else { 0 }, wide: wide) #body #mark(it.findings)],
    caption: words(it.caption),
    kind: kind,
    supplement: if kind == table [Table] else [Figure],
    numbering: (..) => it.number,
    ..how,
  ) #anchored(it.anchor)]
}

#let picture(it) = image(it.file, alt: it.alt, width: it.width * 1pt, height: it.height * 1pt, scaling: if it.pixels { "pixelated" } else { auto })

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

// In one of two columns where it can be read there, else over both; what is longer than a page as well has pages of one column.
#let placed-table(it, mode) = context {
  let body = data-table(it)
  let wide = not mode.single and (it.wide or measure(body).width.pt() * least > column-width)
  let long = wide and measure(block(width: page-width * 1pt, fitting(body))).height.pt() > 0.85 * page-height
  if long and mode.columns {
    set page(columns: 1)
    framed(fitting(body), it, table, single)
  } else { framed(fitting(body), it, table, mode, wide: wide) }
}

#let fact-table(facts, narrow) = text(size: 0.92em, table(
  columns: if narrow { (38%, 62%) } else { (auto, 1fr) },
  align: left,
  stroke: lines(facts.len() - 1),
  ..facts.map(((name, value)) => (strong(name), words(value))).flatten(),
))

#let tile(it) = stack(
  spacing: 3pt,
  picture(it.picture),
  ..it.lines.map(line => text(size: 0.75em, line)),
)

#let gallery(items, across) = grid(
  columns: range(across).map(_ => 1fr),
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

#let inside(mode) = (..mode, floats: false, columns: false)

#let set-blocks(blocks, mode) = for it in blocks {
  let narrow = not mode.single
  if it.kind not in ("table", "facts", "figure", "gallery") { mark(it.findings) }
  if it.kind == "paragraph" { par(words(it.text)) }
  else if it.kind == "heading" { numbered-heading(it, it.level + 1); place-of(it.title) }
  else if it.kind == "list" {
    let items = it.items.map(item => set-blocks(item, inside(mode)))
    if it.ordered { enum(..items) } else { list(..items) }
  }
  else if it.kind == "quote" { quote(block: true, set-blocks(it.blocks, inside(mode))) }
  else if it.kind == "equation" { equation(it) }
  else if it.kind == "own" {
    if it.blocks.len() > 0 { set-blocks(it.blocks, mode) } else { boxed(rgb("#b45309"), [*In your own words:* #it.prompt], dash: "dashed") }
  }
  else if it.kind == "notice" { boxed(if it.tone == "warning" { rgb("#b45309") } else { rgb("#2563a8") }, words(it.text)) }
  else if it.kind == "headline" { headline(it) }
  else if it.kind == "table" { placed-table(it, mode) }
  else if it.kind == "facts" { framed(fact-table(it.facts, narrow), it, table, mode, wide: it.wide) }
  else if it.kind == "figure" { framed(picture(it.picture), it, image, mode, wide: it.wide) }
  else if it.kind == "gallery" { framed(gallery(it.items, it.across), it, image, mode, wide: it.wide) }
  else if it.kind == "links" { links(it) }
  else if it.kind == "code" { block(width: 100%, fill: luma(95%), inset: 6pt, raw(it.text, block: true)) }
}
`
