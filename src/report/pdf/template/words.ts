/** Lines: words with formulas, links and references. */
export const WORDS = String.raw`
#let ink = rgb("#0a4a7a")
#let anchored(anchor) = label("at-" + anchor)
#let to(anchor, body) = link(anchored(anchor), text(fill: ink, body))

#let formula(it, block: false, ..how) = math.equation(
  eval(it.typst, mode: "math").body,
  block: block,
  alt: it.tex,
  ..how,
)

#let words(content) = content.map(it => {
  if it.kind == "text" { it.text }
  else if it.kind == "strong" { strong(words(it.children)) }
  else if it.kind == "emphasis" { emph(words(it.children)) }
  else if it.kind == "code" { raw(it.text) }
  else if it.kind == "link" {
    if it.href == none { words(it.children) } else { link(it.href, text(fill: ink, words(it.children))) }
  }
  else if it.kind == "math" { formula(it) }
  else if it.kind == "citation" { [\[#it.works.map(work => to(work.anchor, work.text)).join[, ]\]] }
  else if it.kind == "crossReference" { to(it.anchor, it.text.replace(regex(" (\S+)$"), it => sym.space.nobreak + it.captures.at(0))) }
  else if it.kind == "break" { linebreak() }
}).join()
`
