import { DARK_COLORS, INK } from '../../figures/figure.ts'

/** Inks of figures in the dark: those of the page, and of data the ones that would not show. */
const DARK_FIGURES = [
  [INK.text, 'var(--ink)'],
  [INK.strong, 'var(--ink)'],
  [INK.line, 'var(--quiet)'],
  [INK.grid, 'var(--line)'],
  ...DARK_COLORS,
]
  .map(([from, to]) => `.card svg [fill="${from}"] { fill: ${to}; } .card svg [stroke="${from}"] { stroke: ${to}; }`)
  .join('\n')

/** Colours of pages and slides: variables, exchanged for dark screens and for paper, and with them the inks of figures. */
export const COLORS = `
:root { color-scheme: light dark; --ink: #1d2433; --quiet: #55607a; --page: #fff; --line: #d8dde7; --soft: #f4f6fa;
  --accent: #0a5c96; --warn-ink: #7a3300; --warn: #fff3e6; --warn-line: #e08a3c; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e4e8f0; --quiet: #a3adc2; --page: #14171f; --line: #343b4b;
  --soft: #1d222d; --accent: #7cc0f2; --warn-ink: #ffcf9e; --warn: #33230f; --warn-line: #b26a22; }
.card > svg > rect[fill="${INK.paper}"] { fill: none; }
.card svg [stroke="${INK.paper}"] { stroke: var(--page); }
${DARK_FIGURES} }
`.trim()

/**
 * The one style sheet of HTML reports.
 * On a narrow screen wide tables and figures scroll in their frames, so that their words stay legible. Text on every background has a contrast of at least 4.5 to 1 (WCAG 2.2 AA).
 */
export const STYLE_SHEET = `
${COLORS}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 2.75rem 0 0.75rem; padding-top: 1rem; border-top: 1px solid var(--line); font-size: 1.3rem; line-height: 1.3; }
p { margin: 0.6rem 0; max-width: 70ch; }
.subtitle { margin: 0.35rem 0 0; color: var(--quiet); overflow-wrap: anywhere; }
.headline { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.9rem; margin: 1.5rem 0 0.5rem; }
.headline strong { font-size: 3rem; line-height: 1.1; font-weight: 650; color: var(--accent); font-variant-numeric: tabular-nums; }
.headline .detail { flex-basis: 100%; color: var(--quiet); }
.notice { margin: 1rem 0; padding: 0.6rem 0.9rem; border-left: 4px solid var(--accent); background: var(--soft); border-radius: 0 4px 4px 0; max-width: none; }
.notice.warning { border-color: var(--warn-line); background: var(--warn); color: var(--warn-ink); }
.scroll { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; }
caption, figcaption { text-align: left; color: var(--quiet); font-size: 0.9rem; }
caption { padding-bottom: 0.4rem; }
caption span { display: block; position: sticky; left: 0; max-width: min(75ch, calc(100vw - 2.5rem)); }
th, td { padding: 0.32rem 1rem 0.32rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); color: var(--quiet); font-weight: 600; overflow-wrap: normal; vertical-align: bottom; }
tbody th { font-weight: 500; }
.facts th { width: min(15rem, 36vw); color: var(--quiet); font-weight: 400; }
.facts td { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
tbody .word { white-space: nowrap; overflow-wrap: normal; }
th:last-child, td:last-child { padding-right: 0; }
figure { margin: 1.25rem 0; }
figcaption { margin-top: 0.5rem; max-width: 75ch; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: 0.9rem; overflow-x: auto; }
.card > svg, .card > img { display: block; max-width: 100%; height: auto; margin: 0 auto; }
.pixels { image-rendering: pixelated; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(138px, 1fr)); gap: 0.75rem; margin: 0; padding: 0; list-style: none; }
.gallery li { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 0.6rem; text-align: center; font-size: 0.85rem; line-height: 1.4; break-inside: avoid; }
.gallery:has(svg) { grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
.gallery svg { display: block; min-width: 0 !important; width: 100%; height: auto; margin: 0 0 0.4rem; }
.gallery img { display: block; width: 112px; max-width: 100%; height: auto; margin: 0 auto 0.4rem; }
.gallery span { display: block; }
.gallery span + span { color: var(--quiet); }
.gallery span:first-of-type { font-weight: 600; }
a { color: var(--accent); }
.links { margin: 0.6rem 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.links li { padding: 0.2rem 0; border-bottom: 1px solid var(--line); }
.links span { color: var(--quiet); }
pre { margin: 0.75rem 0; padding: 0.75rem 0.9rem; background: var(--soft); border: 1px solid var(--line); border-radius: 6px; overflow-x: auto; font: 0.88rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
@media (max-width: 600px) { table:not(.facts) tbody :is(th, td):not(.number):not(:empty) { min-width: 6.5rem; } }
@media print { .card > svg { min-width: 0 !important; } main { max-width: none; padding: 0; } body { font-size: 10.5pt; } h2 { break-after: avoid; } figure, table, tr, .headline, .notice { break-inside: avoid; } caption { break-after: avoid; }
  .scroll, .card, pre { overflow: visible; } pre { white-space: pre-wrap; } .card { border: 0; padding: 0; } thead { display: table-header-group; } }
`.trim()
