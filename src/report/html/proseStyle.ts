/** What write-ups have beside the pages of runs: authors, formulas, references, findings in the margin. */
export const PROSE_STYLE = `
:root { --error-ink: #8f1d1d; --error: #fdeeee; --error-line: #c93a3a; --note-ink: #1d4a78; --note: #edf4fb; --note-line: #4a86c5; }
@media screen and (prefers-color-scheme: dark) { :root { --error-ink: #ffb9b4; --error: #371818; --error-line: #b84a45;
  --note-ink: #b5d6f7; --note: #172838; --note-line: #4a7fb5; } }
h3 { margin: 1.75rem 0 0.5rem; font-size: 1.1rem; line-height: 1.3; }
h4 { margin: 1.25rem 0 0.4rem; font-size: 1rem; line-height: 1.3; }
.no { margin-right: 0.35em; font-variant-numeric: tabular-nums; }
.label { color: var(--ink); font-weight: 600; }
.authors { display: flex; flex-wrap: wrap; gap: 0.75rem 2.5rem; margin: 1rem 0; padding: 0; list-style: none; }
.abstract h2 { margin: 1.5rem 0 0.4rem; padding: 0; border: 0; font-size: 1.1rem; }
.abstract p { margin-top: 0; }
main :is(ol, ul):not([class]) { max-width: 70ch; padding-left: 1.6rem; }
main :is(ol, ul):not([class]) li { margin: 0.3rem 0; }
blockquote { max-width: 70ch; margin: 1rem 0; padding: 0.1rem 1rem; border-left: 4px solid var(--line); color: var(--quiet); }
code { font: 0.9em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
pre code { font: inherit; overflow-wrap: normal; }
.equation { display: flex; align-items: center; gap: 1rem; max-width: 70ch; margin: 1rem 0; }
.formula { flex: 1; min-width: 0; padding: 0.3rem 0; overflow-x: auto; overflow-y: hidden; text-align: center; }
.equation .no { margin: 0; }
figure.shared { width: min(100%, max(var(--share), 18rem)); margin-inline: auto; }
a.value { color: inherit; text-decoration: underline dotted var(--quiet) 1px; text-underline-offset: 0.2em; }
.references { padding-left: 2.2rem; font-size: 0.95rem; }
.references li { margin: 0.4rem 0; padding-left: 0.3rem; overflow-wrap: anywhere; }
.references li::marker { content: "[" counter(list-item) "] "; }
.sources { margin-top: 2.75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.sources summary { cursor: pointer; color: var(--quiet); }
:target { scroll-margin-top: 1rem; outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 3px; }
.own { padding: 0.8rem 1rem; border: 2px dashed var(--warn-line); border-radius: 6px; background: var(--warn); color: var(--warn-ink); }
.findings { margin: 0.6rem 0; font-size: 0.85rem; line-height: 1.45; }
.finding { max-width: none; margin: 0 0 0.5rem; padding: 0.5rem 0.75rem; border-left: 4px solid; border-radius: 0 4px 4px 0; overflow-wrap: anywhere; }
.finding.error { border-color: var(--error-line); background: var(--error); color: var(--error-ink); }
.finding.warning { border-color: var(--warn-line); background: var(--warn); color: var(--warn-ink); }
.finding.note { border-color: var(--note-line); background: var(--note); color: var(--note-ink); }
.finding em { display: block; }
@media (min-width: 1240px) { .draft main { max-width: 860px; margin-left: max(1.25rem, calc(50vw - 590px)); }
  .noted { display: grid; grid-template-columns: minmax(0, 1fr) 300px; gap: 20px; width: calc(100% + 320px); align-items: start; } }
@media print { .draft .noted { break-inside: avoid; } .sources, .back { display: none; } a { color: inherit; } a.value { text-decoration: none; }
  .appendix:first-of-type { break-before: page; } figure.shared { width: var(--share); } }
`.trim()
