import { describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.ts'
import type { Block, Inline, ReportDocument } from '../document.ts'
import { renderHtml } from '../html.ts'

const text = (words: string): Inline => ({ kind: 'text', text: words })
const cite = (...keys: string[]): Inline => ({ kind: 'citation', keys })
const see = (target: string): Inline => ({ kind: 'crossReference', target })
const line = (...parts: Inline[]): Block => ({ kind: 'paragraph', text: parts })
const picture = { svg: '<svg width="400" height="300"></svg>', alt: 'curves' }
const value: Inline = {
  kind: 'value',
  text: '98.7%',
  expression: "run('a').test.accuracy",
  source: 'run a-s0: test accuracy',
}
const finding = { check: 'literal-number', severity: 'error', saw: 'SAW', why: 'WHY', mend: 'MEND' } as const
const own: Block = { kind: 'own', id: 'goals', prompt: 'Why <this>?', blocks: [] }
const document: ReportDocument = {
  title: 'T',
  authors: [{ name: 'Ada', id: '123', affiliation: 'Rome', email: 'ada@example.org' }],
  abstract: [text('We cite '), cite('b')],
  lead: [],
  sections: [
    {
      title: 'Method',
      id: 'sec:method',
      blocks: [
        line(cite('a', 'b'), see('fig:c'), see('eq:x'), see('sec:method'), see('app:more'), value, value),
        { kind: 'equation', tex: 'x^2', id: 'eq:x' },
        { kind: 'heading', level: 1, title: 'Sub' },
        { kind: 'list', ordered: true, items: [[line(text('one'))], [line(text('two')), line(text('three'))]] },
        { kind: 'quote', blocks: [line({ kind: 'math', tex: '\\alpha' })] },
        { kind: 'figure', id: 'fig:c', picture, caption: 'Curves', width: 0.6, findings: [finding] },
        own,
        { kind: 'notes', blocks: [line(text('SPOKEN'))] },
      ],
    },
  ],
  appendix: [{ title: 'More', id: 'app:more', blocks: [line(cite('a'))] }],
  references: ['a', 'b', 'c'].map((id) => ({ id, type: 'book', title: `Title ${id}`, author: [] })),
}
const html = renderHtml(document)
const draft = renderHtml({ ...document, isDraft: true, findings: [{ ...finding, severity: 'note', saw: 'WHOLE' }] })

describe('a write-up as a page', () => {
  it('links what it refers to, by number', () => {
    for (const part of [
      '<a href="#fig:c">Figure 1</a>',
      '<a href="#eq:x">Equation 1</a>',
      '<a href="#sec:method">Section 1</a>',
      '<a href="#app:more">Appendix A</a>',
      '<figure id="fig:c" class="shared" style="--share:60%">',
      '<strong class="label">Figure 1.</strong> Curves',
      '<h2 id="sec:method"><span class="no">1</span> Method</h2>',
      '<h3 id="section-1-1"><span class="no">1.1</span> Sub</h3>',
      '<h2 id="app:more"><span class="no">Appendix A.</span> More</h2>',
      '<span class="no">(1)</span>',
    ])
      expect(html).toContain(part)
    const ids = Array.from(html.matchAll(/ id="([^"]*)"/g), ([, id = '']) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, href = ''] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(href)
  })

  it('lists what is cited, in order, with links back to each place, before the appendix', () => {
    expect(html).toContain('We cite [<a id="citation-1-1" href="#reference-1" title="Title b">1</a>]')
    const list = html.slice(html.indexOf('<h2 id="references">'), html.indexOf('<h2 id="app:more">'))
    expect(list.match(/<li id="reference-\d">/g)).toHaveLength(2)
    expect(list).toMatch(
      /reference-1"><em>Title b<\/em>.*href="#citation-1-2"[\s\S]*reference-2"><em>Title a.*#citation-2-2"/,
    )
    expect(list).not.toContain('Title c')
  })

  it('sets formulas as MathML, with its style where there are any', () => {
    expect(html).toContain('<msup>')
    expect(html).toContain('math.tml-display')
    expect(html).not.toMatch(/@font-face|url\('(?!data:)/)
    expect(renderHtml({ title: 'T', lead: [], sections: [] })).not.toContain('tml-display')
    const bad: ReportDocument = { title: 'T', lead: [{ kind: 'equation', tex: '\\frac{1' }], sections: [] }
    expect(() => renderHtml(bad)).toThrow(UsageError)
    expect(() => renderHtml(bad)).toThrow('the formula "\\frac{1" is no LaTeX')
  })

  it('says where a value comes from, once for each expression', () => {
    expect(html).toContain('<a class="value" href="#value-1" title="run a-s0: test accuracy">98.7%</a>')
    expect(html.match(/<tr id="value-/g)).toHaveLength(1)
    expect(html).toContain('<code>run(&#39;a&#39;).test.accuracy</code>')
  })

  it('shows findings and missing words in drafts alone, and never what is said', () => {
    expect(draft).toContain('<p class="finding error">')
    for (const part of ['SAW', 'WHY', 'MEND', 'WHOLE', 'Why &lt;this&gt;?']) {
      expect(draft).toContain(part)
      expect(html).not.toContain(part)
    }
    expect(draft).not.toContain('SPOKEN')
  })

  it('names its authors, and its lists stand tight', () => {
    expect(html).toContain('<strong>Ada</strong> (123)<br>Rome<br><a href="mailto:ada@example.org">ada@example.org</a>')
    expect(html).toContain('<ol>\n<li>one</li>\n<li>two\n<p>three</p></li>\n</ol>')
    expect(html.match(/<h[1-6]/g)).toEqual(['<h1', '<h2', '<h2', '<h3', '<h2', '<h2'])
  })
})

describe('what comes from elsewhere', () => {
  const shown = (...blocks: Block[]): string => renderHtml({ title: 'T', lead: blocks, sections: [] })

  it('keeps the letters of a picture that are used by their names', () => {
    const svg =
      '<svg width="9" height="9"><defs><path id="a"/></defs><use xlink:href="#a"/><g clip-path="url(\'#a\')"/></svg>'
    const [, prefix] = /id="(\w+)-a"/.exec(shown({ kind: 'figure', picture: { svg, alt: 'x' }, caption: '' })) ?? []
    expect(prefix).toBeDefined()
    const page = shown({ kind: 'figure', picture: { svg, alt: 'x' }, caption: '' })
    expect(page).toContain(`xlink:href="#${prefix}-a"`)
    expect(page).toContain(`url('#${prefix}-a')`)
  })

  it('runs nothing that a picture or a link brings', () => {
    const svg =
      '<svg width="9" height="9" onload="alert(1)" onfocus="alert(6)"><script>alert(2)</script><a href="javascript:alert(3)"><text onclick=\'alert(4)\' x="1">a</text></a></svg>'
    const page = shown(
      { kind: 'figure', picture: { svg, alt: 'x' }, caption: '' },
      line({ kind: 'link', href: ' javascript:alert(5)', children: [text('here')] }),
    )
    expect(page).not.toMatch(/alert|javascript/)
    expect(page).toContain(' x="1">a</text>')
    expect(page).toContain('<p>here</p>')
  })
})
