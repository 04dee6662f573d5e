import { describe, expect, it } from 'vitest'
import type { Block, ReportDocument } from '../document.ts'
import { numberDocument } from '../numbering.ts'
import { firstSentence } from './sentence.ts'
import { type SlideOptions, slidesOf } from './slidesOf.ts'

const picture = { svg: '<svg width="300" height="120"/>', alt: 'curves' }
const paragraph = (text: string): Block => ({ kind: 'paragraph', text })
const rows = (count: number) => Array.from({ length: count }, (_, i) => [`row ${i}`, `${i}`])
const table = (count: number): Block => ({ kind: 'table', caption: 'Scores', columns: [], rows: rows(count) })
const of = (blocks: readonly Block[], rest: Partial<ReportDocument> = {}, options: SlideOptions = {}) =>
  slidesOf(
    numberDocument({ title: 'Rates', lead: [], sections: [{ title: 'Results', blocks }], ...rest }),
    options,
  ).slice(1)
const bullets = (...lines: readonly string[]): Block => ({
  kind: 'list',
  ordered: false,
  items: lines.map((line) => [paragraph(line)]),
})

describe('slides of a document', () => {
  it('begin with its title, at which its abstract is said; end with its references, and after them its appendix', () => {
    const slides = slidesOf(
      numberDocument({
        title: 'Rates',
        abstract: [
          { kind: 'text', text: 'We tried ' },
          { kind: 'citation', keys: ['a'] },
        ],
        lead: [paragraph('In short.')],
        sections: [{ title: 'Results', id: 'sec:results', blocks: [paragraph('It works.')] }],
        appendix: [{ title: 'All scores', blocks: [table(2)] }],
        references: [{ id: 'a', type: 'book', title: 'A', author: [] }],
      }),
    )
    expect(slides.map(({ layout, title, isBackup }) => [layout, title, isBackup])).toEqual([
      ['title', 'Rates', false],
      ['text', 'At a glance', false],
      ['text', 'Results', false],
      ['references', 'References', false],
      ['picture', 'All scores', true],
    ])
    expect(slides[0]?.notes).toHaveLength(1)
    expect(slides[4]?.label?.text).toBe('Table 1')
    expect(slides[2]?.anchor).toBe('sec:results')
  })

  it('show the first sentence of a paragraph, and say the whole', () => {
    const long = paragraph('Adam is best at 0.98. It stays so for e.g. larger batches.')
    expect(of([paragraph('We tried four.'), long])).toEqual([
      {
        ...{ layout: 'text', title: 'Results', anchor: 'section-1', isBackup: false, notes: [long] },
        blocks: [bullets('We tried four.', 'Adam is best at 0.98.')],
      },
    ])
  })

  it('give a figure room for itself, with the one sentence before it or after it, and its caption', () => {
    const figure: Block = { kind: 'figure', picture, caption: 'The loss. Bands are intervals.' }
    const [before, ...none] = of([paragraph('It falls.'), figure])
    expect(none).toEqual([])
    expect(before).toMatchObject({
      layout: 'picture',
      blocks: [bullets('It falls.'), { ...figure, caption: 'The loss.' }],
      notes: [paragraph('The loss. Bands are intervals.')],
    })
    expect(of([figure, paragraph('It falls.')]).map(({ blocks }) => blocks.map(({ kind }) => kind))).toEqual([
      ['figure', 'list'],
    ])
    const two = [paragraph('It falls.'), paragraph('It stays.'), figure]
    expect(of(two).map(({ layout }) => layout)).toEqual(['text', 'picture'])
  })

  it('split a table that is a little too long, and of a longer one say how many rows there are more', () => {
    const shown = (count: number) =>
      of([table(count)]).map(({ blocks: [block] }) =>
        block?.kind === 'table' ? [block.caption, block.rows.length] : undefined,
      )
    expect(shown(10)).toEqual([['Scores', 10]])
    expect(shown(15)).toEqual([
      ['Scores (1 of 2)', 8],
      ['Scores (2 of 2)', 7],
    ])
    expect(shown(24)).toEqual([['Scores (… 14 more rows)', 10]])
    const long: Block = {
      kind: 'facts',
      caption: 'Runs',
      facts: Array.from({ length: 9 }, () => ['a', 'b'.repeat(250)]),
    }
    expect(of([long])).toMatchObject([{ blocks: [{ caption: 'Runs (… 6 more rows)', facts: [{}, {}, {}] }] }])
  })

  it('spread long text evenly, no slide of it empty', () => {
    const slides = of(Array.from({ length: 20 }, (_, i) => paragraph(`Sentence ${i} is short.`)))
    const counts = slides.map(({ blocks: [list] }) => (list?.kind === 'list' ? list.items.length : 0))
    expect(counts.reduce((a, b) => a + b)).toBe(20)
    expect(Math.max(...counts)).toBeLessThanOrEqual(8)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(5)
  })

  it('break at headings down to the level that is asked for', () => {
    const blocks: Block[] = [
      { kind: 'heading', level: 1, title: 'Adam', id: 'sec:adam' },
      paragraph('One.'),
      { kind: 'heading', level: 2, title: 'Its rates' },
      paragraph('Two.'),
    ]
    const titles = (level?: 1 | 2 | 3) =>
      of(blocks, {}, level === undefined ? {} : { level }).map(({ title, section }) => [section, title])
    expect(titles(1)).toEqual([[undefined, 'Results']])
    expect(titles()).toEqual([['Results', 'Adam']])
    expect(titles(3)).toEqual([
      ['Results', 'Adam'],
      ['Results', 'Its rates'],
    ])
    expect(of(blocks)[0]?.anchor).toBe('sec:adam')
  })

  it("say the document's notes at the slide before them, and leave out links and what nobody wrote", () => {
    const own: Block = { kind: 'own', id: 'goals', prompt: 'What do you ask?', blocks: [] }
    const blocks: Block[] = [
      paragraph('It works.'),
      { kind: 'notes', blocks: [paragraph('Breathe.')] },
      { kind: 'links', caption: 'See', items: [{ text: 'a', detail: 'b' }] },
      own,
    ]
    expect(of(blocks)).toMatchObject([{ notes: [paragraph('Breathe.')], blocks: [bullets('It works.')] }])
    expect(of([own])).toEqual([])
    expect(of([own], { isDraft: true })).toMatchObject([{ layout: 'text' }])
  })
})

it('a first sentence keeps its formulas and its values', () => {
  const text = (words: string) => ({ kind: 'text', text: words }) as const
  const math = { kind: 'math', tex: 'p < 0.05' } as const
  expect(firstSentence([text('We saw '), math, text('. Then we slept.')])).toEqual([text('We saw '), math, text('.')])
  expect(firstSentence('No end')).toBe('No end')
  expect(firstSentence('Seeds. They are 0, 1 and 2. More.')).toBe('Seeds. They are 0, 1 and 2.')
})
