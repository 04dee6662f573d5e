/** Findings of an audit in the margin of drafts. Each leaves a mark where it belongs; the page sets them beside, none over another. */
export const NOTES = String.raw`
#let severities = (
  error: (rgb("#8f1d1d"), rgb("#fdeeee"), "✕ Error"),
  warning: (rgb("#7a3300"), rgb("#fff3e6"), "▲ Warning"),
  note: (rgb("#1d4a78"), rgb("#edf4fb"), "● Note"),
)
#let note(it) = {
  let (color, back, word) = severities.at(it.severity)
  block(width: 100%, inset: 4pt, fill: back, stroke: (left: 2pt + color), text(size: 7pt, fill: color, font: sans, par(justify: false, leading: 0.45em)[
    *#word* #it.check \ #it.saw #it.why _#(it.mend)_
  ]))
}
#let mark(findings) = findings.map(it => [#metadata(it) <finding>]).join()
#let margin-notes(page) = context {
  let on = here().page()
  let x = (page.width + 4) * 1pt
  let down = page.margin.y * 0.5
  let rest = 0
  for mark in query(<finding>).filter(it => it.location().page() == on).sorted(key: it => it.location().position().y) {
    let body = block(width: (page.notes - 16) * 1pt, note(mark.value))
    let height = measure(body).height.pt()
    let y = calc.max(down, mark.location().position().y.pt())
    if y + height > page.height - 20 { y = down }
    if y + height > page.height - 20 { rest += 1 } else {
      place(top + left, dx: x, dy: y * 1pt, body)
      down = y + height + 4
    }
  }
  if rest > 0 { place(bottom + left, dx: x, dy: -6pt, text(size: 7pt)[and #rest more on this page: see the HTML]) }
}
`
