import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf } from '../../testing/manifest.ts'
import { finishedManifest, writeRunFolder } from '../../testing/runFolder.ts'
import { run } from '../builders/index.ts'
import { renderHtml } from '../html.ts'
import { buildLoaded, buildReport, isReport, report } from './index.ts'

const root = mkdtempSync(join(tmpdir(), 'assay-source-'))
afterAll(() => rmSync(root, { recursive: true }))

const writeRun = (id: string, accuracy: number): string =>
  writeRunFolder(join(root, 'runs'), finishedManifest(id, { name: id }), [recordOf(2, 'test', 'accuracy', accuracy)])

beforeAll(() => {
  writeRun('one', 0.75)
  writeRun('two', 0.5)
  writeFileSync(join(root, 'works.bib'), '@book{prince, title={Deep Learning}, author={Prince, Simon}, year=2023}')
  writeFileSync(
    join(root, 'dot.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><rect width="4" height="4"/></svg>',
  )
})

const build = (body: string, front = 'title: T\n') => {
  const path = join(root, 'report.md')
  writeFileSync(path, `---\n${front}---\n${body}`)
  return buildReport(path)
}
const blocksOf = async (body: string, front?: string) => (await build(body, front)).document.lead

describe('front matter', () => {
  it('gives what stands above the text', async () => {
    const { document, front } = await build(
      '\n# A\n',
      `title: "T: a study"
subtitle: S
authors:
  - Ada Example
  - { name: Bob, affiliation: Rome, email: b@x.org, id: 123 }
abstract: |
  Reaches {{ run('one').test.accuracy }}.
date: 2026-11-22
lang: en
bibliography: works.bib
references:
  - { id: own, title: Own, author: "Doe, Jane", year: 2020 }
pages: 6
columns: 2
draft: true
`,
    )
    expect(document).toMatchObject({
      title: 'T: a study',
      subtitle: 'S',
      authors: [{ name: 'Ada Example' }, { name: 'Bob', affiliation: 'Rome', email: 'b@x.org', id: '123' }],
      abstract: [{ text: 'Reaches ' }, { kind: 'value', text: '75.00%' }, { text: '.' }],
      lang: 'en',
      isDraft: true,
      references: [
        { id: 'own', type: 'article-journal', author: [{ family: 'Doe', given: 'Jane' }] },
        { id: 'prince', type: 'book' },
      ],
    })
    expect(front).toMatchObject({ pages: 6, columns: 2, date: new Date('2026-11-22') })
  })

  it.each([
    ['title: T\npagse: 6\n', /report\.md:3: the front matter has no key "pagse"; did you mean "pages"/],
    ['pages: 6\n', /report\.md:2: the front matter has no title: add a line title: …/],
    ['title: T\nlang: english\n', /report\.md:3: lang is not as it has to be: .*BCP 47/],
    ['title: T\nlang: en\npages: many\n', /report\.md:4: pages is not as it has to be: .*number/],
    [
      'title: T\nauthors:\n  - name: A\n    mail: x\n',
      /report\.md:5: authors\.0 has no key "mail"; did you mean "email"/,
    ],
    ['title: T\n  bad: [\n', /report\.md:\d: the front matter is not YAML/],
    ['title: T\nbibliography: none.bib\n', /there is no bibliography .*none\.bib/],
  ])('refuses %j', async (front, message) => {
    await expect(build('', front)).rejects.toThrow(message)
  })

  it('must be there', async () => {
    writeFileSync(join(root, 'bare.md'), '# A\n')
    await expect(buildReport(join(root, 'bare.md'))).rejects.toThrow('bare.md:1: there is no front matter')
  })
})

describe('Markdown', () => {
  it('becomes sections, an appendix, and what stands before them', async () => {
    const { document } = await build(
      'Lead.\n\n# A {#sec:a}\n\n## B {#sec:b}\n\n### C\n\n# Appendix\n\nWords.\n\n## D\n\nMore.\n\n# E\n',
    )
    expect(document).toMatchObject({
      lead: [{ kind: 'paragraph', text: 'Lead.' }],
      sections: [
        {
          title: 'A',
          id: 'sec:a',
          blocks: [
            { kind: 'heading', level: 1, title: 'B', id: 'sec:b' },
            { kind: 'heading', level: 2, title: 'C' },
          ],
        },
      ],
      appendix: [
        { title: 'Supplement', blocks: [{ text: 'Words.' }] },
        { title: 'D', blocks: [{ text: 'More.' }] },
        { title: 'E', blocks: [] },
      ],
    })
  })

  it('has words of every kind in a line', async () => {
    const [block] = await blocksOf(
      '*a* **b** `c {{ 1 }}` $x_{{i}}$ [d](https://x.org) 16:9 e\\\nf @fig:x, [@fig:x] [@a; @b].\n\n{{ figure("dot.svg", { id: "fig:x" }) }}\n',
      'title: T\nreferences: [{ id: a, title: A }, { id: b, title: B }]\n',
    )
    expect(block).toEqual({
      kind: 'paragraph',
      text: [
        { kind: 'emphasis', children: [{ kind: 'text', text: 'a' }] },
        { kind: 'text', text: ' ' },
        { kind: 'strong', children: [{ kind: 'text', text: 'b' }] },
        { kind: 'text', text: ' ' },
        { kind: 'code', text: 'c {{ 1 }}' },
        { kind: 'text', text: ' ' },
        { kind: 'math', tex: 'x_{{i}}' },
        { kind: 'text', text: ' ' },
        { kind: 'link', href: 'https://x.org', children: [{ kind: 'text', text: 'd' }] },
        { kind: 'text', text: ' 16:9 e' },
        { kind: 'break' },
        { kind: 'text', text: 'f ' },
        { kind: 'crossReference', target: 'fig:x' },
        { kind: 'text', text: ', ' },
        { kind: 'crossReference', target: 'fig:x' },
        { kind: 'text', text: ' ' },
        { kind: 'citation', keys: ['a', 'b'] },
        { kind: 'text', text: '.' },
      ],
    })
  })

  it('has blocks of every kind', async () => {
    const blocks = await blocksOf(`
- one

  two
1. three

> quoted

\`\`\`ts
code {{ x }}
\`\`\`

$$
a * b
$$ {#eq:a}

$$ c $$ {#eq:b}

:::notes
Say {{ run('one').test.accuracy }}.
:::

:::warning
Mind.
:::

| a | b |
|---|--:|
| x | {{ run('two').test.accuracy }} |

Table: By hand {#tab:x}

![A *dot*](dot.svg){#fig:dot width=0.5}

<!-- own: goals "What for?" -->
For @eq:a.
<!-- /own -->

<!-- a comment -->
`)
    expect(blocks).toMatchObject([
      { kind: 'list', ordered: false, items: [[{ text: 'one' }, { text: 'two' }]] },
      { kind: 'list', ordered: true, items: [[{ text: 'three' }]] },
      { kind: 'quote', blocks: [{ text: 'quoted' }] },
      { kind: 'code', text: 'code {{ x }}', language: 'ts' },
      { kind: 'equation', tex: 'a * b', id: 'eq:a' },
      { kind: 'equation', tex: 'c', id: 'eq:b' },
      { kind: 'notes', blocks: [{ kind: 'paragraph' }] },
      { kind: 'notice', tone: 'warning', text: 'Mind.' },
      {
        kind: 'table',
        caption: 'By hand',
        id: 'tab:x',
        columns: [
          { title: 'a', kind: 'text' },
          { title: 'b', kind: 'number' },
        ],
        rows: [['x', [{ kind: 'value', text: '50.00%' }]]],
      },
      { kind: 'figure', id: 'fig:dot', width: 0.5, caption: 'A dot', picture: { alt: 'A dot' } },
      { kind: 'own', id: 'goals', prompt: 'What for?', blocks: [{ kind: 'paragraph' }] },
    ])
    expect(blocks).toHaveLength(11)
  })

  it.each([
    ['a\n\n<div>x</div>\n', /report\.md:6: raw HTML is not passed on.*<div>/],
    ['a <b>x</b>\n', /report\.md:4: raw HTML/],
    ['see @fig:none\n\n$$ x $$ {#eq:one}\n', /report\.md:4: @fig:none points at nothing.*eq:one/],
    ['[@nobody]\n', /report\.md:4: the bibliography has no key "nobody"/],
    ['$$ x $$ {#eq:a}\n\n$$ y $$ {#eq:a}\n', /report\.md:6: the id eq:a is given twice: line 4 has it too/],
    ['<!-- own: a -->\n\nwords\n', /report\.md:4: own words "a" do not end/],
    ['<!-- /own -->\n', /report\.md:4: .*nothing began/],
    [':::aside\nx\n:::\n', /report\.md:4: :::aside is not known/],
    ['#### Deep\n', /report\.md:4: "Deep" is a heading of level 4/],
    ["a\n\n{{ run('one',\n{ seed: 'x' }).lr }}\n\n<i>\n", /report\.md:6: \{\{ run\('one',/],
    ["{{ run('one').test.accuracy\n", /report\.md:4: an expression begins with \{\{/],
    ["text {{ figure('dot.svg') }}\n", /report\.md:4: .*paragraph of its own/],
    ['a[^1]\n\n[^1]: note\n', /report\.md:4: a footnote cannot be shown/],
    ['a\n\n---\n\nb\n', /report\.md:6: a line between parts/],
    ["{{ run('one', { name: 'one' }).id }}\n\n$$\nx\n$$ {#eq:a}\n\n<p>\n", /report\.md:10: raw HTML/],
  ])('refuses %j with its line', async (body, message) => {
    await expect(build(body)).rejects.toThrow(message)
  })

  it('takes stars in expressions for what they are', async () => {
    const [block] = await blocksOf('{{ 2 * 3 }} and {{ 4 * 5 }}, a {{ percent(0.5, 0) }} *x*\n')
    expect(block).toMatchObject({
      text: [
        { text: '6' },
        { text: ' and ' },
        { text: '20' },
        { text: ', a ' },
        { text: '50%' },
        {},
        { kind: 'emphasis' },
      ],
    })
  })
})

describe('numbers', () => {
  const body = "# Results\n\nOne has {{ run('one').test.accuracy }}, two {{ run('two').test.accuracy }}.\n"

  it('change with their run, and nothing else does', async () => {
    const before = renderHtml((await build(body)).document)
    writeRun('one', 0.8125)
    const after = renderHtml((await build(body)).document)
    writeRun('one', 0.75)
    expect(before).toContain('75.00%')
    expect(after).not.toContain('75.00%')
    expect(after.replaceAll('81.25%', '75.00%')).toBe(before)
  })

  it('are told with where they come from', async () => {
    const { used, records } = await build(body)
    expect(used).toMatchObject([
      { expression: "run('one').test.accuracy", text: '75.00%', runs: ['one'], line: 6 },
      { expression: "run('two').test.accuracy", text: '50.00%', runs: ['two'], line: 6 },
    ])
    expect(records.used().map(({ id }) => id)).toEqual(['one', 'two'])
  })
})

describe('report', () => {
  it('is the same write-up in TypeScript', async () => {
    const source = report({
      title: 'T',
      body: String.raw`
        # Results

        One has ${run('one').test.accuracy} at $\eta$.

            code
      `,
    })
    expect(isReport(source)).toBe(true)
    const { document } = await buildLoaded(source, join(root, 'report.ts'))
    expect(document).toMatchObject({
      title: 'T',
      sections: [
        {
          title: 'Results',
          blocks: [
            { text: [{ text: 'One has ' }, { text: '75.00%' }, { text: ' at ' }, { tex: '\\eta' }, { text: '.' }] },
            { kind: 'code', text: 'code' },
          ],
        },
      ],
    })
  })

  it('refuses what front matter has not', () => {
    // @ts-expect-error: a key that is not known
    expect(() => report({ titel: 'T', body: '' })).toThrow('report({ … })')
  })
})
