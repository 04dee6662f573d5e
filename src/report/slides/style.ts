import { COLORS } from '../html/style.ts'

/** Pixels of a slide, which is made as large as the screen. */
export const [WIDTH, HEIGHT] = [1280, 720]

/**
 * How slides look, beside reveal.js' own style: light or dark with the speaker's screen, plain on paper. Text on every background has a
 * contrast of at least 4.5 to 1.
 */
export const SLIDE_STYLE = `
${COLORS}
* { box-sizing: border-box; }
html, body, .reveal-viewport.reveal-viewport { margin: 0; height: 100%; background: var(--page); color: var(--ink); }
main { height: 100%; }
.reveal { font: 30px/1.4 system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; color: var(--ink); }
.reveal .slides { text-align: left; }
.reveal .slides > section { width: ${WIDTH}px; height: ${HEIGHT}px; padding: 44px 64px 52px; flex-direction: column; gap: 18px; }
.reveal .slides > section:not([hidden]), .measured .slides > section { display: flex !important; }
.reveal h1, .reveal h2, .reveal h3, .reveal h4, .reveal p, .reveal ul, .reveal ol, .reveal figure { margin: 0; }
.reveal h1, .reveal h2 { font-weight: 650; line-height: 1.2; letter-spacing: -0.01em; overflow-wrap: anywhere; }
.reveal h1 { font-size: 60px; }
.reveal h2 { font-size: 40px; }
.reveal h3, .reveal h4 { font-size: 1.05em; font-weight: 650; }
.reveal strong { font-weight: 650; }
.reveal em { font-style: italic; }
.reveal a { color: var(--accent); }
.of { color: var(--quiet); font-size: 22px; }
.body { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 0.6em; overflow: hidden; }
.body > :is(ul, ol) { display: flex; flex-direction: column; gap: 0.5em; padding-left: 1.1em; }
.reveal li > :is(ul, ol) { margin: 0.25em 0 0 1em; }
.text > .body { padding-top: 22px; font-size: 32px; }
.title { justify-content: center; }
.title .subtitle { color: var(--quiet); font-size: 32px; }
.authors { display: flex; flex-wrap: wrap; gap: 12px 56px; margin-top: 36px !important; padding: 0; list-style: none; font-size: 24px; line-height: 1.45; }
.picture > .body > ul { padding: 0; list-style: none; font-size: 26px; }
.picture > .body > * + ul { color: var(--quiet); font-size: 20px; }
.picture > .body > figure, .picture > .body > .scroll { flex: 1; min-height: 0; display: flex; flex-direction: column; gap: 0.4em; }
.card { flex: 1; min-height: 0; display: flex; align-items: center; justify-content: center; }
.card > svg { width: 100%; height: 100%; min-width: 0 !important; }
.card > img { width: 100%; height: 100%; object-fit: contain; }
.pixels { image-rendering: pixelated; }
figcaption, caption { color: var(--quiet); font-size: 20px; line-height: 1.35; text-align: left; }
.label { color: var(--ink); }
.gallery { flex: 1; min-height: 0; display: grid; grid-auto-rows: minmax(0, 1fr); gap: 14px; padding: 0; list-style: none; }
.gallery { grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); }
.gallery:has(> :nth-child(7):nth-last-child(-n + 2)) { grid-template-columns: repeat(4, 1fr); }
.gallery:has(> :nth-child(9):nth-last-child(-n + 2)) { grid-template-columns: repeat(5, 1fr); }
.gallery li { display: flex; flex-direction: column; align-items: center; min-height: 0; font-size: 18px; line-height: 1.3; text-align: center; }
.gallery :is(img, svg) { flex: 1; width: 100%; min-width: 0 !important; min-height: 0; object-fit: contain; }
.scroll { overflow: visible; }
table { border-collapse: collapse; width: 100%; font-size: 0.78em; line-height: 1.3; }
caption { padding-bottom: 10px; caption-side: top; }
th, td { padding: 0.28em 1em 0.28em 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); color: var(--quiet); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; }
.reveal thead .number { white-space: normal; }
.facts th { width: 34%; color: var(--quiet); font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody .word { white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
.notice { padding: 0.5em 0.8em; border-left: 6px solid var(--accent); background: var(--soft); }
.notice.warning { border-color: var(--warn-line); background: var(--warn); color: var(--warn-ink); }
.headline { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.6em; }
.headline strong { font-size: 2.6em; line-height: 1.1; color: var(--accent); font-variant-numeric: tabular-nums; }
.headline .detail { flex-basis: 100%; color: var(--quiet); font-size: 0.85em; }
.equation { display: flex; align-items: center; gap: 1em; font-size: 1.15em; }
.formula { flex: 1; overflow: visible; }
.equation .no { color: var(--quiet); font-size: 0.75em; }
.reveal pre { width: 100%; margin: 0; padding: 0.7em 0.9em; background: var(--soft); border: 1px solid var(--line); border-radius: 8px; box-shadow: none; font: 0.72em/1.45 ui-monospace, "SF Mono", Menlo, Consolas, monospace; white-space: pre-wrap; }
.references .body { font-size: 22px; }
.references ol { padding-left: 1.6em; overflow-wrap: anywhere; }
.reveal .slide-number { right: auto; left: 64px; bottom: 18px; padding: 0; background: none; color: var(--quiet); font: 18px/1 system-ui, sans-serif; }
.reveal .slide-number a { color: inherit; }
.reveal .controls { color: var(--accent); }
.reveal .progress { color: var(--accent); background: var(--line); }
.notes { display: none; }
.measured .slides { transform: none !important; }
@media print { @page { size: ${WIDTH}px ${HEIGHT}px; margin: 0; }
  html, body, main, .reveal, .reveal .slides { position: static !important; width: auto !important; height: auto !important; overflow: visible !important; transform: none !important; zoom: 1 !important; }
  .reveal .slides > section { display: flex !important; visibility: visible !important; opacity: 1 !important; position: relative !important; inset: 0 !important; transform: none !important; break-after: page; }
  .reveal .slides > section:last-child { break-after: auto; }
  .reveal > :not(.slides) { display: none !important; } }
`.trim()
