import type { Nodes, Root } from 'mdast'
import remarkGfm from 'remark-gfm'
import remarkMath from 'remark-math'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { describe, expect, it } from 'vitest'
import type { Block, Inline, ReportDocument } from '../document.ts'
import { toMarkdown } from './toMarkdown.ts'

const svg = '<svg width="300" height="120"/>'
const png = new Uint8Array([1, 2, 3])
const t = (text: string): Inline => ({ kind: 'text', text })
const parsed = (text: string): Root => unified().use(remarkParse).use(remarkGfm).use(remarkMath).parse(text)

/** Words as a reader gets them. */
function wordsOf(node: Nodes): string {
  if ('children' in node) return node.children.map(wordsOf).join('')
  return node.type === 'html' || !('value' in node) ? '' : node.value
}
const of = (blocks: readonly Block[], rest: Partial<ReportDocument> = {}): string =>
  toMarkdown({ title: 'T', lead: blocks, sections: [], ...rest }).text.replace(/^# T\n\n/, '')

describe('a document as Markdown', () => {
  it('means the same when it is read again, whatever its words look like', () => {
    const wild = [
      '1. not a list',
      '* nor this, __nor__ _that_',
      '# no heading',
      'costs $5 and $6',
      '<b>no tag</b> & [no](link) | no cell',
      '`no code` ~~no~~ \\ ![no](image)',
      '> no quote',
      '- no',
      'www.example.org a_b_c :::notes',
    ]
    const text = of(wild.map((words) => ({ kind: 'paragraph', text: words })))
    const { children } = parsed(text)
    expect(children.map(({ type }) => type)).toEqual(wild.map(() => 'paragraph'))
    expect(children.map(wordsOf)).toEqual(wild)
  })

  it('keeps cells of tables apart, and sets numbers to the right', () => {
    const text = of([
      {
        kind: 'table',
        id: 'tab:scores',
        caption: 'Scores | all',
        columns: [{ title: 'a|b' }, { title: 'n', kind: 'number' }],
        rows: [['x | y', [t('1'), { kind: 'break' }, { kind: 'math', tex: '|x|' }]]],
      },
    ])
    const [caption, table, ...none] = parsed(text).children
    expect(none).toEqual([])
    expect(caption && wordsOf(caption)).toBe('Table 1. Scores | all')
    expect(table).toMatchObject({ type: 'table', align: ['left', 'right'] })
    const cells = table?.type === 'table' ? table.children.map((row) => row.children.map(wordsOf)) : []
    expect(cells).toEqual([
      ['a|b', 'n'],
      ['x | y', '1\\vert x\\vert '],
    ])
  })

  it('has its pictures as files, each once, under the names of their figures', () => {
    const figure = (id: string): Block => ({ kind: 'figure', id, picture: { svg, alt: 'a "loss"' }, caption: 'Loss.' })
    const item = { picture: { png, alt: 'digit', width: 112 }, lines: ['is 3', 'was 5'] }
    const { text, files } = toMarkdown({
      ...{ title: 'T', sections: [] },
      lead: [figure('fig:loss'), figure('fig:again'), { kind: 'gallery', caption: 'Digits', items: [item] }],
    })
    expect([...files.keys()]).toEqual(['figures/loss.svg', 'figures/figure-3-1.png'])
    expect(files.get('figures/figure-3-1.png')).toEqual(png)
    expect(text).toContain('![a "loss"](figures/loss.svg)\n\n<a id="fig:loss"></a>**Figure 1.** Loss.')
    expect(text).toContain('<img src="figures/figure-3-1.png" alt="digit" width="112"><br>is 3<br>was 5')
  })

  it('numbers what is referred to, and links to it', () => {
    const text = of(
      [
        { kind: 'equation', id: 'eq:ce', tex: '-\\log p' },
        {
          kind: 'paragraph',
          text: [
            { kind: 'crossReference', target: 'eq:ce' },
            t(' with '),
            { kind: 'math', tex: '\\eta_1' },
            t(' '),
            { kind: 'citation', keys: ['b', 'a'] },
          ],
        },
      ],
      {
        references: [
          { id: 'a', type: 'book', title: 'A', author: [{ family: 'Ada' }] },
          { id: 'b', type: 'book', title: 'B', author: [] },
        ],
        appendix: [{ title: 'More', blocks: [] }],
      },
    )
    expect(text).toBe(
      `<a id="eq:ce"></a>

$$
-\\log p \\tag{1}
$$

[Equation 1](#eq:ce) with $\\eta_1$ [\\[1\\]](#reference-1), [\\[2\\]](#reference-2)

## References

1. <a id="reference-1"></a>_B_.
2. <a id="reference-2"></a>Ada, _A_.

## <a id="appendix-A"></a>A More
`,
    )
  })

  it('says notices as alerts, in drafts what is missing and what was found; notes never', () => {
    const findings = [
      { check: 'literal', severity: 'error', saw: 'It says 98.', why: 'No run has it.', mend: 'Use a reference.' },
    ] as const
    const blocks: Block[] = [
      { kind: 'notice', tone: 'warning', text: 'Careful.' },
      { kind: 'own', id: 'goals', prompt: 'What do you ask?', blocks: [] },
      { kind: 'notes', blocks: [{ kind: 'paragraph', text: 'Breathe.' }] },
      { kind: 'paragraph', text: '98', findings },
    ]
    expect(of(blocks)).toBe('> [!WARNING]\n> Careful.\n\n98\n')
    expect(of(blocks, { isDraft: true })).toBe(
      '> [!WARNING]\n> Careful.\n\n> [!TIP]\n> What do you ask?\n\n98\n\n> [!CAUTION]\n> **literal** It says 98. No run has it. Use a reference.\n',
    )
  })

  it('has authors, abstract, headings, lists, quotes, code, facts, headlines and links', () => {
    const p = (text: string): Block => ({ kind: 'paragraph', text })
    const text = toMarkdown({
      title: 'Rates',
      subtitle: 'Four cells',
      authors: [{ name: 'Ada Lovelace', affiliation: 'Assay', email: 'ada@example.org', id: '12' }],
      abstract: 'In short.',
      lead: [{ kind: 'headline', value: '98 %', label: 'accuracy', detail: 'three seeds' }],
      sections: [
        {
          title: 'Method',
          blocks: [
            { kind: 'heading', level: 1, title: 'Data' },
            { kind: 'list', ordered: true, items: [[p('one')], [p('two'), p('more')]] },
            { kind: 'quote', blocks: [p('said')] },
            { kind: 'code', language: 'ts', text: 'const a = 1' },
            { kind: 'facts', caption: 'Machine', facts: [['CPU', 'two']] },
            { kind: 'links', caption: 'See', items: [{ text: 'run', detail: 'its page', href: 'r.html' }] },
          ],
        },
      ],
    }).text
    expect(text).toBe(`# Rates

_Four cells_

**Ada Lovelace**, Assay, 12, <ada@example.org>

**Abstract.** In short.

**98 %** accuracy (three seeds)

## <a id="section-1"></a>Method

### <a id="section-1-1"></a>Data

1. one
2. two

   more

> said

\`\`\`ts
const a = 1
\`\`\`

<a id="table-1"></a>**Table 1.** Machine

|     |     |
| :-- | :-- |
| CPU | two |

See

- [run](r.html) its page
`)
  })
})
